//! Deleting a key: look, ask, note, act, check the truth, write it down.
//!
//! 1. The service is asked for the key again, so that the evidence is of now and not of when the list was read.
//! 2. The level of friction is computed from that evidence, what a search of this machine has found so far, and what the
//!    person chose, and enforced: the phrase has to match.
//! 3. The host asks the person. Anything but an explicit yes ends it, and so does a search that has found the key
//!    meanwhile; nothing was sent.
//! 4. An intent is noted, then one `DELETE` leaves. It is never sent twice, unless the service refused it with a time
//!    to wait and somebody waits (`patience`).
//! 5. Where the answer does not settle the outcome, the service is asked for the record (`settle`).
//! 6. Intent, cache and journal change in one transaction. The app's own key ends in signing out.
//!
//! Left out: how the level is computed (`friction`), the words (`delete_words`), many keys at once (`bulk_delete`,
//! which does steps 4 to 6 through here), and what a later start does with an open intent (`reconcile`).

use jiff::Timestamp;
use pulseapi::{BearerToken, Client, Error as ApiError, IdempotencyKey, KeyId};

use crate::accounts::Account;
use crate::app::{PulseKeys, row};
use crate::database::DatabaseError;
use crate::delete_words as words;
use crate::errors::at_work;
use crate::friction;
use crate::host::Reply;
use crate::intents::{self, Deletion, Intent};
use crate::journal::{self, Action, Entry};
use crate::notices;
use crate::patience::{NoPatience, Patience};
use crate::settle::{Settled, look_patiently};
use crate::text::collapsed;
use crate::turn::{OnItsWay, Subject};
use crate::view::{
    AppState, DeleteCard, DeleteOutcome, DeleteRequest, KeyRequest, KeyRow, UiError, Verification,
};

/// How much is known of a key after a deletion was sent: what the intent and the cache follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is gone.
    Gone,
    /// It is there.
    Alive,
    /// Neither; the intent stays open.
    Nothing,
}

/// A deletion whose intent is noted, and that may leave now.
pub(crate) struct NotedDeletion<'a> {
    intent: Intent<Deletion>,
    _way: OnItsWay<'a>,
}

impl NotedDeletion<'_> {
    fn key_id(&self) -> &KeyId {
        &self.intent.what.key.id
    }
}

/// What became of a deletion that left.
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
    NotDeleted {
        error: UiError,
        /// For whoever has more keys to delete.
        why: ApiError,
    },
    Unknown {
        error: UiError,
        /// What kept the service from being asked; none where it contradicts itself.
        why: Option<ApiError>,
    },
}

impl Fate {
    /// Whether the key, and so every token of it, is dead.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, Self::Deleted { .. } | Self::GoneAlready { .. })
    }
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
            Fate::NotDeleted { error, .. } => Self::NotDeleted { error },
            Fate::Unknown { error, .. } => Self::Unknown { error },
        }
    }
}

impl PulseKeys {
    /// What is shown before a key is deleted, asked of the service now.
    ///
    /// # Errors
    /// What the service reports; with the code "other" when the key is gone already.
    pub async fn delete_card(&self, request: &KeyRequest) -> Result<DeleteCard, UiError> {
        let (account, client) = self.signed_in(request.account).await?;
        let key = client
            .key(&request.key)
            .await
            .map_err(|error| at_work(&error))?;
        Ok(self.card(&account, row(&key, &account)))
    }

    /// The card of a key as the service described it just now.
    pub(crate) fn card(&self, account: &Account, key: KeyRow) -> DeleteCard {
        let now = self.now();
        self.searches.looked_at(account.id, &key);
        let strictness = self.preferences().strictness;
        let found = self.searches.evidence(account.id, &key).for_friction();
        let level = friction::level(&key, found, strictness, now);
        let phrase = friction::phrase(&key, level);
        DeleteCard {
            friction: level,
            phrase_is_last_eight: phrase
                .as_ref()
                .is_some_and(|(_, is_last_eight)| *is_last_eight),
            phrase: phrase.map(|(phrase, _)| phrase),
            evidence: words::evidence(&key, now),
            usage: self.key_usage(account.id, &key),
            consequence: words::consequence(&key, level),
            asked_at: now,
            key,
        }
    }

