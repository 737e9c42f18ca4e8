//! One deletion that the person confirmed: look again, note, send, find out what became of it, write that down.
//!
//! 1. The service is asked for the key once more, right before the request leaves: anything that is not as it was
//!    shown ends it, and so does a key that can't be asked for. What this waits for (keychain, credential) was waited for
//!    before.
//! 2. An intent is noted, then one `DELETE` leaves. It is never sent twice, unless the service refused it with a time
//!    to wait and somebody waits (`patience`); then the key is looked at anew first.
//! 3. The answer alone proves nothing. After a confirmed deletion the record's own 404 does; after any other answer a
//!    404 is only a doubt, which a fresh whole list settles (`settle`). Many deletions share one list.
//! 4. Where a token of the key is known, it is tried (`revocation`).
//! 5. Intent, cache and journal change in one transaction. What is not known stays open, and nothing goes that depends
//!    on it: no row of the list, no token in custody, no credential.
//!
//! Left out: what is asked of the person before (`delete`, `bulk_delete`), and what a later start does with an open
//! intent (`reconcile`).

use jiff::Timestamp;
use pulseapi::{Client, Error as ApiError, IdempotencyKey, KeyId};
use uuid::Uuid;

use crate::accounts::Account;
use crate::app::{PulseKeys, row};
use crate::database::DatabaseError;
use crate::delete_words as words;
use crate::errors::at_work;
use crate::intents::{self, Deletion, Intent};
use crate::journal::{self, Action, Entry};
use crate::key_changes::{self, KeyChange, Shown};
use crate::notices;
use crate::patience::Patience;
use crate::revocation::{KnownTokens, Trial};
use crate::revocation_records as revocations;
use crate::settle::{Looked, Proof, look_patiently};
use crate::turn::OnItsWay;
use crate::view::{AppState, DeleteCard, DeleteOutcome, KeyRow, UiError, Verification};

/// How the journal tells of a confirmed deletion after which the key is still there.
const STILL_LISTED: &str = "unknown: confirmed, but still listed";

/// And of one after which the key could not be looked at.
const NOT_SEEN: &str = "unknown: confirmed, but not seen to be gone";

/// How much is known of a key that is not known to be gone: what its intent follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It was not deleted.
    Alive,
    /// Nothing; the intent stays open.
    Nothing,
}

/// A key whose deletion the person confirmed.
pub(crate) struct Confirmed {
    /// As it was shown to them.
    pub(crate) shown: Shown,
    /// The person was told that something uses it all the time: another use is no news.
    pub(crate) expects_use: bool,
    pub(crate) tokens: KnownTokens,
}

/// What became of a deletion that was confirmed.
pub(crate) enum Fate {
    Deleted {
        at: Timestamp,
        verification: Verification,
        message: String,
        signed_out: Option<AppState>,
    },
    GoneAlready {
        message: String,
        signed_out: Option<AppState>,
    },
    /// It was not what had been shown. Nothing was sent.
    Changed {
        card: Box<DeleteCard>,
        changes: Vec<KeyChange>,
    },
    NotDeleted {
        error: UiError,
        /// For whoever has more keys to delete.
        why: ApiError,
        /// Whether the request had left.
        was_sent: bool,
    },
    Unknown {
        error: UiError,
        /// What kept the service from being asked; none where it contradicts itself.
        why: Option<ApiError>,
    },
}

impl From<Fate> for DeleteOutcome {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Deleted {
                at,
                verification,
                message,
                signed_out,
            } => Self::Deleted {
                at,
                verification,
                message,
                signed_out,
            },
            Fate::GoneAlready {
                message,
                signed_out,
            } => Self::GoneAlready {
                message,
                signed_out,
            },
            Fate::Changed { card, changes } => Self::CardChanged {
                message: key_changes::since_yes(&card.key, &changes),
                card: *card,
            },
            Fate::NotDeleted { error, .. } => Self::NotDeleted { error },
            Fate::Unknown { error, .. } => Self::Unknown { error },
        }
    }
}

