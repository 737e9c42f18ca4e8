//! Repositories to search: made by `git fast-import`, so that a thousand commits take a second.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rand::{RngExt as _, SeedableRng as _};

use super::fixtures::{Random, Token};
use crate::error::{Error, Result};

/// Changes whenever the repositories do.
const VERSION: &str = "2";

/// Name, files and commits of each.
const SHAPES: [(&str, usize, usize); 3] = [
    ("small", 100, 400),
    ("wide", 3000, 2500),
    ("deep", 250, 9000),
];

/// The repositories in this folder, written if they are not there. The first key is in an old version of a file of
/// each.
///
/// # Errors
/// When git can't be started, or refuses.
pub(super) fn ready(folder: &Path, lines: &[String], token: &Token) -> Result<Vec<PathBuf>> {
    let stamp = folder.join("histories.version");
    let paths: Vec<_> = SHAPES
        .iter()
        .map(|(name, ..)| folder.join(format!("{name}.git")))
        .collect();
    if fs::read_to_string(&stamp).is_ok_and(|version| version == VERSION) {
        return Ok(paths);
    }
    for (path, (name, files, commits)) in paths.iter().zip(SHAPES) {
        println!("writing the history {name} …");
        if path.exists() {
            fs::remove_dir_all(path).map_err(Error::file(path))?;
        }
        fs::create_dir_all(path).map_err(Error::file(path))?;
        git(path, &["init", "--quiet", "--bare"])?;
        import(path, files, commits, lines, token)?;
        git(path, &["repack", "-adfq", "--depth=50", "--window=10"])?;
    }
    fs::write(&stamp, VERSION).map_err(Error::file(&stamp))?;
    Ok(paths)
}

fn git(folder: &Path, arguments: &[&str]) -> Result {
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .status()
        .map_err(Error::file(folder))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Unexpected(format!(
            "git {arguments:?} failed: {status}"
        )))
    }
}

/// Every commit changes a few lines of a few files.
fn import(folder: &Path, files: usize, commits: usize, lines: &[String], token: &Token) -> Result {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(Error::file(folder))?;
    let Some(input) = child.stdin.take() else {
        return Err(Error::Unexpected(
            "git fast-import takes no input".to_owned(),
        ));
    };
    let mut input = BufWriter::new(input);
    let mut random = Random::seed_from_u64(files as u64);
    let mut contents: Vec<Vec<&str>> = (0..files)
        .map(|_| {
            let from = random.random_range(0..lines.len());
            let count = 40 + random.random_range(0..400);
            lines
                .iter()
                .cycle()
                .skip(from)
                .take(count)
                .map(String::as_str)
                .collect()
        })
        .collect();
    let secret = format!("PULSE={}", token.whole());
    for commit in 0..commits {
        let mut text = format!(
            "commit refs/heads/main\ncommitter A <a@example.test> {} +0000\ndata 9\na change\n",
            1_700_000_000 + commit
        );
        let changed: Vec<usize> = if commit == 0 {
            (0..files).collect()
        } else {
            (0..4).map(|_| random.random_range(0..files)).collect()
        };
        for file in changed {
            let content = &mut contents[file];
            for _ in 0..3 {
                let at = random.random_range(0..content.len());
                content[at] = &lines[random.random_range(0..lines.len())];
            }
            let mut whole = content.join("\n");
            if commit == commits / 2 {
                whole.push('\n');
                whole.push_str(&secret);
            }
            text.push_str(&format!(
                "M 100644 inline src/d{}/f{file}.rs\ndata {}\n{whole}\n",
                file % 20,
                whole.len()
            ));
        }
        input
            .write_all(text.as_bytes())
            .map_err(Error::file(folder))?;
    }
    input.flush().map_err(Error::file(folder))?;
    drop(input);
    let status = child.wait().map_err(Error::file(folder))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Unexpected(format!(
            "git fast-import failed: {status}"
        )))
    }
}