    /// Deletes a key, after the person has said yes to the host's question.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, a deletion of the same key is under
    /// way, or the app's own files fail. Whatever the service says is an outcome, not an error.
    pub async fn delete_key(&self, request: &DeleteRequest) -> Result<DeleteOutcome, UiError> {
        let _turn = self.take_turn(Subject::Key(request.account, request.key.clone()))?;
        let (account, client) = self.signed_in(request.account).await?;

        let key = match client.key(&request.key).await {
            Ok(key) => row(&key, &account),
            Err(ApiError::NotFound) => return self.gone_before(&account, &request.key).await,
            Err(error) => {
                return Ok(DeleteOutcome::NotDeleted {
                    error: at_work(&error).and_the_key_is_alive(),
                });
            }
        };
        let card = self.card(&account, key.clone());
        if let Some(phrase) = &card.phrase {
            let typed = request.typed.as_deref().map(collapsed);
            if typed.as_ref() != Some(phrase) {
                let message = words::phrase_missing(&card, typed.as_deref());
                return Ok(DeleteOutcome::CardChanged { card, message });
            }
        }
        match self.host.ask(words::question(&card, self.now())).await {
            Reply::Yes => {}
            Reply::Alternative => return Ok(DeleteOutcome::RotateInstead),
            Reply::No => return Ok(DeleteOutcome::Cancelled),
        }
        // A search may have found it while the question was on screen, which then named too little.
        let card_now = self.card(&account, key.clone());
        if card_now.friction > card.friction {
            let message = words::phrase_missing(&card_now, None);
            return Ok(DeleteOutcome::CardChanged {
                card: card_now,
                message,
            });
        }

        let noted = self.note_deletion(&account, key).await?;
        let fate = self
            .send_deletion(&account, &client, &noted, &NoPatience)
            .await?;
        if fate.is_gone() {
            self.forget_dead_tokens(account.id, noted.key_id(), None)
                .await?;
        }
        Ok(fate.into())
    }