/// A deletion whose intent is noted. Until it is dropped, nobody else settles it.
struct Noted<'a> {
    intent: Intent<Deletion>,
    _way: OnItsWay<'a>,
}

/// After what the service said that it has no such key.
enum After {
    /// Before anything was sent, or when all of it had been refused.
    Nothing,
    /// A `DELETE` that was answered the same.
    NotFound,
    /// A `DELETE` whose answer got lost in this way.
    Silence(ApiError),
}

/// A key of which the service says that it has no such record: gone, if a fresh whole list says so too.
pub(crate) struct Doubt<'a> {
    key: KeyRow,
    noted: Option<Noted<'a>>,
    after: After,
}

impl Doubt<'_> {
    /// Nothing was noted or sent about the key.
    pub(crate) fn before_anything(key: KeyRow) -> Self {
        Self {
            key,
            noted: None,
            after: After::Nothing,
        }
    }

    /// Which key.
    pub(crate) fn key(&self) -> &KeyRow {
        &self.key
    }
}

/// Why what became of a deletion could not be written down.
pub(crate) enum Unwritten {
    /// Nothing was sent, or only what was refused.
    Before(UiError),
    /// The request had left. Its note may still be open.
    After(UiError),
}

impl From<Unwritten> for UiError {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Before(error) | Unwritten::After(error) => error,
        }
    }
}

/// How far a deletion came.
pub(crate) enum Sent<'a> {
    Ended(Fate),
    /// A list has to say.
    Doubtful(Doubt<'a>),
}

/// What is to be told and done once a key is known to be gone.
struct Gone<'a> {
    key: &'a KeyRow,
    intent: Option<&'a Intent<Deletion>>,
    /// Whether it was this deletion.
    by_us: bool,
    request_id: Option<String>,
}

