//! The search in a process of its own: whatever becomes of that process, the app lives, keeps what was found, says where
//! it stopped, and claims nothing of the rest.
//!
//! Searches that must last do so at a repository of a kind that only the program `git` reads, with another program in
//! its place.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use pulse_keys_core::view::{
    AccountId, Friction, KeysRequest, SearchState, SearchTier, UsageReport, UsageRequest,
    UsageVerdict,
};
use rustix::process::{Pid, Signal, kill_process};
use sandbox::faults::InsertedKey;
use secrecy::ExposeSecret as _;
use serde_json::json;
use support::fake_git::{ENDLESS, FakeGit, is_alive};
use support::wait;

use crate::test_host::Searcher;
use crate::usage_home::{begin, keys, plant, put, search};
use crate::world::{World, request};

/// In the home folder of the test, read by every search of it.
pub(crate) fn git_of(world: &World, script: &str) -> FakeGit {
    let git = FakeGit::new(world.home(), world.folder(), script);
    world.host.searcher.lock().unwrap().path = Some(git.path());
    git
}

/// The process that searches for this test, by the home folder that it is named after.
pub(crate) fn searcher(world: &World) -> Option<Pid> {
    let home = world.home().as_os_str().as_bytes();
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let found = entries.filter_map(|entry| {
        let words = fs::read(entry.path().join("cmdline")).ok()?;
        let mut words = words.split(|byte| *byte == 0);
        let is_probe = words.next()?.ends_with(b"search-probe");
        (is_probe && words.next()? == home).then_some(())?;
        let id = entry.file_name().to_str()?.to_owned();
        is_alive(&id).then_some(())?;
        Pid::from_raw(id.parse().ok()?)
    });
    found.last()
}

/// Searches, and once git is at work and what was planted is found, does something to the process that searches.
async fn search_until(
    world: &World,
    account: AccountId,
    key: &InsertedKey,
    git: &FakeGit,
    places: u32,
    act: impl FnOnce(Pid) + Send,
) -> UsageReport {
    let request = UsageRequest {
        account,
        keys: keys(&[key.id]),
        tier: SearchTier::Folders,
    };
    let act = Mutex::new(Some(act));
    let search = world.app.usage_search(&request, |progress| {
        if progress.report.keys[0].places == places
            && git.has_begun()
            && let Some(act) = act.lock().unwrap().take()
        {
            act(searcher(world).unwrap());
        }
    });
    let report = search.await.unwrap().report;
    assert!(
        act.lock().unwrap().is_none(),
        "it ended by itself: {report:?}"
    );
    wait::until_true("the search has ended with all it started", || {
        searcher(world).is_none() && !git.is_running()
    });
    report
}

fn kill(process: Pid) {
    kill_process(process, Signal::KILL).unwrap();
}

#[tokio::test]
async fn killed_in_the_middle_it_keeps_what_was_found_and_says_where_it_stopped() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let git = git_of(&world, ENDLESS);
    let report = search_until(&world, account, &key, &git, 3, kill).await;
    assert_eq!(report.state, SearchState::BrokenOff);
    assert!(report.incomplete);
    assert_eq!(
        report.broke_off.as_deref().unwrap(),
        format!(
            "The search broke off while it was reading {}. What it found until then counts; the rest was not searched.",
            git.objects().display()
        )
    );
    assert_eq!(report.keys[0].verdict, UsageVerdict::Confirmed);
    assert_eq!(
        report.message,
        "Found in 3 places on this machine. The rest was not searched."
    );
    let request = request(account, key.id);
    let card = world.app.delete_card(&request).await.unwrap();
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert_eq!(card.usage.places, 3);
    let kept = world.app.usage_last(&request).await.unwrap().unwrap();
    assert_eq!(kept, report);
}

#[tokio::test]
async fn killed_before_it_found_anything_it_does_not_say_that_there_was_nothing() {
    let (world, account, key) = begin().await;
    let git = git_of(&world, ENDLESS);
    let report = search_until(&world, account, &key, &git, 0, kill).await;
    assert_eq!(report.state, SearchState::BrokenOff);
    assert_eq!(report.keys[0].verdict, UsageVerdict::NotSearched);
    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    for words in [&report.message, &report.keys[0].words, &card.usage.words] {
        assert!(!words.contains("Nothing found"), "{words}");
        assert!(words.contains("broke off"), "{words}");
    }
    let all = search(&world, account, &[], SearchTier::Named).await;
    assert_eq!(all.state, SearchState::Finished, "{all:?}");
}

#[tokio::test]
async fn what_needs_too_much_memory_ends_the_search_and_not_the_app() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let git = git_of(&world, ENDLESS);
    let when = git.begun().to_owned();
    world.host.searcher.lock().unwrap().memory = Some((300 << 20, when));
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    assert_eq!(report.state, SearchState::BrokenOff, "{report:?}");
    let told = report.broke_off.unwrap();
    assert!(
        told.starts_with("The search needed too much memory and broke off while it was reading"),
        "{told}"
    );
    assert!(told.contains("repository/.git/objects"), "{told}");
    assert_eq!(report.keys[0].places, 3);
    wait::until_true("what it started has ended too", || !git.is_running());
}

#[tokio::test]
async fn a_process_that_says_nothing_new_for_long_is_ended_and_reported() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let git = git_of(&world, ENDLESS);
    world.host.searcher.lock().unwrap().silence_timeout = Duration::from_secs(2);
    // On a busy machine it may have been ended for its silence already.
    let stop = |process| {
        let _ = kill_process(process, Signal::STOP);
    };
    let report = search_until(&world, account, &key, &git, 3, stop).await;
    assert_eq!(report.state, SearchState::BrokenOff);
    let told = report.broke_off.unwrap();
    assert!(
        told.starts_with("The search got no further and was ended while it was reading"),
        "{told}"
    );
    assert_eq!(report.keys[0].places, 3);
}

