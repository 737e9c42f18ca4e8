//! Rotating a key: look, ask, note, act, bring the token to safety, write it down.
//!
//! 1. The service is asked for the key again: what it looks like now is what it is compared with if the answer gets
//!    lost.
//! 2. The host asks the person. Anything but an explicit yes ends it; nothing was sent.
//! 3. An intent is noted, then one request leaves. It is never sent twice.
//! 4. The token goes into custody before anything else happens to it.
//! 5. Was it the app's own key, the account moves to the new token (`own_key`).
//! 6. Intent, list, journal and custody change in one transaction.
//!
//! Where no token arrives, the service is asked whether the key changed. Left out: the words (`rotate_words`), and
//! what a later start does with an open intent (`reconcile`).

use jiff::Timestamp;
use pulseapi::{BearerToken, Client, Error as ApiError};
use uuid::Uuid;

use crate::accounts::Account;
use crate::app::{PulseKeys, row};
use crate::custodian::Task;
use crate::custody::Arrival;
use crate::custody_records::{self as records, Record};
use crate::delete_words::evidence;
use crate::errand::Fresh;
use crate::errors::at_work;
use crate::host::Reply;
use crate::intents::{self, Intent, Rotation};
use crate::journal::{self, Action, Entry};
use crate::notices::{self, Kept};
use crate::rotate_words as words;
use crate::settle::SECOND_LOOK;
use crate::turn::Subject;
use crate::view::{
    KeyRequest, KeyRow, NextStep, RotateCard, RotateOutcome, RotateRequest, TokenOrigin, UiError,
};

/// What the service says of a key that was to be rotated.
#[derive(Debug)]
enum Seen {
    /// It is as it was.
    Unchanged,
    /// It has another token; none where the app's own token is refused and so can't ask.
    Rotated(Option<KeyRow>),
    /// It is not there any more.
    Gone,
    /// The service could not be asked.
    NotKnown(UiError),
}

/// How a rotation without a token ended, after the service was asked.
#[derive(Debug)]
pub(crate) enum RotationSettled {
    NotRotated,
    Lost { message: String, next: NextStep },
    Gone,
    NotKnown(UiError),
}

impl PulseKeys {
    /// What is shown before a key is rotated, asked of the service now.
    ///
    /// # Errors
    /// What the service reports.
    pub async fn rotate_card(&self, request: &KeyRequest) -> Result<RotateCard, UiError> {
        let (account, client) = self.signed_in(request.account).await?;
        let key = client
            .key(&request.key)
            .await
            .map_err(|error| at_work(&error))?;
        let key = row(&key, &account);
        self.searches.looked_at(account.id, &key);
        let now = self.now();
        Ok(RotateCard {
            evidence: evidence(&key, now),
            reasons: words::reasons(&key),
            asked_at: now,
            key,
        })
    }

    /// Rotates a key, after the person has said yes to the host's question.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, something is being done with the key
    /// already, or the app's own files fail before anything was sent. Whatever the service says is an outcome.
    pub async fn rotate_key(&self, request: &RotateRequest) -> Result<RotateOutcome, UiError> {
        let _turn = self.take_turn(Subject::Key(request.account, request.key.clone()))?;
        let (account, client) = self.signed_in(request.account).await?;

        let key = match client.key(&request.key).await {
            Ok(key) => row(&key, &account),
            Err(ApiError::NotFound) => return self.gone_before_rotation(&account, request).await,
            Err(error) => {
                return Ok(RotateOutcome::NotRotated {
                    error: words::not_rotated(at_work(&error)),
                });
            }
        };
        let question = words::question(&key, request.reason, self.now());
        if self.host.ask(question).await != Reply::Yes {
            return Ok(RotateOutcome::Cancelled);
        }

        let old = if key.own {
            self.credential(account.id).await.ok()
        } else {
            self.known_token(account.id, &key.id).await
        };
        let intent = Intent {
            id: Uuid::new_v4(),
            at: self.now(),
            account: account.id,
            what: Rotation {
                key,
                reason: request.reason,
            },
        };
        let _way = self.on_its_way(intent.id, self.does_its_own_errands());
        intents::note(&self.database, &intent).await?;
        let task = Task::Rotate(intent.what.key.id.clone());
        match self.run_errand(&account, &client, intent.id, task).await {
            Ok(fresh) => Ok(self.rotated(&account, &intent, fresh, old).await),
            Err(ApiError::NotFound) => {
                self.close_rotation(&account, &intent, &Closing::gone())
                    .await?;
                Ok(RotateOutcome::Gone {
                    message: words::gone(Some(&intent.what.key)),
                })
            }
            Err(error) if !error.outcome_unknown() => {
                let outcome = format!("not rotated: {error}");
                self.close_rotation(&account, &intent, &Closing::with(&outcome))
                    .await?;
                Ok(RotateOutcome::NotRotated {
                    error: words::not_rotated(at_work(&error)),
                })
            }
            Err(error) => self.after_silence(&account, &client, &intent, &error).await,
        }
    }

