//! Which object stores there are. Worktrees, submodules and clones that borrow from each other lead to the same ones;
//! each is searched once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::disk::{self, Links, Mounts, Refusal};
use crate::search::Search;
use crate::skipped::Reason;

/// The longest file that holds one path.
const MAX_PATH_BYTES: u64 = 16 << 10;

/// The longest list of stores that another one borrows from, in bytes and in lines.
const MAX_ALTERNATES_BYTES: u64 = 256 << 10;
const MAX_BORROWED: usize = 200;

/// The longest configuration of a repository.
const MAX_CONFIG_BYTES: u64 = 4 << 20;

/// How many stores there may be.
const MAX_STORES: usize = 20_000;

/// Stores that were met, and those that are still to be searched.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    met: HashSet<PathBuf>,
    waiting: Vec<PathBuf>,
}

impl Stores {
    /// One more store, by its folder `objects`.
    pub(crate) fn add(&self, search: &Search, objects: &Path) {
        let resolved = match search.mounts.resolve(objects) {
            Ok(resolved) => resolved,
            Err(Refusal::Mount) => return search.skipped.add(Reason::Mount, objects),
            // A worktree that is left of a repository, for example.
            Err(_) => return,
        };
        if !resolved.is_dir() {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.met.contains(&resolved) {
            return;
        }
        if state.met.len() >= MAX_STORES {
            let what = Some("git repositories");
            return search.skipped.add_kind(Reason::Budget, what, objects);
        }
        state.met.insert(resolved.clone());
        state.waiting.push(resolved);
    }

    /// The store of a worktree or submodule, whose `.git` is a file that says where.
    pub(crate) fn add_linked(&self, search: &Search, link: &Path) {
        let Some(text) = search.small(link, MAX_PATH_BYTES) else {
            return;
        };
        let Some(folder) = text.strip_prefix(b"gitdir:") else {
            return;
        };
        let parent = link.parent().unwrap_or(Path::new(""));
        let folder = parent.join(disk::path_of(folder.trim_ascii()));
        let common = search
            .small(&folder.join("commondir"), MAX_PATH_BYTES)
            .map_or_else(
                || folder.clone(),
                |common| folder.join(disk::path_of(common.trim_ascii())),
            );
        self.add(search, &common.join("objects"));
    }

    /// The stores that a store borrows objects from.
    pub(crate) fn add_borrowed(&self, search: &Search, objects: &Path) {
        let Some(list) = search.small(&objects.join("info/alternates"), MAX_ALTERNATES_BYTES)
        else {
            return;
        };
        let lines = list.split(|byte| *byte == b'\n');
        let mut lines = lines.filter(|line| !line.is_empty() && line[0] != b'#');
        for line in lines.by_ref().take(MAX_BORROWED) {
            self.add(search, &objects.join(disk::path_of(&unquoted(line))));
        }
        let left = lines.count() as u64;
        if left > 0 {
            let what = Some("borrowed git repositories");
            search.skipped.add_many(Reason::Budget, what, objects, left);
        }
    }

    /// All that are waiting.
    pub(crate) fn take(&self) -> Vec<PathBuf> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.waiting)
    }
}

/// A path as git writes it: in quotes where it holds any itself.
fn unquoted(line: &[u8]) -> Vec<u8> {
    let inner = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""));
    let Some(inner) = inner else {
        return line.to_vec();
    };
    let mut path = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        let is_escape = *byte == b'\\';
        path.extend(if is_escape { bytes.next() } else { Some(byte) });
    }
    path
}

/// What the configuration of a store says of its objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// They are named by SHA-256, which packs are not read by here.
    pub(super) has_long_names: bool,
    /// Some were never fetched.
    pub(super) is_partial: bool,
}

/// Reads the configuration of a store.
pub(super) fn settings(search: &Search, objects: &Path) -> Settings {
    let config = objects.parent().map(|folder| folder.join("config"));
    let text = config.and_then(|config| search.small(&config, MAX_CONFIG_BYTES));
    let mut settings = Settings::default();
    for line in text.unwrap_or_default().split(|byte| *byte == b'\n') {
        // A comment may follow.
        let line = line.split(|byte| matches!(byte, b'#' | b';')).next();
        let mut line = line.unwrap_or_default().to_ascii_lowercase();
        line.retain(|byte| !byte.is_ascii_whitespace());
        settings.has_long_names |= line == b"objectformat=sha256";
        settings.is_partial |= line == b"promisor=true" || line.starts_with(b"partialclonefilter=");
    }
    settings
}

