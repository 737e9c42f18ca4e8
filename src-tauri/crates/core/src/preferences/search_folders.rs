//! Where this machine is searched, as it stands in the preferences: whole paths, with `~` for the home folder.
//!
//! Left out: what a search does with them (`usage_search`), and writing them down (`preferences`).

use std::io;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::Duration;

use crate::base::error::{ErrorCode, UiError};
use crate::context::Context;
use crate::host::OpenPlace;
use crate::preferences;
use crate::preferences::wire::{
    FolderChosen, FolderState, SearchFolder, SearchFolders, SearchFoldersChecked,
};

const MOST: usize = 50;
const LONGEST: usize = 4096;

/// How long a folder may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is out of range, in a sentence.
pub(crate) fn problem(folders: &SearchFolders) -> Option<&'static str> {
    let lists = [&folders.roots, &folders.extra, &folders.excluded];
    let is_too_long = |path: &String| path.chars().count() > LONGEST;
    if folders.roots.is_empty() {
        Some("A search of this machine begins in at least one folder.")
    } else if lists.iter().any(|list| list.len() > MOST) {
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

/// What stands now where the search folders should be.
pub(crate) async fn search_folders(ctx: &Context) -> SearchFoldersChecked {
    let folders = preferences::preferences(ctx).search;
    SearchFoldersChecked {
        roots: checked(ctx, &folders.roots).await,
        extra: checked(ctx, &folders.extra).await,
        excluded: checked(ctx, &folders.excluded).await,
        own: own_folders(ctx)
            .map(|path| path.display().to_string())
            .collect(),
    }
}

/// The person chooses a folder in a native dialog.
///
/// # Errors
/// When its path is no text, so that it can't be written down.
pub(crate) async fn choose_search_folder(ctx: &Context) -> Result<FolderChosen, UiError> {
    let place = OpenPlace {
        title: "Choose a folder to search".to_owned(),
        yes: "Choose".to_owned(),
        folder: true,
    };
    let Some(path) = ctx.host.choose_to_open(place).await else {
        return Ok(FolderChosen { path: None });
    };
    match path.to_str() {
        Some(path) => Ok(FolderChosen {
            path: Some(path.to_owned()),
        }),
        None => Err(UiError::new(
            ErrorCode::Other,
            "This folder’s name can’t be written down.",
            "Choose the folder that it is in.",
        )),
    }
}

/// This app's own folders. They hold the last 8 characters of every key, as the list shows them.
pub(crate) fn own_folders(ctx: &Context) -> impl Iterator<Item = PathBuf> {
    [ctx.folders.config(), ctx.folders.data()]
        .map(Path::to_owned)
        .into_iter()
}

async fn checked(ctx: &Context, written: &[String]) -> Vec<SearchFolder> {
    let home = ctx.host.home();
    let mut checked = Vec::with_capacity(written.len());
    for text in written {
        let path = whole(text, home.as_deref());
        let state = match &path {
            Some(path) => state(path.clone()).await,
            None => FolderState::Missing,
        };
        let path = path.unwrap_or_else(|| text.into());
        checked.push(SearchFolder {
            written: text.clone(),
            path: path.display().to_string(),
            state,
        });
    }
    checked
}

async fn state(path: PathBuf) -> FolderState {
    let look = tokio::task::spawn_blocking(move || {
        let about = std::fs::metadata(&path)?;
        if about.is_dir() {
            std::fs::read_dir(&path)?;
        }
        io::Result::Ok(())
    });
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(Ok(()))) => FolderState::There,
        Ok(Ok(Err(error))) if error.kind() == io::ErrorKind::PermissionDenied => {
            FolderState::Denied
        }
        Ok(_) => FolderState::Missing,
        Err(_) => FolderState::Silent,
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
        assert!(problem(&folders(&["/a"; MOST + 1])).is_some());
        assert!(problem(&folders(&[&format!("/{}", "a".repeat(LONGEST))])).is_some());
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
