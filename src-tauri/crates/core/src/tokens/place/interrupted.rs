//! What is under way with files, written down before it begins: what a kill leaves behind is ended at the next start.
//!
//! Paths and salted digests of contents; no secret.

use std::collections::BTreeSet;
use std::path::PathBuf;

use replace::{Finished, Pending};
use rusqlite::params;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::error::UiError;
use crate::base::text::sanitized;
use crate::context::Context;
use crate::records::notices::Notice;
use crate::tokens::place::candidates::Candidate;
use crate::tokens::place::messages;

/// One run at a time writes.
#[derive(Default)]
pub(crate) struct OneRun(pub(super) tokio::sync::Mutex<()>);

/// What a notice calls the token that is put in place, or that a place is sought for.
#[derive(Clone, Copy)]
pub(super) struct NamedToken<'a> {
    pub(super) name: &'a str,
    pub(super) last_eight: &'a str,
}

/// What stands in the database.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    name: String,
    last_eight: String,
    /// Folders in which something is only tried.
    #[serde(default)]
    folders: BTreeSet<PathBuf>,
    #[serde(default)]
    files: Vec<Pending>,
}

/// A row that is forgotten when it is over.
pub(super) struct UnderWay(Option<Uuid>);

impl UnderWay {
    /// Files are looked at, which tries things in their folders.
    pub(super) async fn looking(
        ctx: &Context,
        token: NamedToken<'_>,
        files: &[Candidate],
    ) -> Result<Self, UiError> {
        // Where a link leads, if there is one: it is tried there.
        let targets = files
            .iter()
            .filter_map(|file| file.path.canonicalize().ok());
        let folders = targets
            .filter_map(|target| target.parent().map(ToOwned::to_owned))
            .collect();
        Self::note(ctx, token, folders, Vec::new()).await
    }

    /// Files are written.
    pub(super) async fn writing<'a>(
        ctx: &Context,
        token: NamedToken<'_>,
        files: impl Iterator<Item = &'a Pending>,
    ) -> Result<Self, UiError> {
        let files = files.cloned().collect();
        Self::note(ctx, token, BTreeSet::new(), files).await
    }

    async fn note(
        ctx: &Context,
        token: NamedToken<'_>,
        folders: BTreeSet<PathBuf>,
        files: Vec<Pending>,
    ) -> Result<Self, UiError> {
        if folders.is_empty() && files.is_empty() {
            return Ok(Self(None));
        }
        let stored = Stored {
            name: token.name.to_owned(),
            last_eight: token.last_eight.to_owned(),
            folders,
            files,
        };
        let id = Uuid::new_v4();
        ctx.database
            .run(move |transaction| {
                let about = serde_json::to_string(&stored)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
                transaction.execute(
                    "INSERT INTO replacing (id, about) VALUES (?1, ?2)",
                    params![id.to_string(), about],
                )
            })
            .await?;
        Ok(Self(Some(id)))
    }

    pub(super) async fn forget(self, ctx: &Context) -> Result<(), UiError> {
        if let Some(id) = self.0 {
            forget(ctx, id.to_string()).await?;
        }
        Ok(())
    }
}

/// Ends what an earlier run left in the middle, and tells of files that were to be written.
///
/// # Errors
/// When the database fails.
pub(crate) async fn finish(ctx: &Context) -> Result<Vec<Notice>, UiError> {
    // What this run is at is not in the middle.
    let Ok(_one_at_a_time) = ctx.of::<OneRun>().0.try_lock() else {
        return Ok(Vec::new());
    };
    let rows: Vec<(String, String)> = ctx
        .database
        .run(|transaction| {
            let mut statement = transaction.prepare("SELECT id, about FROM replacing")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })
        .await?;
    let mut told = Vec::new();
    for (id, about) in rows {
        let Ok(stored) = serde_json::from_str::<Stored>(&about) else {
            tracing::warn!("what is under way with files was written by another version");
            continue;
        };
        let ended = tokio::task::spawn_blocking(move || end(&stored)).await;
        let Ok(ended) = ended else { continue };
        if ended.is_ended {
            forget(ctx, id.clone()).await?;
        }
        told.extend(ended.message.map(|message| Notice {
            id,
            needs_attention: true,
            message,
            next: None,
        }));
    }
    Ok(told)
}

struct Ended {
    is_ended: bool,
    message: Option<String>,
}

fn end(stored: &Stored) -> Ended {
    let mut is_ended = true;
    for folder in &stored.folders {
        if let Err(reason) = replace::sweep(folder) {
            tracing::warn!("a folder is swept at the next start: {reason:?}");
            is_ended = false;
        }
    }
    let (mut new, mut old, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    for pending in &stored.files {
        let path = sanitized(&pending.target().to_string_lossy());
        match pending.finish() {
            Ok(Finished::Done) => new.push(path),
            Ok(Finished::NotDone) => old.push(path),
            Ok(Finished::LeftBeside(other)) => beside.push(sanitized(&other.to_string_lossy())),
            Err(reason) => {
                tracing::warn!("a file is ended at the next start: {reason:?}");
                is_ended = false;
                old.push(path);
            }
        }
    }
    let message = (!stored.files.is_empty())
        .then(|| messages::interrupted(&stored.name, &stored.last_eight, &new, &old, &beside));
    Ended { is_ended, message }
}

async fn forget(ctx: &Context, id: String) -> Result<(), UiError> {
    ctx.database
        .run(move |transaction| transaction.execute("DELETE FROM replacing WHERE id = ?1", [id]))
        .await?;
    Ok(())
}
