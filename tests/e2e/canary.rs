//! Where a fresh token is found while the app runs: one that was revealed, and one that nobody looked at.
//!
//! Searched are all files of the private desktop, what its processes have open, their arguments and environments, and
//! their memory, for the 40 random characters of each token, as bytes and as UTF-16. The tokens themselves are read
//! over libsecret's encrypted session and never sent into the page, so that what is found is the app's own doing.
//! Counted and printed, not asserted, is what the web engine still holds of a token that it once had to show. Left
//! out: registers, swapped-out pages and the kernel's own buffers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use support::driver::App;
use support::processes::Process;
use support::scene::{Scene, body_of, choose, create, key_of, leave_for_later};

use crate::place::{FILES, plant};

/// Where a token in custody may be: the backend, which brings it there, and the keychain.
const MAY_HOLD: [&str; 2] = ["pulse-keys", "gnome-keyring-daemon"];

/// Bytes in a page of memory, bytes in its entry in `/proc/PID/pagemap`, and entries that are read in one go.
const PAGE: u64 = 4096;
const ENTRY: usize = 8;
const ENTRIES: usize = 1 << 16;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_only_where_it_has_to_be() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    create(&app, "Looked at").await;
    let [seen] = tokens(&scene).try_into().unwrap();
    app.press("button", "Reveal").await;
    app.find_by_role("button", "Hide").await;
    app.press("button", "Hide").await;
    app.find_by_role("button", "Reveal").await;
    app.press("button", "Keep in keychain").await;
    app.wait_until_gone("[role=dialog]").await;
    create(&app, "Never looked at").await;
    leave_for_later(&app).await;
    let mut others = tokens(&scene);
    others.retain(|token| token.expose_secret() != seen.expose_secret());
    let [unseen] = others.try_into().unwrap();

    for token in [&seen, &unseen] {
        let found = in_files(&scene, body_of(token));
        assert_eq!(found, BTreeSet::new(), "files, arguments, environments");
    }
    let of_unseen = in_memory(&scene, body_of(&unseen));
    let of_seen = in_memory(&scene, body_of(&seen));
    let searched: BTreeSet<String> = processes(&scene).map(|process| name_of(&process)).collect();
    say(&format!("copies of a token in the memory of {searched:?}:"));
    say(&format!("  never revealed   {of_unseen:?}"));
    say(&format!("  once revealed    {of_seen:?}"));
    for holder in of_unseen.keys() {
        assert!(MAY_HOLD.contains(&holder.as_str()), "{of_unseen:?}");
    }
    assert!(
        of_unseen.contains_key("gnome-keyring-daemon"),
        "the search finds what is there: {of_unseen:?}"
    );

    for token in [&seen, &unseen] {
        assert!(!is_in_page(&app, body_of(token)).await);
    }
    // While it is shown it is found: the search of the page is worth something.
    app.type_into("Search keys", "Looked at").await;
    choose(&app, key_of(&seen), "token").await;
    app.press("button", "Reveal").await;
    app.find_by_role("button", "Hide").await;
    assert!(is_in_page(&app, body_of(&seen)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_put_in_place_is_there_in_the_keychain_and_nowhere_else() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    choose(&app, key.id, "rotate").await;
    app.wait_for_text("0 of 3 files ticked").await;
    app.press("button", "Tick all 3").await;
    app.click("[role=dialog] input[type=radio]").await;
    app.press("button", "Rotate key, write 3 files…").await;
    app.native().press_in_dialog("Rotate key, write 3 files");
    app.wait_for_text("The new token is in 3 files").await;

    let [new] = tokens(&scene).try_into().unwrap();
    let path = |file: &str| scene.desktop.home().join(file).display().to_string();
    let [(env, _), (manifest, _), (settings, _)] = FILES;
    let written = BTreeSet::from([path(env), path(settings)]);
    assert_eq!(in_files(&scene, body_of(&new)), written);
    // Its manifest has it in base64, and nothing else has.
    let encoded = STANDARD.encode(new.expose_secret());
    assert_eq!(in_files(&scene, &encoded), BTreeSet::from([path(manifest)]));
    assert!(!is_in_page(&app, body_of(&new)).await);
}

/// The running processes of the desktop.
fn processes(scene: &Scene) -> impl Iterator<Item = Process> {
    Process::with_home(&scene.desktop.home()).into_iter()
}

fn name_of(process: &Process) -> String {
    let name = process.program.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The fresh tokens, read so that no other process gets to see them.
fn tokens(scene: &Scene) -> Vec<SecretString> {
    let mut command = scene.desktop.command("secret-tool");
    command.args(["search", "--all", "--unlock", "service", vault::SERVICE]);
    let output = scene.desktop.output_of(&mut command);
    let secrets = output
        .lines()
        .filter_map(|line| line.strip_prefix("secret = "));
    let fresh = secrets.filter(|secret| *secret != scene.credential.expose_secret());
    fresh.map(SecretString::from).collect()
}

/// Which files hold it, arguments and environments of processes and what they have open among them.
fn in_files(scene: &Scene, body: &str) -> BTreeSet<String> {
    let mut files = scene.desktop.files();
    for Process { pid, .. } in processes(scene) {
        let process = Path::new("/proc").join(pid.to_string());
        files.extend(["cmdline", "environ"].map(|file| process.join(file)));
        let open = fs::read_dir(process.join("fd")).into_iter().flatten();
        files.extend(open.filter_map(|entry| {
            let path = entry.ok()?.path();
            fs::metadata(&path).ok()?.is_file().then_some(path)
        }));
    }
    let mut found = BTreeSet::new();
    for file in files {
        // Processes end and files go while they are looked at.
        let bytes = fs::read(&file).unwrap_or_default();
        if count(&bytes, body) > 0 {
            found.insert(file.display().to_string());
        }
    }
    found
}

/// How often it is in the memory of the desktop's processes, by their programs.
fn in_memory(scene: &Scene, body: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for process in processes(scene) {
        let copies = in_memory_of(process.pid, body).unwrap_or_default();
        if copies > 0 {
            *found.entry(name_of(&process)).or_default() += copies;
        }
    }
    found
}

fn in_memory_of(pid: i32, body: &str) -> std::io::Result<usize> {
    let memory = File::open(format!("/proc/{pid}/mem"))?;
    let pages = File::open(format!("/proc/{pid}/pagemap"))?;
    let mut copies = 0;
    for (start, end) in readable(&fs::read_to_string(format!("/proc/{pid}/maps"))?) {
        for (start, end) in resident(&pages, start, end) {
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            // What was given back meanwhile cannot be read, and holds nothing.
            let read = memory.read_at(&mut bytes, start).unwrap_or_default();
            copies += count(&bytes[..read], body);
        }
    }
    Ok(copies)
}

/// The ranges of addresses that may be read, from `/proc/PID/maps`.
fn readable(maps: &str) -> Vec<(u64, u64)> {
    let ranges = maps.lines().filter_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let parse = |text| u64::from_str_radix(text, 16).ok();
        rest.starts_with('r')
            .then(|| parse(start).zip(parse(end)))?
    });
    ranges.collect()
}