    /// The key was not there when the service was asked before anything was sent.
    async fn gone_before_rotation(
        &self,
        account: &Account,
        request: &RotateRequest,
    ) -> Result<RotateOutcome, UiError> {
        let known = self.cached_keys(account.id).await?.keys;
        let key = known.into_iter().find(|key| key.id == request.key);
        let (account, id) = (account.id, request.key.clone());
        self.database
            .run(move |transaction| crate::cache::remove_key(transaction, account, id.as_str()))
            .await?;
        Ok(RotateOutcome::Gone {
            message: words::gone(key.as_ref()),
        })
    }

    async fn after_silence(
        &self,
        account: &Account,
        client: &Client,
        intent: &Intent<Rotation>,
        error: &ApiError,
    ) -> Result<RotateOutcome, UiError> {
        // The keychain first: who carried the write may have brought the token to safety before the answer got lost.
        match self.token_in_keychain(account.id, intent.custody()).await {
            Ok(Some(token)) => {
                let fresh = Fresh {
                    key: None,
                    request_id: None,
                    token,
                    is_kept: true,
                };
                return Ok(self.rotated(account, intent, fresh, None).await);
            }
            Ok(None) => {}
            Err(_) => {
                self.journal_unknown(account, intent, error).await?;
                return Ok(RotateOutcome::Unknown {
                    error: words::unknown(error),
                });
            }
        }
        Ok(match self.settle_rotation(account, client, intent).await? {
            RotationSettled::NotRotated => RotateOutcome::NotRotated {
                error: words::not_rotated(at_work(error)),
            },
            RotationSettled::Lost { message, next } => RotateOutcome::TokenLost {
                message,
                next: Some(next),
            },
            RotationSettled::Gone => RotateOutcome::Gone {
                message: words::gone(Some(&intent.what.key)),
            },
            RotationSettled::NotKnown(_) => {
                self.journal_unknown(account, intent, error).await?;
                RotateOutcome::Unknown {
                    error: words::unknown(error),
                }
            }
        })
    }

    async fn rotated(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        fresh: Fresh,
        old: Option<BearerToken>,
    ) -> RotateOutcome {
        let before = &intent.what.key;
        let record = self.record_of_rotation(account, intent, &fresh.token, self.now());
        let mut trouble = self.take_in(&record, &fresh).await;

        let mut settles = true;
        if before.own
            && let Err(error) = self.adopt(account.id, &fresh.token).await
        {
            settles = false;
            trouble = trouble.or(Some(words::not_adopted(error)));
            // Its token is dead: whoever needs a client next finishes the move first.
            self.clients().remove(&account.id);
        }
        // The account knows by now which token is its own.
        let account = self.account(account.id).unwrap_or_else(|_| account.clone());
        let row = fresh.key.map_or_else(
            || with_token(before, &record, &account),
            |key| row(&key, &account),
        );
        let arrival = Arrival {
            entry: Entry {
                key: Some((&row).into()),
                request_id: fresh.request_id,
                ..self.entry(
                    &account,
                    Action::RotateKey,
                    words::journalled(intent.what.reason),
                )
            },
            row: Some(row),
            record: record.clone(),
            settles,
        };
        let not_written = self.write_down_arrival(arrival).await;
        if let Some(old) = old {
            self.in_process.remember_token_before(record.id, old);
        }
        let kept = Some(record.id);
        if let Err(error) = self.forget_dead_tokens(account.id, &before.id, kept).await {
            tracing::warn!("{}", error.message);
        }
        RotateOutcome::Rotated {
            token: Box::new(self.token_view(&record)),
            trouble: trouble.or(not_written),
        }
    }

