//! What is done about a finding: opened, shown, its path copied, its place in the history of a repository worked out.
//!
//! The page names a finding, never a path: only what a search of this app really reported can be opened. Left out: the
//! programs that open it (`host`).

use pulseapi::KeyId;
use secrecy::SecretString;
use usage::git::{self, ObjectLocation};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::base::text::sanitized;
use crate::context::Context;
use crate::host::{ShowError, Showing};
use crate::records::accounts;
use crate::usage::found::StoredFinding;
use crate::usage::kept;
use crate::usage::searches::Searches;
use crate::usage::wire::{FindingAction, FindingRequest, GitCommit, GitLocation, LocateRequest};

/// Does something about a finding of the last report of a key.
///
/// # Errors
/// When no report of the key has it, this can't be done about it, or the system can't do it.
pub(crate) async fn open_finding(ctx: &Context, request: &FindingRequest) -> Result<(), UiError> {
    let found = reported(ctx, request.account, &request.key, &request.finding).await?;
    if !found.actions().contains(&request.action) {
        return Err(UiError::new(
            ErrorCode::Other,
            "This can’t be done about this finding.",
            "",
        ));
    }
    let showing = match request.action {
        FindingAction::Open => Showing::Editor,
        FindingAction::Show => Showing::Folder,
        FindingAction::CopyPath => {
            let path = found.path().to_string_lossy().into_owned();
            ctx.host
                .copy(SecretString::from(path), false)
                .await
                .map_err(|error| error.told("Show the file in its folder instead."))?;
            return Ok(());
        }
    };
    ctx.host
        .show(found.path(), showing)
        .await
        .map_err(|error| not_shown(&error, &found))
}

/// Works out where in the history of its repository a finding is.
///
/// # Errors
/// When no report of the key has it, it is in no repository, or git can't tell.
pub(crate) async fn locate_finding(
    ctx: &Context,
    request: &LocateRequest,
) -> Result<GitLocation, UiError> {
    let found = reported(ctx, request.account, &request.key, &request.finding).await?;
    let Some((store, object)) = found.object() else {
        return Err(UiError::new(
            ErrorCode::Other,
            "This is not in the history of a repository.",
            "",
        ));
    };
    let (store, object) = (store.to_owned(), object.to_owned());
    let asked = tokio::task::spawn_blocking(move || git::locate(&store, &object));
    match asked.await {
        Ok(Ok(found)) => Ok(meta(found)),
        Ok(Err(error)) => Err(UiError::new(ErrorCode::Other, format!("{error}."), "")),
        Err(_) => Err(UiError::new(
            ErrorCode::Other,
            "The commit could not be determined.",
            "",
        )),
    }
}

/// A finding that a search of this key reported: one under way, the last of this process, or the one that is kept.
async fn reported(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    finding: &str,
) -> Result<StoredFinding, UiError> {
    accounts::find(ctx, account)?;
    if let Some(found) = ctx.of::<Searches>().found(account, key, finding) {
        return Ok(found);
    }
    let kept = kept::last(&ctx.database, account, key).await?;
    let found = kept.and_then(|(meta, findings)| {
        let mut all = findings.all_found().chain(&meta.hints);
        all.find(|found| found.id == finding).cloned()
    });
    found.ok_or_else(|| {
        UiError::new(
            ErrorCode::Other,
            "The last search for this key did not find this.",
            "Search again.",
        )
    })
}

fn not_shown(error: &ShowError, found: &StoredFinding) -> UiError {
    UiError::new(
        ErrorCode::Other,
        error.to_string(),
        format!(
            "Look at {} yourself.",
            sanitized(&found.path().to_string_lossy())
        ),
    )
}

fn meta(found: ObjectLocation) -> GitLocation {
    let message = if found.pushed {
        "A remote has it: treat the key as leaked, and rotate it. Pulse Keys does not rewrite history."
    } else if found.only_aside {
        "Only a stash or the reflog has it; no branch does. No remote has it, as far as this clone knows."
    } else if found.commits.is_empty() {
        "Nothing in the repository refers to it any more; git removes it in time."
    } else {
        "No remote has it, as far as this clone knows."
    };
    GitLocation {
        message: message.to_owned(),
        pushed: found.pushed,
        commits: found
            .commits
            .into_iter()
            .map(|commit| GitCommit {
                commit: commit.commit,
                paths: commit.paths.iter().map(|path| sanitized(path)).collect(),
            })
            .collect(),
    }
}
