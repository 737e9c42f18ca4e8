//! In which commit and under which path an object of git is, and whether it was pushed. That takes a walk through the
//! history, so it is worked out only for the finding that the user asks about.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::plumbing::git;
use crate::program;

/// The longest answer, and how long it may take: a walk through the whole of a large history takes minutes.
const MAX_ANSWER_BYTES: u64 = 16 << 20;
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// How many commits are told.
const MAX_COMMITS: usize = 20;

/// Where an object is.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ObjectLocation {
    /// The commits that brought it, newest first; none when nothing refers to it any more.
    pub commits: Vec<CommitWithObject>,
    /// Whether any of them is on a remote, as far as this clone knows. Then the key counts as leaked.
    pub pushed: bool,
    /// Whether only a stash or the reflog refers to it.
    pub only_aside: bool,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CommitWithObject {
    /// Its name in hexadecimal.
    pub commit: String,
    /// The paths under which the object is in it; none for the commit's own message.
    pub paths: Vec<String>,
}

/// Why it could not be worked out.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    /// The program is not installed, or could not be started.
    #[error("git could not be started, so the commit is unknown: {0}")]
    Start(#[from] io::Error),
    /// It said no, for example because the repository belongs to someone else, or took too long over it.
    #[error("git could not read this repository, so the commit is unknown")]
    Refused,
    /// Not the name of an object.
    #[error("this is not the name of an object of git")]
    Name,
}

/// Works out where an object is. `objects` and `id` are the path and the object of a [`crate::Finding`].
///
/// # Errors
/// Any [`LocateError`].
pub fn locate(objects: &Path, id: &str) -> Result<ObjectLocation, LocateError> {
    if id.len() < 40 || !id.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(LocateError::Name);
    }
    let folder = objects.parent().unwrap_or(objects);
    let kind = ask(folder, &["cat-file", "-t", id])?;
    let find = format!("--find-object={id}");
    let search = |refs: &[&str]| -> Result<Vec<CommitWithObject>, LocateError> {
        let mut arguments = vec![
            "log",
            "-m",
            "--no-ext-diff",
            "--no-textconv",
            "--format=%x01%H",
            "--name-only",
            &find,
        ];
        arguments.extend_from_slice(refs);
        Ok(commits(&ask(folder, &arguments)?))
    };
    let mut found = ObjectLocation::default();
    if kind.trim() == "commit" {
        found.commits.push(CommitWithObject {
            commit: id.to_owned(),
            paths: Vec::new(),
        });
        found.only_aside = !is_held(folder, id, &["refs/heads", "refs/tags", "refs/remotes"])?;
    } else {
        found.commits = search(&["--branches", "--tags", "--remotes"])?;
        if found.commits.is_empty() {
            found.commits = search(&["--all", "--reflog"])?;
            found.only_aside = !found.commits.is_empty();
        }
    }
    for commit in &found.commits {
        if is_held(folder, &commit.commit, &["refs/remotes"])? {
            found.pushed = true;
            break;
        }
    }
    Ok(found)
}

/// Whether any reference of these kinds leads to a commit.
fn is_held(folder: &Path, commit: &str, kinds: &[&str]) -> Result<bool, LocateError> {
    let mut arguments = vec!["for-each-ref", "--count=1", "--contains", commit];
    arguments.extend_from_slice(kinds);
    Ok(!ask(folder, &arguments)?.trim().is_empty())
}

fn ask(folder: &Path, arguments: &[&str]) -> Result<String, LocateError> {
    let mut command = git(folder);
    command.args(arguments);
    match program::output(command, MAX_ANSWER_BYTES, ANSWER_TIMEOUT) {
        Ok(output) => Ok(String::from_utf8_lossy(&output).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error.into()),
        Err(_) => Err(LocateError::Refused),
    }
}

fn commits(text: &str) -> Vec<CommitWithObject> {
    let mut commits: Vec<CommitWithObject> = Vec::new();
    for part in text.split('\u{1}').skip(1) {
        let mut lines = part.lines().filter(|line| !line.is_empty());
        let Some(commit) = lines.next() else { continue };
        let paths: Vec<_> = lines.map(str::to_owned).collect();
        let known = commits.iter().position(|known| known.commit == commit);
        if let Some(known) = known {
            commits[known].paths.extend(paths);
        } else if commits.len() < MAX_COMMITS {
            commits.push(CommitWithObject {
                commit: commit.to_owned(),
                paths,
            });
        }
    }
    for commit in &mut commits {
        commit.paths.sort();
        commit.paths.dedup();
    }
    commits
}
