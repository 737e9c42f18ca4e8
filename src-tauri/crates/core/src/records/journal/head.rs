//! The journal's head, kept apart from the journal: how many rows there are, and the hash of the newest, in the keychain.
//!
//! A chain of hashes shows every change but one: rows removed at its end. So the end is noted where a program that
//! changes the database does not reach it. The note follows each append some milliseconds later, on its own: no deletion
//! waits for the keychain, none fails with it, and it never asks for a password. A note that could not be written is made
//! up for after the next append, or when the journal is looked at.
//!
//! So the note may be behind, after a crash or a day with a locked keychain; then its row is still in the journal, the
//! newer ones follow it, and nothing is wrong. If its row is not there, or is another one, rows were removed or replaced
//! at the end, or an old copy of the database was put back. That stays in the note for good, because the next append
//! would cover it otherwise. A journal that is older than its note is believed up to there, and told with the time: what
//! was cut off before nobody can know. Left out: the chain itself (`check`).

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use pulseapi::Clock;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use vault::{SecretName, Vault, VaultError};

use crate::base::database::{Database, DatabaseError};
use crate::base::folders::Folders;
use crate::records::journal::{self, Tip};

/// How long the keychain may take to answer before it counts as one that does not.
const KEYCHAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// The form of what is kept. A later version writes a greater number.
const FORM: u32 = 1;

/// So many losses are remembered: the first ones, since later ones may be made to crowd them out.
const MAX_LOSSES: usize = 16;

/// What the keychain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    form: u32,
    /// The number and the hash of the newest row.
    rows: i64,
    hash: String,
    since: Since,
    losses: Vec<Loss>,
}

/// When the note was begun, and how many rows were there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Since {
    pub(crate) at: Timestamp,
    pub(crate) rows: i64,
}

/// The journal did not end as the note says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Loss {
    /// What the note said: the number of the newest row, and its hash.
    pub(crate) rows: i64,
    pub(crate) hash: String,
    /// How many rows there were when that was noticed.
    pub(crate) left: i64,
    /// When it was noticed.
    pub(crate) at: Timestamp,
}

/// What the keychain says about the journal's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All rows that the note speaks of are there, and always were since it was begun.
    AsNoted(Since),
    /// At some time they were not. Never empty.
    Lost(Vec<Loss>),
    /// The keychain could not be asked.
    NotChecked(NotChecked),
}

/// Why the keychain could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotChecked {
    /// This session has none.
    SessionOnly,
    /// It is locked, and its password is not worth asking for here.
    Locked,
    /// There is none, or it failed, or it does not answer.
    Unavailable,
    /// What it holds was written by a later version, or by something else. It is left as it is.
    Unreadable,
}

/// Keeps the note, for one database.
pub(crate) struct HeadKeeper {
    database: Database,
    vault: Arc<Mutex<Vault>>,
    name: SecretName,
    clock: Arc<dyn Clock>,
    /// The newest row that needs no noting: of those that were there when this process began, or noted by it.
    noted: AtomicI64,
    /// One at a time, so that no older note is written over a newer one.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Somebody waits for the turn already, and will see what has been appended until then.
    waits: AtomicBool,
}

impl HeadKeeper {
    /// The keeper of the journal in this database: from now on each append is noted.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn start(
        folders: &Folders,
        database: &Database,
        vault: Arc<Mutex<Vault>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, DatabaseError> {
        let rows_at_start = database.run_here(journal::tip)?.rows;
        let keeper = Arc::new(Self {
            database: database.clone(),
            vault,
            name: name_of(folders),
            clock,
            noted: AtomicI64::new(rows_at_start),
            turn: Arc::default(),
            waits: AtomicBool::new(false),
        });
        let weak = Arc::downgrade(&keeper);
        database.after_each_change(move || note_soon(&weak));
        Ok(keeper)
    }

    /// Compares the journal's end with the note, and brings the note up to it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn check(self: &Arc<Self>) -> Result<End, DatabaseError> {
        let _turn = self.turn.lock().await;
        let checked = compare(&Arc::downgrade(self)).await;
        // It is alive: this very call holds it.
        checked.unwrap_or(Ok(End::NotChecked(NotChecked::Unavailable)))
    }

    fn vault(&self) -> Vault {
        self.vault
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The note that fits the journal as it is now.
    fn note(&self, before: Option<Note>, tip: Tip, hash_there: Option<&str>) -> Note {
        let now = self.clock.now();
        let mut note = before.unwrap_or_else(|| Note {
            form: FORM,
            rows: 0,
            hash: String::new(),
            since: Since {
                at: now,
                rows: tip.rows.min(self.noted.load(Ordering::Relaxed)),
            },
            losses: Vec::new(),
        });
        let is_there = note.rows == 0 || hash_there == Some(note.hash.as_str());
        if !is_there && note.losses.len() < MAX_LOSSES {
            note.losses.push(Loss {
                rows: note.rows,
                hash: note.hash,
                left: tip.rows,
                at: now,
            });
        }
        note.rows = tip.rows;
        note.hash = tip.hash;
        note
    }
}