    fn record_of_rotation(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        token: &BearerToken,
        at: Timestamp,
    ) -> Record {
        Record {
            key: Some(intent.what.key.id.clone()),
            name: intent.what.key.name.clone(),
            ..Record::of(token, intent.custody(), account, TokenOrigin::Rotated, at)
        }
    }

    /// The token of an interrupted rotation is in the keychain: it is put on record, where it is not yet.
    pub(crate) async fn rotation_found_in_keychain(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        token: &BearerToken,
    ) -> Result<(), UiError> {
        let account = self.account(account.id)?;
        let record = self.record_of_rotation(&account, intent, token, intent.at);
        let row = with_token(&intent.what.key, &record, &account);
        let entry = Entry {
            key: Some((&row).into()),
            ..self.entry(&account, Action::RotateKey, words::FOUND_IN_KEYCHAIN)
        };
        self.database
            .run(move |transaction| {
                if records::add(transaction, &record)? {
                    crate::cache::put_key(transaction, record.account, &row)?;
                    notices::remove_of_key(transaction, record.account, row.id.as_str())?;
                    journal::append(transaction, &entry)?;
                }
                intents::settle(transaction, record.id.0)
            })
            .await?;
        self.in_process.forget_if_written(intent.custody());
        Ok(())
    }

    /// Finds out whether a rotation whose token never arrived took place, and writes that down. Asks twice where the
    /// key is as it was: the service may still be at work.
    ///
    /// # Errors
    /// When the app's own files fail.
    pub(crate) async fn settle_rotation(
        &self,
        account: &Account,
        client: &Client,
        intent: &Intent<Rotation>,
    ) -> Result<RotationSettled, UiError> {
        let mut seen = look(client, account, &intent.what.key).await;
        if matches!(seen, Seen::Unchanged) {
            self.options.clock.sleep(SECOND_LOOK).await;
            seen = look(client, account, &intent.what.key).await;
        }
        self.settle_rotation_as(account, intent, seen).await
    }

    /// The same, by a list that was fetched after the rotation was sent.
    pub(crate) async fn settle_rotation_by_list(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        keys: &[KeyRow],
    ) -> Result<RotationSettled, UiError> {
        let before = &intent.what.key;
        let now = keys.iter().find(|key| key.id == before.id);
        self.settle_rotation_as(account, intent, compare(before, now))
            .await
    }

    async fn settle_rotation_as(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        seen: Seen,
    ) -> Result<RotationSettled, UiError> {
        let before = &intent.what.key;
        match seen {
            Seen::Unchanged => {
                self.close_rotation(account, intent, &Closing::with(words::NOT_ROTATED))
                    .await?;
                Ok(RotationSettled::NotRotated)
            }
            Seen::Rotated(now) => {
                let signs_in = now.as_ref().is_some_and(|now| now.own);
                let (message, next) = words::lost(before, account.id, signs_in);
                let closing = Closing {
                    outcome: words::LOST.to_owned(),
                    row: now,
                    gone: false,
                    notice: Some(Kept {
                        id: intent.id,
                        at: self.now(),
                        account: account.id,
                        key: Some(before.id.clone()),
                        message: message.clone(),
                        next: Some(next.clone()),
                    }),
                };
                self.close_rotation(account, intent, &closing).await?;
                self.forget_dead_tokens(account.id, &before.id, None)
                    .await?;
                Ok(RotationSettled::Lost { message, next })
            }
            Seen::Gone => {
                self.close_rotation(account, intent, &Closing::gone())
                    .await?;
                Ok(RotationSettled::Gone)
            }
            Seen::NotKnown(error) => Ok(RotationSettled::NotKnown(error)),
        }
    }

