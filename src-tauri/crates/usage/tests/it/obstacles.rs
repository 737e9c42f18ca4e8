//! What must not stop, crash or be changed by a search.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};
use std::{os::unix::fs::MetadataExt, thread};

use sha2::{Digest, Sha256};
use usage::{Level, Reason, Tier};

use crate::corpus::{decoys, plant};
use crate::packing::gzip;
use crate::support::{Token, run, scan};

fn count(summary: &usage::Summary, reason: Reason) -> u64 {
    let skipped = summary
        .skipped
        .iter()
        .filter(|skipped| skipped.reason == reason);
    skipped.map(|skipped| skipped.count).sum()
}

/// Fails when a search stalls, instead of waiting with it.
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, waiting) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    waiting.recv_timeout(Duration::from_secs(60)).unwrap()
}

#[test]
fn pipes_sockets_loops_and_links_stop_nothing() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    let made = Command::new("mkfifo")
        .arg(home.join("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(home.join("socket")).unwrap();
    fs::create_dir(home.join("a")).unwrap();
    symlink("..", home.join("a/loop")).unwrap();
    symlink("self", home.join("self")).unwrap();
    symlink("/nowhere/at/all", home.join("broken")).unwrap();
    symlink("/dev/zero", home.join("zero")).unwrap();
    fs::write(
        elsewhere.path().join("rc"),
        format!("K={}\n", token.whole()),
    )
    .unwrap();
    symlink(elsewhere.path().join("rc"), home.join(".pulserc")).unwrap();
    symlink(elsewhere.path(), home.join("folder")).unwrap();
    fs::write(home.join("a/x"), format!("K={}\n", token.whole())).unwrap();
    let keys = [token.search_key()];
    let (findings, summary) = soon({
        let home = home.clone();
        move || run(scan(&keys, &home).tier(Tier::Everything))
    });
    let mut paths: Vec<_> = findings
        .iter()
        .map(|finding| finding.path.strip_prefix(&home).unwrap())
        .collect();
    paths.sort();
    assert_eq!(paths, [Path::new(".pulserc"), Path::new("a/x")]);
    assert_eq!(count(&summary, Reason::Special), 2);
    assert_eq!(count(&summary, Reason::Link), 1);
    assert!(!summary.stopped);
}

#[test]
fn a_sparse_file_of_a_terabyte_costs_what_is_stored() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    let path = home.path().join("disk.img");
    let file = fs::File::create(&path).unwrap();
    file.set_len(1 << 40).unwrap();
    let text = format!("K={}\n", token.whole());
    std::os::unix::fs::FileExt::write_at(&file, text.as_bytes(), 700 << 30).unwrap();
    drop(file);
    let keys = [token.search_key()];
    let root = home.path().to_owned();
    let (findings, summary) = soon(move || run(scan(&keys, &root)));
    if cfg!(target_os = "linux") {
        assert_eq!(findings.len(), 1, "{summary:?}");
        assert_eq!(findings[0].variable.as_deref(), Some("K"));
    }
}

#[test]
fn files_that_change_or_go_away_under_the_search_are_survived() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    let root = home.path().to_owned();
    fs::write(root.join("keep"), token.whole()).unwrap();
    let (stop, stopped) = mpsc::channel::<()>();
    let churn = thread::spawn({
        let root = root.clone();
        move || {
            let mut round = 0_u32;
            while stopped.try_recv().is_err() {
                let path = root.join(format!("f{}", round % 50));
                match round % 4 {
                    0 => drop(fs::remove_file(path)),
                    1 => drop(fs::File::create(path).and_then(|file| file.set_len(900_000))),
                    2 => drop(fs::write(path, "x".repeat(700_000))),
                    _ => drop(fs::create_dir(root.join(format!("d{}", round % 50)))),
                }
                round += 1;
            }
        }
    });
    for _ in 0..10 {
        let (findings, summary) = run(scan(&[token.search_key()], &root));
        assert!(
            findings
                .iter()
                .any(|finding| finding.level == Level::ThisKey)
        );
        assert!(!summary.stopped);
    }
    stop.send(()).unwrap();
    churn.join().unwrap();
}

#[test]
fn bombs_are_cut_and_counted() {
    let home = tempfile::tempdir().unwrap();
    let layer = gzip(&vec![0; 2 << 20]);
    let ten = (0..9).fold(layer.clone(), |inner, _| gzip(&inner));
    fs::write(home.path().join("ten.gz"), ten).unwrap();
    fs::write(home.path().join("broken.gz"), &layer[..layer.len() / 2]).unwrap();
    fs::write(home.path().join("not.zip"), b"PK\x03\x04 and nothing more").unwrap();
    let token = Token::new(7);
    let (_, summary) = run(scan(&[token.search_key()], home.path()).tier(Tier::Everything));
    assert_eq!(count(&summary, Reason::ArchiveCut), 3);
}