/// Where a store is fetched from and pushed to over a network, by the names of the servers, as its configuration says: each
/// once. Without what stands beside a name in an address, which may be a secret. None where the configuration can't be
/// read.
#[must_use]
pub fn remote_hosts(objects: &Path) -> Vec<String> {
    let config = objects.parent().map(|folder| folder.join("config"));
    let text = config.and_then(|config| {
        let opened = Mounts::default().open(&config, Links::Refused).ok()?;
        disk::whole(opened.file, MAX_CONFIG_BYTES).ok()
    });
    let text = text.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut hosts: Vec<String> = Vec::new();
    let mut is_remote = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            is_remote = line.to_ascii_lowercase().starts_with("[remote ");
            continue;
        }
        let Some((name, address)) = line.split_once('=') else {
            continue;
        };
        let is_address = ["url", "pushurl"].contains(&name.trim().to_ascii_lowercase().as_str());
        let host = host(address.trim().trim_matches('"'));
        hosts.extend(host.filter(|host| is_remote && is_address && !hosts.contains(host)));
    }
    hosts
}

/// The server of an address; none of a folder on this machine. `https://user:secret@host:1/path`, `user@host:path`.
fn host(address: &str) -> Option<String> {
    let (scheme, rest) = match address.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => (true, rest),
        None => (false, address),
    };
    let end = if scheme {
        rest.find('/')
    } else {
        rest.find(':')
    };
    let server = match end {
        Some(end) => &rest[..end],
        None if scheme => rest,
        None => return None,
    };
    // A path with a colon in it.
    if !scheme && server.contains('/') {
        return None;
    }
    let server = server.rsplit('@').next().unwrap_or_default();
    let server = match server.rsplit_once(':') {
        Some((server, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => server,
        _ => server,
    };
    (!server.is_empty()).then(|| server.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Stores, host, remote_hosts};
    use crate::scan::tests::search_for;

    #[test]
    fn worktrees_and_borrowers_lead_to_the_same_store_once() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        for folder in [
            "a/.git/objects/info",
            "a/.git/worktrees/w",
            "b/objects",
            "w",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at("a/.git/worktrees/w/commondir"), "../..\n").unwrap();
        let worktree = at("a/.git/worktrees/w");
        fs::write(at("w/.git"), format!("gitdir: {}\n", worktree.display())).unwrap();
        fs::write(at("a/.git/objects/info/alternates"), "../../../b/objects\n").unwrap();

        let search = search_for(Vec::new());
        let stores = Stores::default();
        stores.add(&search, &at("a/.git/objects"));
        stores.add_linked(&search, &at("w/.git"));
        let first = stores.take();
        assert_eq!(first.len(), 1);
        stores.add_borrowed(&search, &first[0]);
        assert_eq!(stores.take(), [at("b/objects").canonicalize().unwrap()]);
        stores.add(&search, &at("b/objects"));
        assert!(stores.take().is_empty());
    }

    #[test]
    fn a_remote_is_told_by_its_server_and_nothing_else_of_its_address() {
        for (address, expected) in [
            (
                "https://a:secret@Git.Example.test:8443/a/b.git",
                Some("git.example.test"),
            ),
            ("git@example.test:a/b.git", Some("example.test")),
            ("ssh://git@example.test/a", Some("example.test")),
            ("ssh://[::1]/a", Some("[::1]")),
            ("../b", None),
            ("/srv/git/a:b.git", None),
            ("file:///srv/git/a", None),
            ("", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
        let home = tempfile::tempdir().unwrap();
        let config = "[core]\n\turl = https://no.test/\n[remote \"origin\"]\n\turl = git@example.test:a\n\tpushurl = https://example.test/a\n[branch \"main\"]\n\tremote = origin\n";
        fs::write(home.path().join("config"), config).unwrap();
        let hosts = remote_hosts(&home.path().join("objects"));
        assert_eq!(hosts, ["example.test"]);
    }
}