impl PulseKeys {
    /// Deletes a key that the person has said yes to, if it still is what was shown, and finds out what became of it.
    ///
    /// # Errors
    /// When the app's own files fail.
    pub(crate) async fn delete_confirmed(
        &self,
        account: &Account,
        client: &Client,
        confirmed: &Confirmed,
        patience: &dyn Patience,
    ) -> Result<Sent<'_>, Unwritten> {
        let shown = &confirmed.shown;
        let mut noted: Option<Noted<'_>> = None;
        let mut refusals = 0;
        let (noted, answer) = loop {
            let now = match look_patiently(client, &shown.key, patience).await {
                Looked::Alive(found) => row(&found, account),
                Looked::NoRecord => {
                    return Ok(Sent::Doubtful(Doubt {
                        key: shown.key.clone(),
                        noted,
                        after: After::Nothing,
                    }));
                }
                looked => {
                    let why = match looked {
                        Looked::NotKnown(error) => error,
                        _ => ApiError::Unauthorized,
                    };
                    let fate = self.not_sent(account, &shown.key, noted.as_ref(), why);
                    return fate.await.map(Sent::Ended).map_err(Unwritten::Before);
                }
            };
            let card = self.card(account, now);
            let mut changes = key_changes::changes(shown, &Shown::from(&card));
            changes.retain(|change| !(confirmed.expects_use && is_use(change)));
            if !changes.is_empty() {
                let intent = noted.as_ref().map(|noted| &noted.intent);
                let outcome = words::journalled_change(&changes);
                self.write(account, &card.key, intent, Known::Alive, &outcome, None)
                    .await
                    .map_err(|error| Unwritten::Before(error.into()))?;
                let card = Box::new(card);
                return Ok(Sent::Ended(Fate::Changed { card, changes }));
            }
            let held = match noted.take() {
                Some(held) => held,
                None => {
                    let noted = self.note_deletion(account, card.key).await;
                    noted.map_err(Unwritten::Before)?
                }
            };
            let idempotency = IdempotencyKey::from(held.intent.id);
            match client.delete_key(&shown.key.id, idempotency).await {
                Err(refusal @ ApiError::RateLimited { .. })
                    if patience.waits(&refusal, refusals).await =>
                {
                    refusals += 1;
                    noted = Some(held);
                }
                answer => break (held, answer),
            }
        };
        let sent = self
            .answered(account, client, confirmed, patience, noted, answer)
            .await;
        sent.map_err(Unwritten::After)
    }

    /// What became of a deletion that was answered, or whose answer got lost.
    async fn answered<'a>(
        &self,
        account: &Account,
        client: &Client,
        confirmed: &Confirmed,
        patience: &dyn Patience,
        noted: Noted<'a>,
        answer: Result<Option<String>, ApiError>,
    ) -> Result<Sent<'a>, UiError> {
        let key = &noted.intent.what.key;
        let (looked, after) = match answer {
            Ok(request_id) => {
                let intent = &noted.intent;
                let fate =
                    self.after_yes(account, client, intent, confirmed, request_id, patience);
                return fate.await.map(Sent::Ended);
            }
            Err(ApiError::NotFound) => (
                look_patiently(client, key, patience).await,
                After::NotFound,
            ),
            Err(error) if !error.outcome_unknown() => {
                let fate = self.not_deleted(account, &noted.intent, error);
                return fate.await.map(Sent::Ended);
            }
            Err(error) => (
                self.look_after_silence(client, key, patience).await,
                After::Silence(error),
            ),
        };
        self.after_doubt(account, noted, looked, after).await
    }

    async fn note_deletion(&self, account: &Account, key: KeyRow) -> Result<Noted<'_>, UiError> {
        let intent = Intent {
            id: Uuid::new_v4(),
            at: self.now(),
            account: account.id,
            what: Deletion { key },
        };
        let way = self.on_its_way(intent.id, false);
        intents::note(&self.database, &intent).await?;
        Ok(Noted { intent, _way: way })
    }

    /// The service confirmed the deletion: the record's own 404 is the proof, or 401 to the key's own token.
    async fn after_yes(
        &self,
        account: &Account,
        client: &Client,
        intent: &Intent<Deletion>,
        confirmed: &Confirmed,
        request_id: Option<String>,
        patience: &dyn Patience,
    ) -> Result<Fate, UiError> {
        let key = &intent.what.key;
        let gone = Gone {
            key,
            intent: Some(intent),
            by_us: true,
            request_id: request_id.clone(),
        };
        let (outcome, error, why) = match look_patiently(client, key, patience).await {
            Looked::NoRecord => {
                let trial = self
                    .try_tokens(account, &key.last_eight, &confirmed.tokens)
                    .await;
                return self.is_gone(account, gone, trial).await;
            }
            Looked::OwnRefused => {
                // One 401 may be anybody's: it counts when another call gets it too.
                let trial = self
                    .try_tokens(account, &key.last_eight, &confirmed.tokens)
                    .await;
                if trial == (Trial::Refused { is_current: true }) {
                    return self.is_gone(account, gone, trial).await;
                }
                (NOT_SEEN, words::own_key_in_doubt(), None)
            }
            Looked::Alive(_) => (STILL_LISTED, words::still_listed(), None),
            Looked::NotKnown(error) => {
                let told = words::confirmed_but_not_seen(&error);
                (NOT_SEEN, told, Some(error))
            }
        };
        let (intent, known) = (Some(intent), Known::Nothing);
        self.write(account, key, intent, known, outcome, request_id)
            .await?;
        Ok(Fate::Unknown { error, why })
    }

    /// The answer was 404, or got lost.
    async fn after_doubt<'a>(
        &self,
        account: &Account,
        noted: Noted<'a>,
        looked: Looked,
        after: After,
    ) -> Result<Sent<'a>, UiError> {
        let intent = &noted.intent;
        let error = match &after {
            After::Silence(error) => error.clone(),
            After::NotFound | After::Nothing => ApiError::NotFound,
        };
        let (told, why) = match looked {
            Looked::NoRecord => {
                return Ok(Sent::Doubtful(Doubt {
                    key: intent.what.key.clone(),
                    noted: Some(noted),
                    after,
                }));
            }
            Looked::Alive(_) => {
                let fate = self.not_deleted(account, intent, error);
                return fate.await.map(Sent::Ended);
            }
            Looked::OwnRefused => (words::own_key_in_doubt(), None),
            Looked::NotKnown(why) => (words::unknown(&error), Some(why)),
        };
        let key = &intent.what.key;
        let outcome = format!("unknown: {error}");
        self.write(account, key, Some(intent), Known::Nothing, &outcome, None)
            .await?;
        Ok(Sent::Ended(Fate::Unknown { error: told, why }))
    }

    /// What a list says of a key that the service has no record of.
    ///
    /// # Errors
    /// When the app's own files fail; then its note may still be open.
    pub(crate) async fn resolve_doubt(
        &self,
        account: &Account,
        doubt: &Doubt<'_>,
        proof: &Proof,
        tokens: &KnownTokens,
    ) -> Result<Fate, UiError> {
        let Doubt { key, noted, after } = doubt;
        let intent = noted.as_ref().map(|noted| &noted.intent);
        let told = match proof.lacks(&key.id) {
            Ok(true) => {
                let gone = Gone {
                    key,
                    intent,
                    by_us: matches!(after, After::Silence(_)),
                    request_id: None,
                };
                let trial = self.try_tokens(account, &key.last_eight, tokens).await;
                return self.is_gone(account, gone, trial).await;
            }
            Ok(false) => words::listed_but_not_found(key, !matches!(after, After::Nothing)),
            Err(error) => words::not_found_not_proved(key, error, !matches!(after, After::Nothing)),
        };
        let (known, outcome) = match after {
            After::Nothing => (Known::Alive, "not sent: not known whether it is there".to_owned()),
            After::NotFound => (Known::Nothing, format!("unknown: {}", ApiError::NotFound)),
            After::Silence(error) => (Known::Nothing, format!("unknown: {error}")),
        };
        self.write(account, key, intent, known, &outcome, None).await?;
        Ok(Fate::Unknown {
            error: told,
            why: None,
        })
    }

    /// What a later look has proved of a deletion whose outcome was open.
    ///
    /// # Errors
    /// When the app's own files fail; then it may still be open.
    pub(crate) async fn found_gone(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
    ) -> Result<(), UiError> {
        let key = &intent.what.key;
        let tokens = self.known_tokens(account, &key.id, &key.last_eight).await;
        let trial = self.try_tokens(account, &key.last_eight, &tokens).await;
        let gone = Gone {
            key,
            intent: Some(intent),
            by_us: true,
            request_id: None,
        };
        self.is_gone(account, gone, trial).await.map(drop)
    }

    /// A key is known to be gone, and its tokens were tried: all of it is written down, and what is dead goes.
    async fn is_gone(
        &self,
        account: &Account,
        gone: Gone<'_>,
        trial: Trial,
    ) -> Result<Fate, UiError> {
        let Gone {
            key,
            intent,
            by_us,
            request_id,
        } = gone;
        let at = self.now();
        let verification = match trial {
            Trial::Refused { is_current: true } => Verification::TokenRefused,
            Trial::Accepted => Verification::TokenAccepted,
            _ => Verification::RecordGone,
        };
        let outcome = words::journalled(by_us, verification, &trial);
        self.write_gone(account, key, intent, &outcome, request_id, trial.opens(account.id, key, at))
            .await?;
        let signed_out = self.after_trial(account, key, &trial).await?;
        let is_signed_out = signed_out.is_some();
        Ok(if by_us {
            Fate::Deleted {
                at,
                verification,
                message: words::deleted(key, &trial, is_signed_out),
                signed_out,
            }
        } else {
            Fate::GoneAlready {
                message: words::gone_already(Some(key), &trial),
                signed_out,
            }
        })
    }

    /// What goes once a token was seen to be dead: the copies in custody, and where it was the app's own, the account.
    async fn after_trial(
        &self,
        account: &Account,
        key: &KeyRow,
        trial: &Trial,
    ) -> Result<Option<AppState>, UiError> {
        let Trial::Refused { is_current } = trial else {
            return Ok(None);
        };
        if let Err(error) = self.forget_dead_tokens(account.id, &key.id, None).await {
            tracing::warn!("dead tokens stay in custody for now: {}", error.message);
        }
        let is_own = account.own_key.is_token(Some(&key.id), &key.last_eight);
        if !is_own || !is_current {
            return Ok(None);
        }
        self.forget_account(account, words::OWN_KEY_GONE).await?;
        Ok(Some(self.state().await))
    }

    async fn not_deleted(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
        error: ApiError,
    ) -> Result<Fate, UiError> {
        let outcome = format!("not deleted: {error}");
        let key = &intent.what.key;
        self.write(account, key, Some(intent), Known::Alive, &outcome, None)
            .await?;
        let told = match &error {
            ApiError::NotFound => words::not_found_but_there(key),
            error => at_work(error).and_the_key_is_alive(),
        };
        Ok(Fate::NotDeleted {
            error: told,
            why: error,
            was_sent: true,
        })
    }

    /// The key could not be looked at, so nothing was sent, or only what was refused.
    async fn not_sent(
        &self,
        account: &Account,
        key: &KeyRow,
        noted: Option<&Noted<'_>>,
        why: ApiError,
    ) -> Result<Fate, UiError> {
        if let Some(noted) = noted {
            let outcome = format!("not deleted: {why}");
            self.write(account, key, Some(&noted.intent), Known::Alive, &outcome, None)
                .await?;
        }
        Ok(Fate::NotDeleted {
            error: at_work(&why).and_the_key_is_alive(),
            why,
            was_sent: noted.is_some(),
        })
    }

    /// Journal and intent change together, as far as the outcome is known; for a key that is gone, see
    /// [`PulseKeys::write_gone`].
    pub(crate) async fn write(
        &self,
        account: &Account,
        key: &KeyRow,
        intent: Option<&Intent<Deletion>>,
        known: Known,
        outcome: &str,
        request_id: Option<String>,
    ) -> Result<(), DatabaseError> {
        let entry = self.deletion(account, key, outcome, request_id);
        let settled = intent
            .filter(|_| known != Known::Nothing)
            .map(|intent| intent.id);
        self.database
            .run(move |transaction| {
                if let Some(id) = settled {
                    intents::settle(transaction, id)?;
                }
                journal::append(transaction, &entry)
            })
            .await
    }

    /// A key is gone: journal, cache, intent, notices and the watch over its tokens change together.
    async fn write_gone(
        &self,
        account: &Account,
        key: &KeyRow,
        intent: Option<&Intent<Deletion>>,
        outcome: &str,
        request_id: Option<String>,
        opens: Option<revocations::OpenRevocation>,
    ) -> Result<(), DatabaseError> {
        let entry = self.deletion(account, key, outcome, request_id);
        let intent = intent.map(|intent| intent.id);
        let (account, id): (_, KeyId) = (account.id, key.id.clone());
        let is_watched = opens.is_some();
        self.database
            .run(move |transaction| {
                if let Some(intent) = intent {
                    intents::settle(transaction, intent)?;
                }
                crate::cache::remove_key(transaction, account, id.as_str())?;
                notices::remove_of_key(transaction, account, id.as_str())?;
                if let Some(open) = &opens {
                    revocations::put(transaction, open)?;
                }
                journal::append(transaction, &entry)
            })
            .await?;
        if is_watched {
            self.revocations_changed();
        }
        Ok(())
    }

    fn deletion(
        &self,
        account: &Account,
        key: &KeyRow,
        outcome: &str,
        request_id: Option<String>,
    ) -> Entry {
        Entry {
            key: Some(key.into()),
            request_id,
            ..self.entry(account, Action::DeleteKey, outcome)
        }
    }
}

fn is_use(change: &KeyChange) -> bool {
    matches!(change, KeyChange::Used { .. })
}
