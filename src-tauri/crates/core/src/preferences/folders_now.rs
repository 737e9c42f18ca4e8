//! The search folders as they are now on this machine, and choosing one.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::error::{ErrorCode, UiError};
use crate::context::Context;
use crate::host::OpenPlace;
use crate::preferences;
use crate::preferences::search_folders::whole;
use crate::preferences::wire::{FolderChosen, FolderState, SearchFolder, SearchFoldersChecked};

/// How long a folder may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

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

/// The user chooses a folder in a native dialog.
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
    match tokio::time::timeout(ANSWER_TIMEOUT, look).await {
        Ok(Ok(Ok(()))) => FolderState::There,
        Ok(Ok(Err(error))) if error.kind() == io::ErrorKind::PermissionDenied => {
            FolderState::Denied
        }
        Ok(_) => FolderState::Missing,
        Err(_) => FolderState::Silent,
    }
}
