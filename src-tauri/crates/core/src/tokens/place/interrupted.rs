//! What is under way with files, written down before it begins: what a kill leaves behind is ended at the next start.
//!
//! Paths and salted digests of contents; no secret.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pulseapi::KeyId;
use replace::{Finished, Pending};
use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::base::text::sanitized;
use crate::context::Context;
use crate::custody::records::Record;
use crate::records::journal::{self, Action, Entry, KeyNamed};
use crate::records::notices::Notice;
use crate::tokens::place::candidates::Candidate;
use crate::tokens::place::messages;
use crate::tokens::place::purpose::{OfSwap, Place, Purpose};

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
    /// The same files as a user knows them. Earlier versions did not write them down.
    #[serde(default)]
    places: Vec<Place>,
    /// The swap that they belong to.
    #[serde(default)]
    swap: Option<OfSwap>,
    /// Whose token it is.
    #[serde(default)]
    account: Option<(AccountId, String)>,
    #[serde(default)]
    key: Option<KeyId>,
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
        let stored = Stored {
            name: token.name.to_owned(),
            last_eight: token.last_eight.to_owned(),
            folders,
            files: Vec::new(),
            places: Vec::new(),
            swap: None,
            account: None,
            key: None,
        };
        Self::note(ctx, stored).await
    }

    /// Files are written.
    pub(super) async fn writing(
        ctx: &Context,
        record: &Record,
        purpose: &Purpose,
        files: Vec<(Place, Pending)>,
    ) -> Result<Self, UiError> {
        let (places, files) = files.into_iter().unzip();
        let stored = Stored {
            name: record.name.clone(),
            last_eight: record.last_eight.clone(),
            folders: BTreeSet::new(),
            files,
            places,
            swap: purpose.swap(),
            account: Some((record.account, record.account_label.clone())),
            key: record.key.clone(),
        };
        Self::note(ctx, stored).await
    }

    async fn note(ctx: &Context, stored: Stored) -> Result<Self, UiError> {
        if stored.folders.is_empty() && stored.files.is_empty() {
            return Ok(Self(None));
        }
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

    /// The journal tells what became of it, and unless something is left to be ended, it is forgotten.
    pub(super) async fn end(
        self,
        ctx: &Context,
        is_ended: bool,
        entry: Entry,
    ) -> Result<(), UiError> {
        let id = self.0.filter(|_| is_ended);
        ctx.database
            .run(move |transaction| {
                if let Some(id) = id {
                    forget(transaction, &id.to_string())?;
                }
                journal::append(transaction, &entry)
            })
            .await?;
        Ok(())
    }

    pub(super) async fn forget(self, ctx: &Context) -> Result<(), UiError> {
        if let Some(id) = self.0 {
            ctx.database
                .run(move |transaction| forget(transaction, &id.to_string()))
                .await?;
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
        let ended = tokio::task::spawn_blocking(move || (end(&stored), stored)).await;
        let Ok((ended, stored)) = ended else { continue };
        let entry = stored.entry(ctx, &ended);
        // The swap says so before the row is forgotten, so that a kill right here is mended too.
        if let Some(swap) = stored.swap {
            let written = stored.places.into_iter().zip(&ended.has_new);
            let written = written.filter_map(|(place, has_new)| has_new.then_some(place));
            swap.written(ctx, written.collect()).await?;
        }
        if ended.is_ended {
            let id = id.clone();
            ctx.database
                .run(move |transaction| {
                    if let Some(entry) = &entry {
                        journal::append(transaction, entry)?;
                    }
                    forget(transaction, &id)
                })
                .await?;
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

impl Stored {
    /// What the journal tells of files that an earlier run was at; nothing where only something was tried.
    fn entry(&self, ctx: &Context, ended: &Ended) -> Option<Entry> {
        let (account, account_label) = self.account.clone()?;
        let is_back = self.swap.as_ref().is_some_and(OfSwap::is_back);
        let places = self.places.iter().zip(&ended.has_new);
        let places: Vec<(&str, bool)> = places
            .map(|(place, has_new)| (place.short_path.as_str(), *has_new))
            .collect();
        (!places.is_empty()).then(|| Entry {
            at: ctx.now(),
            account,
            account_label,
            action: Action::PutInPlace,
            key: Some(KeyNamed {
                id: self.key.as_ref().map(|key| key.as_str().to_owned()),
                name: self.name.clone(),
                last_eight: self.last_eight.clone(),
            }),
            outcome: messages::journalled_later(&places, is_back),
            request_id: None,
        })
    }
}

struct Ended {
    is_ended: bool,
    message: Option<String>,
    /// Of each file, in their order, whether it has the token that it was to get.
    has_new: Vec<bool>,
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
    let mut has_new = Vec::new();
    for pending in &stored.files {
        let path = sanitized(&pending.target().to_string_lossy());
        let finished = pending.finish();
        has_new.push(matches!(finished, Ok(Finished::Done)));
        match finished {
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
    let is_back = stored.swap.as_ref().is_some_and(OfSwap::is_back);
    let Stored {
        name, last_eight, ..
    } = stored;
    let message = (!stored.files.is_empty())
        .then(|| messages::interrupted(name, last_eight, &new, &old, &beside, is_back));
    Ended {
        is_ended,
        message,
        has_new,
    }
}

fn forget(transaction: &Transaction<'_>, id: &str) -> rusqlite::Result<usize> {
    transaction.execute("DELETE FROM replacing WHERE id = ?1", [id])
}
