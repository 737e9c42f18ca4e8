//! A store through the program `git`, for kinds that can't be read here. It is asked in a way that runs nothing else:
//! no hooks, no fetching of what a partial clone lacks, no watching of files.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::kind::Kind;
use super::store_reader::StoreReader;
use crate::budget::Allowance;
use crate::disk::Links;
use crate::large_memory::LargeMemory;
use crate::program::Program;

/// The program, on a repository.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("--git-dir")
        .arg(folder)
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        // Little of a pack in memory at a time, and large objects none at all.
        .args(["-c", "core.packedGitWindowSize=16m"])
        .args(["-c", "core.packedGitLimit=128m"])
        .args(["-c", "core.deltaBaseCacheLimit=64m"])
        .args(["-c", "core.bigFileThreshold=64m"])
        // A repository's own configuration may name programs; none of them is started.
        .args(["-c", "log.showSignature=false", "--no-pager"])
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        // Older versions don't know that one: then no way to any remote is allowed.
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_OBJECT_DIRECTORY");
    command
}

/// Files that the program reads of every repository, whose sizes it does not question.
const FILES: [&str; 7] = [
    "HEAD",
    "config",
    "config.worktree",
    "commondir",
    "packed-refs",
    "shallow",
    "objects/info/alternates",
];

/// The largest of them.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// How long it may be silent.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest line that it says before an object.
const MAX_LINE_BYTES: u64 = 4096;

/// Looks through all objects of a store.
///
/// # Errors
/// When there is no such program, or it said something other than it promised.
pub(super) fn search(reader: &StoreReader<'_>) -> io::Result<()> {
    let folder = reader.objects.parent().unwrap_or(reader.objects);
    for name in FILES {
        let path = folder.join(name);
        match reader.search.mounts.open(&path, Links::Followed) {
            Ok(opened) if opened.size <= MAX_FILE_BYTES => {}
            Ok(_) => {
                reader.over("small file of git", 1, reader.outlet);
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            Err(refusal) if refusal.is_absence() => {}
            Err(refusal) => {
                reader.search.refused(&refusal, &path);
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
    let mut command = git(folder);
    command.args([
        "cat-file",
        "--batch-all-objects",
        "--batch",
        "--buffer",
        "--unordered",
    ]);
    let (program, output) = Program::start(command, SILENCE_TIMEOUT)?;
    let mut output = BufReader::with_capacity(1 << 18, output);
    let own = packed(reader).saturating_mul(reader.search.limits.pack_ratio);
    let allowance = Allowance::new(own, [&reader.spare, &reader.search.spare]);
    let (mut line, mut text) = (Vec::new(), Vec::new());
    let mut large = LargeMemory::new(&reader.search.large);
    loop {
        if reader.is_stopped() {
            return Ok(());
        }
        line.clear();
        if (&mut output)
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)?
            == 0
        {
            break;
        }
        program.is_alive();
        let words = std::str::from_utf8(&line).map_err(io::Error::other)?;
        let mut words = words.split_ascii_whitespace();
        let (Some(id), Some(kind), Some(size)) = (words.next(), words.next(), words.next()) else {
            // `ID missing`
            reader.lost(reader.outlet);
            continue;
        };
        let size: u64 = size.parse().map_err(io::Error::other)?;
        let kind = Kind::named(kind.as_bytes());
        if !allowance.spend(size) {
            // It can't be told to leave out this one, so it is stopped.
            reader.over("objects of git", 1, reader.outlet);
            return Ok(());
        }
        let mut content = (&mut output).take(size.saturating_add(1));
        match kind {
            Some(kind) if size <= reader.limit() => {
                text.clear();
                content.read_to_end(&mut text)?;
                // The line break after it is none of it.
                text.pop();
                let id = || id.to_owned();
                reader.object(kind, &id, &text, &mut large, reader.outlet);
            }
            other => {
                io::copy(&mut content, &mut io::sink())?;
                if other.is_some() {
                    reader.lost(reader.outlet);
                }
            }
        }
    }
    program.end()
}

/// How large the packs of the store are together.
fn packed(reader: &StoreReader<'_>) -> u64 {
    let entries = std::fs::read_dir(reader.objects.join("pack"));
    let sizes = entries.into_iter().flatten().flatten();
    let sizes = sizes.filter_map(|entry| Some(entry.metadata().ok()?.len()));
    sizes.fold(0, u64::saturating_add)
}
