//! Where keys are kept on a computer: data, one file for each platform, and the few lines that read it.
//!
//! | module | answers |
//! |---|---|
//! | `common`, `linux`, `macos`, `windows`, `stores` | which files are looked into first |
//! | `registry` | which keys of the registry of Windows are asked for |
//! | `headings` | under which heading of the help article a file belongs |
//! | `skip_dirs` | which folders hold only what was downloaded or built, and how to be sure of it |
//! | `project` | to which project and environment a file belongs |
//! | `encrypted` | which files are encrypted, so that reading them says nothing |

mod common;
pub(crate) mod encrypted;
pub(crate) mod headings;
#[cfg(any(target_os = "linux", test))]
mod linux;
#[cfg(any(target_os = "macos", test))]
mod macos;
mod pattern;
pub(crate) mod project;
pub(crate) mod registry;
pub(crate) mod skip_dirs;
mod spot;
mod stores;
#[cfg(any(windows, test))]
mod windows;

use std::fs;
use std::path::{Path, PathBuf};

use self::pattern::fits;
use self::spot::Spot;
use crate::finding::Place;
use crate::search::Search;
use crate::skipped::Reason;

/// The lists of this platform.
fn spots() -> impl Iterator<Item = &'static Spot> {
    #[cfg(target_os = "linux")]
    let ours = linux::SPOTS;
    #[cfg(target_os = "macos")]
    let ours = macos::SPOTS;
    #[cfg(windows)]
    let ours = windows::SPOTS;
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    let ours: &[Spot] = &[];
    common::SPOTS.iter().chain(stores::SPOTS).chain(ours)
}

/// How many names one pattern may stand for. Whatever is in a home folder besides is met when that is searched.
const MAX_NAMES_PER_PATTERN: usize = 10_000;

/// Names files that may be there: those of the home folders, and those that belong to the machine where it has some.
pub(crate) fn present(homes: &[PathBuf], search: &Search, found: &mut dyn FnMut(PathBuf, Place)) {
    let has_system = search.options.machine.has_system();
    for spot in spots() {
        let mut left = MAX_NAMES_PER_PATTERN;
        let mut found = |path| found(path, spot.place);
        if let Some(inside) = spot.path.strip_prefix("~/") {
            for home in homes {
                expand(home, inside, search, &mut left, &mut found);
            }
        } else if has_system {
            let inside = spot.path.trim_start_matches('/');
            expand(Path::new("/"), inside, search, &mut left, &mut found);
        }
    }
}

/// Files that a pattern stands for.
fn expand(
    folder: &Path,
    pattern: &str,
    search: &Search,
    left: &mut usize,
    found: &mut dyn FnMut(PathBuf),
) {
    if search.is_stopped() {
        return;
    }
    let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    if !first.contains('*') {
        let path = folder.join(first);
        return if rest.is_empty() {
            found(path);
        } else {
            expand(&path, rest, search, left, found);
        };
    }
    // Not onto a foreign disk, and through a link only where that leads to none.
    let listed = search
        .mounts
        .resolve(folder)
        .and_then(|folder| Ok(fs::read_dir(folder)?));
    let Ok(entries) = listed else {
        return;
    };
    for entry in entries.flatten() {
        if search.is_stopped() {
            return;
        }
        if !fits(first, &entry.file_name()) {
            continue;
        }
        if *left == 0 {
            let what = Some("files in a named place");
            return search.skipped.add_kind(Reason::Budget, what, folder);
        }
        *left -= 1;
        // The path as it was named, not where it leads.
        let path = folder.join(entry.file_name());
        if rest.is_empty() {
            found(path);
        } else {
            expand(&path, rest, search, left, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{common, linux, macos, present, stores, windows};
    use crate::finding::Place;
    use crate::scan::tests::search_for;

    #[test]
    fn every_list_is_written_as_the_reader_expects() {
        let lists = [common::SPOTS, linux::SPOTS, macos::SPOTS, windows::SPOTS];
        let all = [&lists[..], &[stores::SPOTS]].concat().concat();
        for spot in all {
            assert!(
                spot.path.starts_with("~/") || spot.path.starts_with('/'),
                "{}",
                spot.path
            );
            assert!(
                !spot.path.ends_with('/') && !spot.path.contains("//"),
                "{}",
                spot.path
            );
        }
    }

    /// Which of these files in a home folder are named.
    fn named(files: &[&str]) -> Vec<(String, Place)> {
        let home = tempfile::tempdir().unwrap();
        for path in files {
            let path = home.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let search = search_for(Vec::new());
        let mut found = Vec::new();
        present(&[home.path().to_owned()], &search, &mut |path, place| {
            let inside = path.strip_prefix(home.path()).unwrap();
            if path.is_file() {
                found.push((inside.to_str().unwrap().replace('\\', "/"), place));
            }
        });
        found.sort();
        found
    }

    #[test]
    fn what_programs_write_down_is_named_where_their_sources_put_it() {
        for path in [
            ".irb_history",
            ".config/irb/irb_history",
            ".local/state/sqlite_history",
            ".tmux/resurrect/pane_contents.tar.gz",
            ".local/share/klipper/history3.sqlite",
            ".codex/sessions/2026/01/02/rollout-1.jsonl",
        ] {
            assert_eq!(named(&[path]), [(path.to_owned(), Place::Other)]);
        }
    }

    #[test]
    fn patterns_find_the_files_that_are_there() {
        let found = named(&[
            ".netrc",
            ".config/fish/conf.d/a.fish",
            ".config/fish/conf.d/b/c.fish",
        ]);
        if cfg!(target_os = "linux") {
            assert_eq!(
                found,
                [
                    (".config/fish/conf.d/a.fish".to_owned(), Place::Environment),
                    (".netrc".to_owned(), Place::Integration)
                ]
            );
        }
    }
}