#[tokio::test]
async fn stopping_it_ends_its_process_even_when_that_does_not_listen() {
    for listens in [true, false] {
        let (world, account, key) = begin().await;
        plant(&world, &key);
        let git = git_of(&world, ENDLESS);
        let stop = |process| {
            if !listens {
                kill_process(process, Signal::STOP).unwrap();
            }
            world.app.usage_cancel(&KeysRequest {
                account,
                keys: keys(&[key.id]),
            });
        };
        let report = search_until(&world, account, &key, &git, 3, stop).await;
        assert_eq!(report.state, SearchState::Stopped);
        assert_eq!(report.broke_off, None);
        assert_eq!(report.keys[0].places, 3);
    }
}

#[tokio::test]
async fn a_process_that_does_not_start_is_reported_and_nothing_is_claimed() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    world.host.searcher.lock().unwrap().program = Some("/nowhere/search".into());
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    assert_eq!(report.state, SearchState::BrokenOff);
    assert_eq!(
        report.broke_off.as_deref(),
        Some("The search could not be started: this machine was not searched.")
    );
    assert_eq!(report.keys[0].verdict, UsageVerdict::NotSearched);
}

#[tokio::test]
async fn it_finds_what_a_search_in_this_process_finds() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    put(&world, "locked/a", "x");
    put(&world, "node_modules/a/package.json", "{}");
    let mut reports = Vec::new();
    for program in [Searcher::default().program, None] {
        world.host.searcher.lock().unwrap().program = program;
        let mut report = search(&world, account, &[key.id], SearchTier::Everything).await;
        report.milliseconds = 0;
        report.begun_at = report.ended_at.take().unwrap();
        reports.push(report);
    }
    let [there, here] = &mut reports[..] else {
        panic!("{reports:?}");
    };
    here.begun_at = there.begun_at;
    assert_eq!(there, here);
}

#[tokio::test]
async fn it_holds_no_credential_and_may_do_little() {
    let (world, account, key) = begin().await;
    let git = git_of(&world, ENDLESS);
    let credential = world.credential.expose_secret().to_owned();
    let (_, secret) = credential.split_once('|').unwrap();
    let secret = &secret[..24];
    let look = |process: Pid| {
        let folder = PathBuf::from(format!("/proc/{}", process.as_raw_nonzero()));
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        for name in ["cmdline", "environ"] {
            let text = read(name);
            assert!(!text.contains(secret), "{name}");
            // Which cargo sets for every test, and nobody for the search.
            assert!(!text.contains("CARGO_"), "{name}: {text}");
            assert!(!text.contains("DBUS_SESSION"), "{name}");
        }
        assert!(!memory_holds(&folder, secret.as_bytes()), "memory");
        let limits = read("limits");
        let limit = |name: &str| {
            let line = limits.lines().find(|line| line.starts_with(name));
            let words = line.unwrap()[name.len()..].split_whitespace();
            words.take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(limit("Max address space"), ["1073741824", "1073741824"]);
        assert_eq!(limit("Max core file size"), ["0", "0"]);
        let status = read("status");
        assert!(status.contains("NoNewPrivs:\t1"), "{status}");
        // A filter of system calls: 2 in proc(5).
        assert!(status.contains("Seccomp:\t2"), "{status}");
        let stat = read("stat");
        let (_, rest) = stat.rsplit_once(") ").unwrap();
        // Field 19 of proc(5), counted after the program's name.
        let niceness: i32 = rest.split(' ').nth(16).unwrap().parse().unwrap();
        assert!(niceness >= 10, "{niceness}");
        kill(process);
    };
    search_until(&world, account, &key, &git, 0, look).await;
}

/// Whether the memory of a process holds this, as far as the system lets anybody look.
fn memory_holds(folder: &Path, wanted: &[u8]) -> bool {
    let Ok(mut memory) = fs::File::open(folder.join("mem")) else {
        return false;
    };
    let Ok(maps) = fs::read_to_string(folder.join("maps")) else {
        return false;
    };
    let writable = maps.lines().filter(|line| line.contains(" rw"));
    let mut has_looked = false;
    for line in writable {
        let range = line.split(' ').next().unwrap();
        let (from, until) = range.split_once('-').unwrap();
        let at = |digits| u64::from_str_radix(digits, 16).unwrap();
        let (from, until) = (at(from), at(until));
        let mut part = vec![0; usize::try_from(until - from).unwrap()];
        memory.seek(SeekFrom::Start(from)).unwrap();
        if memory.read_exact(&mut part).is_ok() {
            has_looked = true;
            if part.windows(wanted.len()).any(|part| part == wanted) {
                return true;
            }
        }
    }
    assert!(has_looked, "there is memory to look at: {maps}");
    false
}

#[test]
fn it_ends_when_the_app_does() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let git = FakeGit::new(&home, folder.path(), ENDLESS);
    let mut search = Command::new(env!("CARGO_BIN_EXE_search-probe"))
        .arg(&home)
        .env("PATH", git.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let wanted = json!({
        "keys": [],
        "tier": "folders",
        "roots": [{ "Unix": home.as_os_str().as_bytes() }],
        "excluded": [],
        "machine": { "processes": null, "system": false },
        "unlisted": false,
    });
    let mut input = search.stdin.take().unwrap();
    writeln!(input, "{wanted}").unwrap();
    wait::until_true("the search is under way", || git.has_begun());
    // All that is left of an app that was killed.
    drop(input);
    wait::until_true("it has ended", || search.try_wait().unwrap().is_some());
    wait::until_true("and so has what it started", || !git.is_running());
}
