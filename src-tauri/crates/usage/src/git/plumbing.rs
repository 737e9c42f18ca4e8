//! A store through the program `git`, for kinds that can't be read here. It is asked in a way that runs nothing else:
//! no hooks, no fetching of what a partial clone lacks, no watching of files.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{Kind, Reader};

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
        .env_remove("GIT_OBJECT_DIRECTORY")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Looks through all objects of a store.
///
/// # Errors
/// When there is no such program, or it said something other than it promised.
pub(super) fn search(reader: &Reader<'_>) -> io::Result<()> {
    let folder = reader.objects.parent().unwrap_or(reader.objects);
    let mut child = Stopped(
        git(folder)
            .args([
                "cat-file",
                "--batch-all-objects",
                "--batch",
                "--buffer",
                "--unordered",
            ])
            .stdout(Stdio::piped())
            .spawn()?,
    );
    let Some(output) = child.0.stdout.take() else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let mut output = BufReader::with_capacity(1 << 18, output);
    let (mut line, mut text) = (String::new(), Vec::new());
    loop {
        if reader.is_stopped() {
            return Ok(());
        }
        line.clear();
        if output.read_line(&mut line)? == 0 {
            break;
        }
        let mut words = line.split_ascii_whitespace();
        let (Some(id), Some(kind), Some(size)) = (words.next(), words.next(), words.next()) else {
            // `ID missing`
            reader.lost();
            continue;
        };
        let size: u64 = size.parse().map_err(io::Error::other)?;
        let kind = Kind::named(kind.as_bytes());
        let mut content = (&mut output).take(size + 1);
        match kind {
            Some(kind) if size <= reader.limit() => {
                text.clear();
                content.read_to_end(&mut text)?;
                // The line break after it is none of it.
                text.pop();
                reader.object(kind, || id.to_owned(), &text);
            }
            other => {
                io::copy(&mut content, &mut io::sink())?;
                if other.is_some() {
                    reader.lost();
                }
            }
        }
    }
    if child.0.wait()?.success() {
        Ok(())
    } else {
        Err(io::ErrorKind::Other.into())
    }
}

/// A program that is stopped when nobody reads what it says.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // Fails when it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
