//! Killed at random instants: every file holds the old token or the new one, whole, and after the next start nothing
//! else is left.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rand::RngExt as _;
use replace::{Finished, Pending, look, sweep};

use crate::roles::{command, stage};
use crate::support::{Pair, in_memory, leftovers};

/// How many files there are in a run.
const FILES: usize = 50;

/// How many kills, unless this variable says another number.
const KILLS: usize = 200;
const VARIABLE: &str = "REPLACE_KILLS";

fn pair() -> Pair {
    Pair::new("1042", "1042")
}

fn text(file: usize, token: &str) -> String {
    let filling = "# nothing in particular\r\n".repeat(file);
    format!("{filling}A=1\nPULSEAPI_TOKEN='{token}'\r\n{filling}B=2")
}

fn path(folder: &Path, file: usize) -> PathBuf {
    folder
        .join(format!("files/{}", file % 5))
        .join(format!("{file}.env"))
}

/// Where it is written down what is under way, as the app does in its database.
fn record(folder: &Path, file: usize) -> PathBuf {
    folder.join("records").join(file.to_string())
}

/// What is killed: all files, one after the other.
const PUT_ALL: &str = "kills::put_all";

#[test]
fn put_all() {
    let Some(folder) = stage(PUT_ALL) else { return };
    let folder = folder.as_path();
    println!("BEGUN");
    let (old, new) = (pair().known(), pair().fresh());
    for file in 0..FILES {
        let plan = look(&path(folder, file), &old, &[]).unwrap();
        let prepared = plan.prepare(&old, &new).unwrap();
        let written = serde_json::to_vec(prepared.pending()).unwrap();
        let record = record(folder, file);
        let draft = record.with_extension("draft");
        fs::write(&draft, written).unwrap();
        fs::rename(draft, &record).unwrap();
        prepared.apply().unwrap();
        fs::remove_file(record).unwrap();
    }
}

/// Kills it after that long; how long it took by itself, if it came to its end before.
fn run(folder: &Path, after: Duration) -> Option<Duration> {
    let mut child = command(PUT_ALL, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("BEGUN") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it did not begin");
    }
    let begun = Instant::now();
    while begun.elapsed() < after {
        if child.try_wait().unwrap().is_some() {
            return Some(begun.elapsed());
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    status.success().then(|| begun.elapsed())
}

/// How many files have the new token, after the next start.
fn ended(folder: &Path) -> usize {
    for entry in folder.join("records").read_dir().unwrap() {
        let record = entry.unwrap().path();
        if record.extension().is_none() {
            let pending: Pending = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
            let finished = pending.finish().unwrap();
            let now = fs::read_to_string(pending.target()).unwrap();
            let has_new = now.contains(&pair().new);
            assert_eq!(
                finished,
                if has_new {
                    Finished::Done
                } else {
                    Finished::NotDone
                }
            );
        }
        fs::remove_file(record).unwrap();
    }
    let mut new = 0;
    for file in 0..FILES {
        let path = path(folder, file);
        sweep(path.parent().unwrap()).unwrap();
        let now = fs::read_to_string(&path).unwrap();
        let (with_old, with_new) = (text(file, &pair().old), text(file, &pair().new));
        assert!(
            now == with_old || now == with_new,
            "{} is torn",
            path.display()
        );
        new += usize::from(now == with_new);
        assert_eq!(leftovers(path.parent().unwrap()), [] as [String; 0]);
    }
    new
}

fn fresh(folder: &Path) {
    for file in 0..FILES {
        let path = path(folder, file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text(file, &pair().old)).unwrap();
    }
    fs::create_dir_all(folder.join("records")).unwrap();
}

#[test]
fn a_kill_at_any_instant_leaves_every_file_whole_and_nothing_beside_it() {
    let kills = std::env::var(VARIABLE)
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(KILLS);
    let folder = in_memory();
    let folder = folder.path();
    fresh(folder);
    let whole = run(folder, Duration::from_secs(300)).unwrap();
    assert_eq!(ended(folder), FILES);
    let mut in_the_middle = 0;
    let mut killed = 0;
    while killed < kills {
        fresh(folder);
        let after = whole.mul_f64(rand::rng().random_range(0.0..1.0));
        killed += usize::from(run(folder, after).is_none());
        let new = ended(folder);
        in_the_middle += usize::from(0 < new && new < FILES);
    }
    println!(
        "{killed} kills, {in_the_middle} of them between the first file and the last; a whole run takes {whole:?}"
    );
    assert!(in_the_middle > kills / 2);
}