    /// Intent, list, notice and journal change together: the outcome is known, and there is no token.
    async fn close_rotation(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        closing: &Closing,
    ) -> Result<(), UiError> {
        let key = &intent.what.key;
        let entry = Entry {
            key: Some(closing.row.as_ref().unwrap_or(key).into()),
            ..self.entry(account, Action::RotateKey, &closing.outcome)
        };
        let (id, account, key) = (intent.id, account.id, key.id.clone());
        let Closing {
            row, gone, notice, ..
        } = closing.clone();
        self.database
            .run(move |transaction| {
                intents::settle(transaction, id)?;
                if gone {
                    crate::cache::remove_key(transaction, account, key.as_str())?;
                }
                if let Some(row) = &row {
                    crate::cache::put_key(transaction, account, row)?;
                }
                if let Some(notice) = &notice {
                    notices::add(transaction, notice)?;
                }
                journal::append(transaction, &entry)
            })
            .await?;
        Ok(())
    }

    async fn journal_unknown(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
        error: &ApiError,
    ) -> Result<(), UiError> {
        let entry = Entry {
            key: Some((&intent.what.key).into()),
            ..self.entry(account, Action::RotateKey, &format!("unknown: {error}"))
        };
        self.database
            .run(move |transaction| journal::append(transaction, &entry))
            .await?;
        Ok(())
    }
}

/// What is written down of a rotation that brought no token.
#[derive(Clone, Debug)]
struct Closing {
    outcome: String,
    /// The key as it is now, where that is known and differs.
    row: Option<KeyRow>,
    gone: bool,
    notice: Option<Kept>,
}

impl Closing {
    fn with(outcome: &str) -> Self {
        Self {
            outcome: outcome.to_owned(),
            row: None,
            gone: false,
            notice: None,
        }
    }

    fn gone() -> Self {
        Self {
            gone: true,
            ..Self::with("not rotated: gone already")
        }
    }
}

/// The row of a key that has another token now, as far as the token tells.
fn with_token(before: &KeyRow, record: &Record, account: &Account) -> KeyRow {
    KeyRow {
        last_eight: record.last_eight.clone(),
        rotated_at: Some(record.arrived_at),
        rotation_known: true,
        own: account
            .own_key
            .is_token(Some(&before.id), &record.last_eight),
        ..before.clone()
    }
}

/// The app's own key is asked with its own token, which worked a moment ago: a 401 to it shows that it was replaced.
async fn look(client: &Client, account: &Account, before: &KeyRow) -> Seen {
    match client.key(&before.id).await {
        Ok(key) => compare(before, Some(&row(&key, account))),
        Err(ApiError::NotFound) => Seen::Gone,
        Err(ApiError::Unauthorized) if before.own => Seen::Rotated(None),
        Err(error) => Seen::NotKnown(at_work(&error)),
    }
}

fn compare(before: &KeyRow, now: Option<&KeyRow>) -> Seen {
    match now {
        None => Seen::Gone,
        Some(now) if now.last_eight == before.last_eight && rotated_alike(before, now) => {
            Seen::Unchanged
        }
        Some(now) => Seen::Rotated(Some(now.clone())),
    }
}

/// Whether nothing that is known of the times of rotation differs: one that can't be read says nothing.
fn rotated_alike(before: &KeyRow, now: &KeyRow) -> bool {
    now.rotated_at == before.rotated_at || !now.rotation_known || !before.rotation_known
}
