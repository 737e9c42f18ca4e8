//! Rotating a key: settle, look, ask, look again, note, act, bring the token to safety, write it down.
//!
//! 1. What an earlier request about this key left open is settled first. Where it cannot be, nothing is sent.
//! 2. The service is asked for the key, and the host asks the user. Anything but an explicit yes ends it.
//! 3. The keychain shows that it can store, and the service is asked for the key once more: if it changed while the user
//!    was asked, nothing is sent.
//! 4. An intent is noted, then one request leaves. It is never sent twice.
//! 5. The token goes into custody before anything else happens to it.
//! 6. Was it the app's own key, the account moves to the new token (`own_key`).
//! 7. Intent, list, journal and custody change in one transaction.
//!
//! Where no token arrives, the service is asked whether the key changed, and again until the answer is proof (`watch`).
//! Left out: the words (`rotate_words`), and looking at an open intent later (`reconcile`).

pub(crate) mod messages;
pub(crate) mod verify;

use pulseapi::{BearerToken, Client, Error as ApiError};

use crate::accounts::Account;
use crate::accounts::wire::KeyRequest;
use crate::app::{PulseKeys, row};
use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::custody::client::{Fresh, WriteError};
use crate::custody::wire::{RotateCard, RotateOutcome, RotateRequest};
use crate::custody::worker::Task;
use crate::custody::{Arrival, InKeychain};
use crate::host::Reply;
use crate::keys::changes as key_changes;
use crate::keys::delete::messages::evidence;
use crate::keys::rotate::messages as words;
use crate::keys::rotate::verify::{Closing, RotationSettled, record_of_rotation, was, with_token};
use crate::keys::verify::Proof;
use crate::keys::wire::KeyRow;
use crate::operation_lock::Subject;
use crate::records::intents;
use crate::records::intents::{Intent, KnownToken, Rotation};
use crate::records::journal;
use crate::records::journal::{Action, Entry};

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
        Ok(self.rotate_card_of(&account, row(&key, &account)))
    }

    fn rotate_card_of(&self, account: &Account, key: KeyRow) -> RotateCard {
        self.searches.looked_at(account.id, &key);
        let now = self.now();
        RotateCard {
            evidence: evidence(&key, now),
            reasons: words::reasons(&key),
            asked_at: now,
            key,
        }
    }

    /// Rotates a key, after the user has said yes to the host's question.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, something is being done with the key
    /// already, or the app's own files fail before anything was sent. Whatever the service says is an outcome.
    pub async fn rotate_key(&self, request: &RotateRequest) -> Result<RotateOutcome, UiError> {
        let _turn = self.take_turn(Subject::Key(request.account, request.key.clone()))?;
        let (account, client) = self.signed_in(request.account).await?;
        if let Some(error) = self.settle_before_write(&account, &request.key).await? {
            return Ok(not_rotated(error));
        }

        let key = match client.key(&request.key).await {
            Ok(key) => row(&key, &account),
            Err(ApiError::NotFound) => {
                return self.gone_before_rotation(&account, &client, request).await;
            }
            Err(error) => return Ok(not_rotated(at_work(&error))),
        };
        let question = words::question(&key, request.reason, self.now());
        if self.host.ask(question).await != Reply::Yes {
            return Ok(RotateOutcome::Cancelled);
        }

        if let Err(error) = self.keychain_stores().await {
            return Ok(not_rotated(error));
        }
        let old = if key.own {
            self.credential(account.id).await.ok()
        } else {
            self.known_token(account.id, &key.id).await
        };
        match client
            .key(&request.key)
            .await
            .map(|now| row(&now, &account))
        {
            Ok(now) => {
                let changes = key_changes::changes_of_key(&key, &now);
                if !changes.is_empty() {
                    return Ok(RotateOutcome::CardChanged {
                        message: words::changed(&now, &changes),
                        card: Box::new(self.rotate_card_of(&account, now)),
                    });
                }
            }
            Err(error) => return Ok(not_rotated(at_work(&error))),
        }

        let what = Rotation {
            token: KnownToken::of(&key),
            key,
            reason: request.reason,
        };
        let intent = Intent::new(&account, self.now(), what);
        let way = self.on_its_way(intent.id, false);
        intents::note(&self.database, &intent).await?;
        let task = Task::Rotate(intent.what.key.id.clone());
        let name = &intent.what.key.name;
        let sent = self.run_errand(&account, &client, &way, name, task).await;
        match sent {
            Ok(fresh) => Ok(self.rotated(&account, &intent, fresh, old).await),
            Err(WriteError::NotSent(error)) => {
                let outcome = format!("not rotated: {}", error.message);
                self.close_rotation(&account, &intent, &Closing::with(&outcome))
                    .await?;
                Ok(not_rotated(error))
            }
            Err(WriteError::Service(error)) if !error.outcome_unknown() => {
                self.refused(&account, &client, &intent, &error).await
            }
            Err(WriteError::Service(error)) => {
                self.after_silence(&account, &client, &intent, &error).await
            }
        }
    }

    /// The service refused the request: it did nothing.
    async fn refused(
        &self,
        account: &Account,
        client: &Client,
        intent: &Intent<Rotation>,
        error: &ApiError,
    ) -> Result<RotateOutcome, UiError> {
        let key = &intent.what.key;
        if matches!(error, ApiError::NotFound)
            && Proof::fetch(client, account).await.lacks(&key.id) == Ok(true)
        {
            self.close_rotation(account, intent, &Closing::gone())
                .await?;
            return Ok(RotateOutcome::Gone {
                message: words::gone(Some(key)),
            });
        }
        let outcome = format!("not rotated: {error}");
        self.close_rotation(account, intent, &Closing::with(&outcome))
            .await?;
        Ok(not_rotated(at_work(error)))
    }

    /// The service said that the key is not there, before anything was sent.
    async fn gone_before_rotation(
        &self,
        account: &Account,
        client: &Client,
        request: &RotateRequest,
    ) -> Result<RotateOutcome, UiError> {
        match Proof::fetch(client, account).await.lacks(&request.key) {
            Ok(true) => {}
            Ok(false) => return Ok(not_rotated(words::not_found_but_listed())),
            Err(error) => return Ok(not_rotated(words::not_found_not_proved(error))),
        }
        let known = self.cached_keys(account.id).await?.keys;
        let key = known.into_iter().find(|key| key.id == request.key);
        let (account, id) = (account.id, request.key.clone());
        self.database
            .run(move |transaction| {
                crate::records::key_cache::remove_key(transaction, account, id.as_str())
            })
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
        let intent = &self.outcome_unknown(intent).await?;
        // The keychain first: who carried the write may have brought the token to safety before the answer got lost.
        match self.token_in_keychain(account.id, intent.custody()).await {
            InKeychain::Yes(token) => {
                let fresh = Fresh::in_keychain(token);
                return Ok(self.rotated(account, intent, fresh, None).await);
            }
            InKeychain::No => {}
            InKeychain::NotKnown(_) => {
                self.journal_unknown(account, intent, error).await?;
                return Ok(RotateOutcome::Unknown {
                    error: words::unknown(error),
                });
            }
        }
        Ok(match self.settle_rotation(account, client, intent).await? {
            RotationSettled::NotRotated => not_rotated(at_work(error)),
            RotationSettled::Watched => {
                self.journal_unknown(account, intent, error).await?;
                RotateOutcome::Unknown {
                    error: words::watched(error, &intent.what.key, self.now()),
                }
            }
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
        mut fresh: Fresh,
        old: Option<BearerToken>,
    ) -> RotateOutcome {
        let before = &intent.what.key;
        let record = record_of_rotation(intent, &was(account), &fresh.token, self.now());
        let mut trouble = self.take_in(&record, &mut fresh).await;

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
            || {
                with_token(
                    before,
                    &record,
                    account
                        .own_key
                        .is_token(Some(&before.id), &record.last_eight),
                )
            },
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

fn not_rotated(error: UiError) -> RotateOutcome {
    RotateOutcome::NotRotated {
        error: words::not_rotated(error),
    }
}