/// Under which name the note of these folders' journal is kept. By the folder, not by anything that stands in it: who
/// takes the whole database away takes that along.
fn name_of(folders: &Folders) -> SecretName {
    let data = folders.data();
    let path = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    SecretName::journal(&hex::encode(digest.get(..16).unwrap_or(&digest)))
}

/// Notes what was appended, in the background. Holds nothing of the app's in the meantime, so that the app may end.
fn note_soon(keeper: &Weak<HeadKeeper>) {
    let is_first = |keeper: &Arc<HeadKeeper>| !keeper.waits.swap(true, Ordering::AcqRel);
    if !keeper.upgrade().as_ref().is_some_and(is_first) {
        return;
    }
    let keeper = Weak::clone(keeper);
    tokio::spawn(async move {
        if let Some(Err(error)) = note_new_rows(&keeper).await {
            tracing::warn!("the journal's end could not be noted: {error}");
        }
    });
}

async fn note_new_rows(keeper: &Weak<HeadKeeper>) -> Option<Result<(), DatabaseError>> {
    let turn = Arc::clone(&keeper.upgrade()?.turn);
    let _turn = turn.lock().await;
    keeper.upgrade()?.waits.store(false, Ordering::Release);
    let reading = keeper.upgrade()?.database.run(journal::tip);
    let newest = match reading.await {
        Ok(tip) => tip.rows,
        Err(error) => return Some(Err(error)),
    };
    if newest == keeper.upgrade()?.noted.load(Ordering::Relaxed) {
        return Some(Ok(()));
    }
    Some(compare(keeper).await?.map(drop))
}

/// To be called by the thread that has the turn. Nothing when the app has ended.
async fn compare(keeper: &Weak<HeadKeeper>) -> Option<Result<End, DatabaseError>> {
    let (vault, name) = {
        let keeper = keeper.upgrade()?;
        (keeper.vault(), keeper.name.clone())
    };
    // The note first: another process may be appending, and a note that is younger than the journal looks like a loss.
    let before = match noted(&vault, &name).await {
        Ok(before) => before,
        Err(why) => return Some(Ok(End::NotChecked(why))),
    };
    let place = before.as_ref().map_or(0, |note| note.rows);
    let reading = keeper.upgrade()?.database.run(move |transaction| {
        Ok((
            journal::tip(transaction)?,
            journal::hash_of(transaction, place)?,
        ))
    });
    let (tip, hash_there) = match reading.await {
        Ok(read) => read,
        Err(error) => return Some(Err(error)),
    };
    let is_begun = before.is_some();
    let note = keeper
        .upgrade()?
        .note(before.clone(), tip.clone(), hash_there.as_deref());
    if before.as_ref() != Some(&note)
        && (is_begun || tip.rows > 0)
        && let Err(why) = write(&vault, &name, &note).await
    {
        return Some(Ok(if note.losses.is_empty() {
            End::NotChecked(why)
        } else {
            End::Lost(note.losses)
        }));
    }
    keeper.upgrade()?.noted.store(tip.rows, Ordering::Relaxed);
    Some(Ok(if note.losses.is_empty() {
        End::AsNoted(note.since)
    } else {
        End::Lost(note.losses)
    }))
}

async fn noted(vault: &Vault, name: &SecretName) -> Result<Option<Note>, NotChecked> {
    if vault.is_session_only() {
        return Err(NotChecked::SessionOnly);
    }
    let loading = vault.load_unprompted(name);
    let text = match tokio::time::timeout(KEYCHAIN_TIMEOUT, loading).await {
        Ok(Ok(text)) => text,
        Ok(Err(VaultError::None)) => return Ok(None),
        Ok(Err(error)) => return Err(not_checked(&error)),
        Err(_) => return Err(NotChecked::Unavailable),
    };
    match serde_json::from_str::<Note>(text.expose_secret()) {
        Ok(note) if note.form == FORM => Ok(Some(note)),
        _ => Err(NotChecked::Unreadable),
    }
}

async fn write(vault: &Vault, name: &SecretName, note: &Note) -> Result<(), NotChecked> {
    let text = serde_json::to_string(note).map_err(|_| NotChecked::Unreadable)?;
    let storing = vault.store_unprompted(name, SecretString::from(text));
    match tokio::time::timeout(KEYCHAIN_TIMEOUT, storing).await {
        Ok(stored) => stored.map_err(|error| not_checked(&error)),
        Err(_) => Err(NotChecked::Unavailable),
    }
}

fn not_checked(error: &VaultError) -> NotChecked {
    match error {
        VaultError::Locked | VaultError::Denied => NotChecked::Locked,
        VaultError::Ambiguous => NotChecked::Unreadable,
        VaultError::Unavailable { .. } | VaultError::None | VaultError::Failed { .. } => {
            NotChecked::Unavailable
        }
    }
}
