//! Files that are never written, by what their path says.

use std::ffi::OsStr;
use std::path::{Component, Path};

use crate::refusal::Reason;

/// Folders whose content is never written, wherever they are.
const FOLDERS: &[(&[&str], Reason)] = &[
    (&["nix", "store"], Reason::Store),
    (&["gnu", "store"], Reason::Store),
    (&["share", "Trash"], Reason::Trash),
    (&[".Trash"], Reason::Trash),
    (&["$Recycle.Bin"], Reason::Trash),
    (&["var", "log"], Reason::Log),
    (&["Library", "Logs"], Reason::Log),
    (&[".claude", "projects"], Reason::Log),
    (&[".codex", "sessions"], Reason::Log),
    (&["fish", "fish_history"], Reason::History),
    (&[".terraform"], Reason::Generated),
    (&["terraform.tfstate.d"], Reason::Generated),
    (&[".pulumi", "stacks"], Reason::Generated),
    (&["Local Storage", "leveldb"], Reason::Database),
];

/// Folders of the system's own.
const SYSTEM: &[&str] = &["proc", "sys", "dev"];

/// What a file's name ends with.
const ENDINGS: &[(&[&str], Reason)] = &[
    (
        &[
            "_history",
            ".lesshst",
            ".viminfo",
            ".zhistory",
            "consolehost_history.txt",
        ],
        Reason::History,
    ),
    (&[".log", ".jsonl", ".har"], Reason::Log),
    (
        &[
            ".zip", ".gz", ".tgz", ".tar", ".xz", ".zst", ".bz2", ".7z", ".rar", ".jar", ".whl",
            ".asar", ".vsix", ".docx", ".xlsx", ".pptx", ".odt",
        ],
        Reason::Archive,
    ),
    (
        &[
            ".tfstate",
            ".tfstate.backup",
            ".lock",
            "-lock.json",
            "-lock.yaml",
            "go.sum",
            "fish_variables",
        ],
        Reason::Generated,
    ),
    (
        &[
            ".sqlite",
            ".sqlite3",
            ".db",
            ".ldb",
            ".sqlite-wal",
            ".db-wal",
        ],
        Reason::Database,
    ),
];

/// Files of git's that people write themselves.
const OF_GIT: &[&str] = &["config", "hooks", "info"];

/// Whether a file only tells what was, by what its path says: a history, a log, git's data, something in the trash. There
/// is nothing to update in it.
#[must_use]
pub fn is_of_the_past(path: &Path) -> bool {
    let past = [Reason::History, Reason::Log, Reason::GitData, Reason::Trash];
    never(path).is_some_and(|reason| past.contains(&reason))
}

/// Why this file is never written, if that is so.
pub(crate) fn never(path: &Path) -> Option<Reason> {
    let parts: Vec<&OsStr> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name),
            _ => None,
        })
        .collect();
    let is_of_system = parts
        .first()
        .is_some_and(|first| SYSTEM.iter().any(|name| first == name));
    // The one folder of users' files among the devices.
    let is_in_memory = parts.starts_with(&[OsStr::new("dev"), OsStr::new("shm")]);
    if is_of_system && !is_in_memory {
        return Some(Reason::Special);
    }
    if let Some(git) = parts.iter().position(|part| *part == ".git") {
        let next = parts.get(git + 1);
        if !next.is_some_and(|next| OF_GIT.iter().any(|name| next == name)) {
            return Some(Reason::GitData);
        }
    }
    let is_in = |folders: &&(&[&str], Reason)| {
        let (folders, _) = folders;
        let mut runs = parts.windows(folders.len());
        runs.any(|run| run.iter().zip(*folders).all(|(part, name)| part == name))
    };
    if let Some((_, reason)) = FOLDERS.iter().find(is_in) {
        return Some(*reason);
    }
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let fits = |ending: &&str| name.ends_with(*ending);
    let by_name = ENDINGS.iter().find(|(endings, _)| endings.iter().any(fits));
    if let Some((_, reason)) = by_name {
        return Some(*reason);
    }
    // `app.log.1`, `app.log.2.bak`.
    name.contains(".log.").then_some(Reason::Log)
}

/// Whether the content is no text, though no path said so: a program, a database.
pub(crate) fn is_binary(content: &[u8], wide: bool) -> Option<Reason> {
    if content.starts_with(b"SQLite format 3\0") {
        return Some(Reason::Database);
    }
    (!wide && memchr::memchr(0, content).is_some()).then_some(Reason::Binary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_written_is_known_by_its_path() {
        let cases = [
            ("/home/a/.bash_history", Reason::History),
            ("/home/a/.local/share/fish/fish_history", Reason::History),
            ("/home/a/app/app.log", Reason::Log),
            ("/home/a/app/app.log.1", Reason::Log),
            ("/home/a/.claude/projects/x/y.jsonl", Reason::Log),
            ("/home/a/x/.git/objects/pack/a.pack", Reason::GitData),
            ("/home/a/x/.git/logs/HEAD", Reason::GitData),
            ("/home/a/x.tar.gz", Reason::Archive),
            ("/home/a/infra/terraform.tfstate", Reason::Generated),
            ("/home/a/infra/terraform.tfstate.backup", Reason::Generated),
            ("/nix/store/abc/etc/x.conf", Reason::Store),
            ("/proc/12/environ", Reason::Special),
            ("/home/a/.local/share/Trash/files/.env", Reason::Trash),
            ("/home/a/.config/x/state.sqlite", Reason::Database),
        ];
        for (path, reason) in cases {
            assert_eq!(never(Path::new(path)), Some(reason), "{path}");
        }
    }

    #[test]
    fn what_people_write_may_be_written() {
        for path in [
            "/home/a/.env",
            "/home/a/x/.git/config",
            "/home/a/x/.git/hooks/pre-push",
            "/home/a/catalog.txt",
            "/home/a/.config/systemd/user/x.service",
            "/home/a/logging.conf",
        ] {
            assert_eq!(never(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn what_is_no_text_is_known_by_its_bytes() {
        assert_eq!(is_binary(b"\x7fELF\0\0", false), Some(Reason::Binary));
        assert_eq!(is_binary(b"a\0b\0", true), None);
        assert_eq!(
            is_binary(b"SQLite format 3\0", true),
            Some(Reason::Database)
        );
        assert_eq!(is_binary(b"A=b\n", false), None);
    }
}