#[test]
fn what_is_left_out_is_counted() {
    let home = tempfile::tempdir().unwrap();
    let at = |path: &str| {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    };
    fs::write(at("web/package.json"), "{}").unwrap();
    fs::write(at("web/node_modules/x/index.js"), "x").unwrap();
    fs::write(
        at("rust/target/CACHEDIR.TAG"),
        "Signature: 8a477f597d28d172789f06886806bc55",
    )
    .unwrap();
    fs::write(at("secret/vault.yml"), "$ANSIBLE_VAULT;1.1;AES256\n00").unwrap();
    fs::write(at("private/x"), "x").unwrap();
    fs::write(at("logs/old.rar"), b"Rar!\x1a\x07\x01\x00").unwrap();
    let token = Token::new(7);
    let missing = home.path().join("missing");
    let (findings, summary) = run(scan(&[token.search_key()], home.path())
        .roots([missing])
        .excluded([home.path().join("private")]));
    assert!(findings.is_empty());
    for (reason, expected) in [
        (Reason::Pruned, 2),
        (Reason::Encrypted, 1),
        (Reason::Archive, 1),
        (Reason::Excluded, 1),
        (Reason::Missing, 1),
    ] {
        assert_eq!(count(&summary, reason), expected, "{reason:?}");
    }
    assert!(summary.is_incomplete());
}

/// Everything that could be seen to have changed.
fn fingerprint(folder: &Path) -> Vec<(String, u64, i64, i64, u32, String)> {
    let mut prints = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let facts = path.symlink_metadata().unwrap();
            let content = if facts.is_file() {
                hex::encode(Sha256::digest(fs::read(&path).unwrap()))
            } else {
                String::new()
            };
            let name = path.display().to_string();
            prints.push((
                name,
                facts.len(),
                facts.mtime_nsec(),
                facts.ctime_nsec(),
                facts.mode(),
                content,
            ));
            if facts.is_dir() {
                folders.push(path);
            }
        }
    }
    prints.sort();
    prints
}

#[test]
fn a_search_changes_nothing_on_disk() {
    let home = tempfile::tempdir().unwrap();
    let plants = plant(home.path());
    decoys(home.path());
    crate::support::git(home.path(), &["init", "-q", "fresh"]);
    let before = fingerprint(home.path());
    // Old access times, so that even the lazy way of keeping them would move them.
    let old = SystemTime::now() - Duration::from_secs(40 * 24 * 3600);
    let times = fs::FileTimes::new().set_accessed(old);
    let watched = home.path().join("app/.env");
    fs::File::options()
        .write(true)
        .open(&watched)
        .unwrap()
        .set_times(times)
        .unwrap();
    let accessed = fs::metadata(&watched).unwrap().accessed().unwrap();
    let keys: Vec<_> = plants
        .iter()
        .map(|plant| plant.token.search_key())
        .collect();
    let (findings, _) = run(scan(&keys, home.path())
        .tier(Tier::Everything)
        .unlisted(true));
    assert!(!findings.is_empty());
    if cfg!(target_os = "linux") {
        assert_eq!(
            fs::metadata(&watched).unwrap().accessed().unwrap(),
            accessed
        );
    }
    let changed = |prints: Vec<(String, u64, i64, i64, u32, String)>| -> Vec<_> {
        // Setting its access time moved the status time of the watched file.
        prints
            .into_iter()
            .filter(|print| print.0 != watched.display().to_string())
            .collect()
    };
    assert_eq!(changed(fingerprint(home.path())), changed(before));
}

#[test]
fn folders_that_may_not_be_read_are_counted() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    fs::write(home.path().join("x"), token.whole()).unwrap();
    for name in ["a", "b"] {
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("y"), token.whole()).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o000)).unwrap();
    }
    fs::write(home.path().join("z"), token.whole()).unwrap();
    fs::set_permissions(home.path().join("z"), fs::Permissions::from_mode(0o000)).unwrap();
    let keys = home.path().join("keys.json");
    let text = format!(r#"[{{"id": 7, "last_eight": "{}"}}]"#, token.last_eight());
    fs::write(&keys, text).unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();

    let Some(mut program) = as_nobody(home.path()) else {
        println!("skipped: this runs as root, and there is no setpriv to become somebody else");
        return;
    };
    program
        .args(["--json", "--folders-only", "--keys"])
        .arg(&keys)
        .arg(home.path());
    let output = program.output().unwrap();
    for name in ["a", "b"] {
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(home.path().join(name), mode).unwrap();
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let summary: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let told = |reason: &str| {
        let skipped = summary["skipped"].as_array().unwrap().iter();
        skipped
            .filter(|skipped| skipped["reason"] == reason)
            .map(|skipped| skipped["count"].as_u64().unwrap())
            .sum::<u64>()
    };
    println!("as somebody who is not root: {}", summary["skipped"]);
    assert_eq!((told("folder_denied"), told("file_denied")), (2, 1));
    // Found in what could be read.
    assert_eq!(output.status.code(), Some(1));
}

/// The program as a user who is not root; `None` when that can't be done here.
fn as_nobody(home: &Path) -> Option<Command> {
    let ours = env!("CARGO_BIN_EXE_usage-scan");
    if fs::metadata(home).unwrap().uid() != 0 {
        return Some(Command::new(ours));
    }
    // A copy, because the build folder may be closed to others.
    let copy = home.join("usage-scan");
    fs::copy(ours, &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(copy);
    let works = Command::new("setpriv")
        .args(["--reuid=65534", "true"])
        .status();
    works
        .is_ok_and(|status| status.success())
        .then_some(command)
}