    /// Notes a deletion before it leaves. From here on until it is dropped, nobody else settles it.
    ///
    /// # Errors
    /// When the database fails: then nothing may be sent.
    pub(crate) async fn note_deletion(
        &self,
        account: &Account,
        key: KeyRow,
    ) -> Result<NotedDeletion<'_>, UiError> {
        let intent = Intent::new(account, self.now(), Deletion { key });
        let way = self.on_its_way(intent.id, false);
        intents::note(&self.database, &intent).await?;
        Ok(NotedDeletion { intent, _way: way })
    }

    /// Sends a noted deletion, finds out what became of it, and writes that down. A `DELETE` that was refused with a
    /// time to wait is sent again as far as the patience goes; after anything else none follows.
    ///
    /// # Errors
    /// When the app's own files fail: the outcome is not written down then, and its note may still be open.
    pub(crate) async fn send_deletion(
        &self,
        account: &Account,
        client: &Client,
        noted: &NotedDeletion<'_>,
        patience: &dyn Patience,
    ) -> Result<Fate, UiError> {
        let intent = &noted.intent;
        let token = self.known_token(account.id, noted.key_id()).await;
        let mut refusals = 0;
        let answer = loop {
            let answer = client
                .delete_key(noted.key_id(), IdempotencyKey::from(intent.id))
                .await;
            match answer {
                Err(refusal @ ApiError::RateLimited { .. })
                    if patience.waits(&refusal, refusals).await =>
                {
                    refusals += 1;
                }
                answer => break answer,
            }
        };
        let request_id = answer.as_ref().ok().cloned().flatten();
        match answer {
            Ok(_) => match look_patiently(client, &intent.what.key, patience).await {
                Settled::Gone(verification) => {
                    let verification = self.try_token_once(account, verification, token).await;
                    self.deleted(account, intent, verification, request_id)
                        .await
                }
                Settled::Alive => {
                    self.write_down(
                        account,
                        intent,
                        Known::Nothing,
                        "unknown: confirmed, but still listed",
                        request_id,
                    )
                    .await?;
                    Ok(Fate::Unknown {
                        error: words::still_listed(),
                        why: None,
                    })
                }
                Settled::NotKnown(_) => {
                    self.deleted(account, intent, Verification::AnswerOnly, request_id)
                        .await
                }
            },
            Err(ApiError::NotFound) => {
                self.write_down(account, intent, Known::Gone, "gone already", request_id)
                    .await?;
                let signed_out = self.sign_out_if_own(account, &intent.what.key).await?;
                Ok(Fate::GoneAlready {
                    message: words::gone_already(Some(&intent.what.key)),
                    signed_out,
                })
            }
            Err(error) if !error.outcome_unknown() => {
                self.not_deleted(account, intent, error).await
            }
            Err(error) => match self
                .settle_after_silence(client, &intent.what.key, patience)
                .await
            {
                Settled::Gone(verification) => {
                    let verification = self.try_token_once(account, verification, token).await;
                    self.deleted(account, intent, verification, request_id)
                        .await
                }
                Settled::Alive => self.not_deleted(account, intent, error).await,
                Settled::NotKnown(why) => {
                    self.write_down(
                        account,
                        intent,
                        Known::Nothing,
                        &format!("unknown: {error}"),
                        request_id,
                    )
                    .await?;
                    Ok(Fate::Unknown {
                        error: words::unknown(&error),
                        why: Some(why),
                    })
                }
            },
        }
    }

    /// Where the key's token is known, it is tried once: a 401 to it is the best proof that there is.
    async fn try_token_once(
        &self,
        account: &Account,
        verification: Verification,
        token: Option<BearerToken>,
    ) -> Verification {
        let Some(token) = token else {
            return verification;
        };
        let Ok(client) = self.client_of(account, token).await else {
            return verification;
        };
        match client.user().await {
            Err(ApiError::Unauthorized) => Verification::TokenRefused,
            _ => verification,
        }
    }

    async fn deleted(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
        verification: Verification,
        request_id: Option<String>,
    ) -> Result<Fate, UiError> {
        self.write_down(
            account,
            intent,
            Known::Gone,
            words::journalled(verification),
            request_id,
        )
        .await?;
        let signed_out = self.sign_out_if_own(account, &intent.what.key).await?;
        Ok(Fate::Deleted {
            at: self.now(),
            verification,
            message: words::deleted(&intent.what.key, signed_out.is_some()),
            signed_out,
        })
    }

    async fn not_deleted(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
        error: ApiError,
    ) -> Result<Fate, UiError> {
        let outcome = format!("not deleted: {error}");
        self.write_down(account, intent, Known::Alive, &outcome, None)
            .await?;
        Ok(Fate::NotDeleted {
            error: at_work(&error).and_the_key_is_alive(),
            why: error,
        })
    }

    /// The key was not there when the service was asked before anything was sent.
    async fn gone_before(&self, account: &Account, key: &KeyId) -> Result<DeleteOutcome, UiError> {
        let cached = self
            .cached_keys(account.id)
            .await?
            .keys
            .into_iter()
            .find(|row| row.id == *key);
        let entry = Entry {
            key: cached.as_ref().map(Into::into),
            ..self.entry(account, Action::DeleteKey, "gone already")
        };
        let (id, key) = (account.id, key.clone());
        self.database
            .run(move |transaction| {
                crate::cache::remove_key(transaction, id, key.as_str())?;
                journal::append(transaction, &entry)
            })
            .await?;
        Ok(DeleteOutcome::GoneAlready {
            message: words::gone_already(cached.as_ref()),
            signed_out: None,
        })
    }

    /// Journal, cache and intent change together, as far as the outcome is known.
    pub(crate) async fn write_down(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
        known: Known,
        outcome: &str,
        request_id: Option<String>,
    ) -> Result<(), DatabaseError> {
        let entry = self.deletion(account, &intent.what.key, outcome, request_id);
        let intent = intent.clone();
        self.database
            .run(move |transaction| {
                if known != Known::Nothing {
                    intents::settle(transaction, intent.id)?;
                }
                if known == Known::Gone {
                    let id = intent.what.key.id.as_str();
                    crate::cache::remove_key(transaction, intent.account, id)?;
                    notices::remove_of_key(transaction, intent.account, id)?;
                }
                journal::append(transaction, &entry)
            })
            .await
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

    /// Without its own key the app is not signed in any more, and says so.
    pub(crate) async fn sign_out_if_own(
        &self,
        account: &Account,
        key: &KeyRow,
    ) -> Result<Option<AppState>, UiError> {
        if !key.own {
            return Ok(None);
        }
        self.forget_account(account, "signed out: its key was deleted")
            .await?;
        Ok(Some(self.state().await))
    }
}