/// The parts of a range that are in memory, neighbours together: the web engine reserves ranges of many gigabytes.
fn resident(pages: &File, start: u64, end: u64) -> Vec<(u64, u64)> {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    let mut entries = vec![0; ENTRIES * ENTRY];
    let absent = vec![0; ENTRIES * ENTRY];
    let (mut page, last) = (start / PAGE, end / PAGE);
    while page < last {
        let at = page * ENTRY as u64;
        let read = pages.read_at(&mut entries, at).unwrap_or_default() / ENTRY * ENTRY;
        if read == 0 {
            break;
        }
        if entries[..read] != absent[..read] {
            for (entry, page) in entries[..read].chunks_exact(ENTRY).zip(page..last) {
                // The topmost bit says that the page is there; the file is little-endian.
                if entry[ENTRY - 1] & 0x80 != 0 {
                    let (start, end) = (page * PAGE, (page + 1) * PAGE);
                    match parts.last_mut() {
                        Some(before) if before.1 == start => before.1 = end,
                        _ => parts.push((start, end)),
                    }
                }
            }
        }
        page += (read / ENTRY) as u64;
    }
    parts
}

/// How often the text is in the bytes, as it is or as UTF-16.
fn count(bytes: &[u8], text: &str) -> usize {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    occurrences(bytes, text.as_bytes()) + occurrences(bytes, &wide)
}

/// After Horspool: hundreds of megabytes are searched by a build without optimisations.
fn occurrences(bytes: &[u8], wanted: &[u8]) -> usize {
    let mut skip = [wanted.len(); 256];
    for (place, &byte) in wanted[..wanted.len() - 1].iter().enumerate() {
        skip[usize::from(byte)] = wanted.len() - 1 - place;
    }
    let mut found = 0;
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + wanted.len()) {
        if window == wanted {
            found += 1;
        }
        at += skip[usize::from(window[wanted.len() - 1])];
    }
    found
}

/// Whether the page can reach it: in its document, or in anything that hangs on the window, React's state included.
/// Closures and weak references cannot be looked into.
pub(crate) async fn is_in_page(app: &App<'_>, body: &str) -> bool {
    let source = app.page().source().await.unwrap();
    let script = "
        const wanted = arguments[0];
        const seen = new Set();
        const waiting = [window, document];
        const holds = (value) => typeof value === 'string' && value.includes(wanted);
        const add = (value) => {
            const isThing = (typeof value === 'object' && value !== null) || typeof value === 'function';
            if (!isThing || seen.has(value)) return;
            seen.add(value);
            waiting.push(value);
        };
        document.querySelectorAll('*').forEach(add);
        while (waiting.length > 0) {
            const thing = waiting.pop();
            if (thing instanceof Map || thing instanceof Set) {
                for (const entry of thing instanceof Map ? [...thing].flat() : thing) {
                    if (holds(entry)) return { found: true, seen: seen.size };
                    add(entry);
                }
            }
            for (const key of Reflect.ownKeys(thing)) {
                if (typeof key === 'string' && holds(key)) return { found: true, seen: seen.size };
                let value;
                try { value = thing[key]; } catch { continue; }
                if (holds(value)) return { found: true, seen: seen.size };
                add(value);
            }
        }
        return { found: false, seen: seen.size };";
    let walked = app.page().execute(script, vec![json!(body)]).await.unwrap();
    let things = walked["seen"].as_u64().unwrap_or_default();
    // React's tree hangs on the document: fewer would mean that it was not found.
    let found = walked["found"] == json!(true);
    assert!(found || things > 5_000, "{walked}");
    found || source.contains(body)
}

/// Past the test's captured output: these figures are wanted of a test that passes, too.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
