//! Where this machine is searched, as it stands in the preferences: whole paths, with `~` for the home folder.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::preferences::wire::SearchFolders;

const MAX_FOLDERS: usize = 50;
const MAX_PATH_CHARS: usize = 4096;

/// What is out of range, in a sentence.
pub(crate) fn problem(folders: &SearchFolders) -> Option<&'static str> {
    let lists = [&folders.roots, &folders.extra, &folders.excluded];
    let is_too_long = |path: &String| path.chars().count() > MAX_PATH_CHARS;
    if folders.roots.is_empty() {
        Some("A search of this machine begins in at least one folder.")
    } else if lists.iter().any(|list| list.len() > MAX_FOLDERS) {
        Some("There are at most 50 search folders of each kind.")
    } else if lists.into_iter().flatten().any(is_too_long) {
        Some("The path of a search folder has at most 4,096 characters.")
    } else if !lists.into_iter().flatten().all(|path| is_whole(path)) {
        Some("A search folder is a whole path, or begins with ~ for the home folder.")
    } else {
        None
    }
}

fn is_whole(written: &str) -> bool {
    let is_plain = !written.contains(char::is_control);
    is_plain && (below_home(written).is_some() || Path::new(written).is_absolute())
}

/// What follows the home folder.
fn below_home(written: &str) -> Option<&str> {
    let rest = written.strip_prefix('~')?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix(['/', MAIN_SEPARATOR])
    }
}

/// The whole path; none where there is no home folder for it to be in.
pub(crate) fn whole(written: &str, home: Option<&Path>) -> Option<PathBuf> {
    match below_home(written) {
        Some("") => home.map(Path::to_owned),
        Some(rest) => Some(home?.join(rest)),
        None => Some(written.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(roots: &[&str]) -> SearchFolders {
        SearchFolders {
            roots: roots.iter().map(|root| (*root).to_owned()).collect(),
            ..SearchFolders::default()
        }
    }

    #[test]
    fn only_whole_paths_and_the_home_folder_are_taken() {
        assert_eq!(problem(&SearchFolders::default()), None);
        for sound in ["~", "~/work", "/srv/a b"] {
            assert_eq!(problem(&folders(&[sound])), None, "{sound}");
        }
        for unsound in ["", "work", "./work", "~work", "/a\nb"] {
            assert!(problem(&folders(&[unsound])).is_some(), "{unsound}");
        }
        assert!(problem(&folders(&[])).is_some());
        assert!(problem(&folders(&["/a"; MAX_FOLDERS + 1])).is_some());
        assert!(problem(&folders(&[&format!("/{}", "a".repeat(MAX_PATH_CHARS))])).is_some());
    }

    #[test]
    fn the_home_folder_is_put_in_its_place() {
        let home = Some(Path::new("/home/a"));
        assert_eq!(whole("~", home), Some("/home/a".into()));
        assert_eq!(whole("~/work", home), Some("/home/a/work".into()));
        assert_eq!(whole("/srv", home), Some("/srv".into()));
        assert_eq!(whole("~", None), None);
    }
}
