//! Outcomes that an earlier run or a lost answer left open, settled by asking the keychain and the service.
//!
//! A token that reached the keychain settles its intent, whatever else was interrupted. Otherwise the service is
//! asked: at the start each open intent by its record, after a refresh the fresh list itself is the answer. Nothing
//! is ever sent again. What costs the person a token is kept as a notice until it was read. Left out: noting intents
//! (`delete`, `rotate`, `create`).

use std::fs::File;
use std::sync::Arc;

use vault::VaultError;

use crate::accounts::Account;
use crate::app::PulseKeys;
use crate::create::CreationSettled;
use crate::create_words;
use crate::delete_words;
use crate::deletion_outcome::Known;
use crate::errors::at_work;
use crate::intents::{self, Creation, Deletion, Intent, Open, Rotation};
use crate::notices::{self, Kept};
use crate::rotate::RotationSettled;
use crate::rotate_words;
use crate::settle::{Looked, Proof, look};
use crate::view::{CustodyId, KeyRow, Notice, UiError};

/// A token that an interrupted request may have brought.
enum InKeychain {
    Yes(pulseapi::BearerToken),
    No,
    /// The keychain cannot be asked.
    NotKnown(UiError),
}

impl PulseKeys {
    /// Settles what can be settled, and tells what was found out. What costs the person a token is told until the
    /// notice is dismissed, everything else once.
    ///
    /// # Errors
    /// When the app's own files fail. A service or keychain that cannot be asked is a notice, not an error.
    pub async fn reconcile(&self) -> Result<Vec<Notice>, UiError> {
        let _one_at_a_time = self.settling.lock().await;
        self.finish_all_leaving().await?;
        let mut told: Vec<Notice> = self.notices_of_damage().collect();
        let (unattended, _rest) = self.unattended().await?;
        for open in unattended {
            told.extend(self.settle_open(&open).await?);
        }
        told.extend(notices::unread(&self.database).await?);
        Ok(told)
    }

    /// The open intents that nobody is at work on: no call of this process, and no custodian, for as long as the
    /// second part is held.
    async fn unattended(&self) -> Result<(Vec<Open>, Option<Arc<File>>), UiError> {
        let unattended = async || -> Result<Vec<Open>, UiError> {
            let mut open = intents::open(&self.database).await?;
            open.retain(|open| !self.is_on_its_way(open.id()) && !self.is_held(open.id()));
            Ok(open)
        };
        let open = unattended().await?;
        if open.iter().all(|open| matches!(open, Open::Delete(_))) {
            return Ok((open, None));
        }
        // An earlier run's custodian may still be at work, and may have fulfilled one by the time that it is done.
        let rest = self.custodian_rests().await?;
        Ok((unattended().await?, Some(rest)))
    }

    async fn settle_open(&self, open: &Open) -> Result<Option<Notice>, UiError> {
        let Ok(account) = self.account(open.account()) else {
            return self.signed_out_since(open).await;
        };
        let told = match open {
            Open::Delete(intent) => self.settle_deletion(&account, intent).await?,
            Open::Rotate(intent) => self.settle_open_rotation(&account, intent).await?,
            Open::Create(intent) => self.settle_open_creation(&account, intent).await?,
        };
        Ok(told.map(|(needs_attention, message)| Notice {
            id: open.id().to_string(),
            needs_attention,
            message,
            next: None,
        }))
    }

    /// Nobody here can ask any more. A deletion needs nobody; a token that may be lost does.
    async fn signed_out_since(&self, open: &Open) -> Result<Option<Notice>, UiError> {
        let id = open.id();
        let message = match open {
            Open::Delete(_) => None,
            Open::Rotate(intent) => Some(rotate_words::signed_out_since(&intent.what.key)),
            Open::Create(intent) => Some(create_words::signed_out_since(&intent.what.name)),
        };
        let notice = message.map(|message| Kept {
            id,
            at: self.now(),
            account: open.account(),
            key: None,
            message,
            next: None,
        });
        self.database
            .run(move |transaction| {
                if let Some(notice) = &notice {
                    notices::add(transaction, notice)?;
                }
                intents::settle(transaction, id)
            })
            .await?;
        Ok(None)
    }

    async fn settle_deletion(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
    ) -> Result<Option<(bool, String)>, UiError> {
        let key = &intent.what.key;
        let client = match self.signed_in(intent.account).await {
            Ok((_, client)) => client,
            Err(error) => return Ok(Some((true, delete_words::still_unknown(key, &error)))),
        };
        Ok(Some(match look(&client, key).await {
            Looked::NoRecord => {
                let proof = Proof::fetch(&client, account).await;
                match proof.lacks(&key.id) {
                    Ok(true) => {
                        self.found_gone(account, intent).await?;
                        (false, delete_words::found_gone(key))
                    }
                    Ok(false) => {
                        let error = delete_words::listed_but_not_found(key, true);
                        (true, delete_words::still_unknown(key, &error))
                    }
                    Err(error) => (true, delete_words::still_unknown(key, error)),
                }
            }
            Looked::Alive(_) => {
                self.found_alive(account, intent).await?;
                (true, delete_words::found_alive(key))
            }
            // A deletion explains it, and so does a gateway: the credential stays.
            Looked::OwnRefused => {
                let error = delete_words::own_key_in_doubt();
                (true, delete_words::still_unknown(key, &error))
            }
            Looked::NotKnown(error) => (true, delete_words::still_unknown(key, &at_work(&error))),
        }))
    }

    async fn found_alive(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
    ) -> Result<(), UiError> {
        let outcome = "not deleted: interrupted, the key is alive";
        let key = &intent.what.key;
        self.write(account, key, Some(intent), Known::Alive, outcome, None)
            .await?;
        Ok(())
    }

    /// A key that is listed is alive. One that is not is gone when the service, asked for it, has no such record either.
    async fn settle_deletion_by_list(
        &self,
        account: &Account,
        intent: &Intent<Deletion>,
        keys: &[KeyRow],
    ) -> Result<(), UiError> {
        let key = &intent.what.key;
        if keys.iter().any(|listed| listed.id == key.id) {
            return self.found_alive(account, intent).await;
        }
        let (_, client) = self.signed_in(account.id).await?;
        if let Looked::NoRecord = look(&client, key).await {
            self.found_gone(account, intent).await?;
        }
        Ok(())
    }

    async fn in_keychain(&self, account: &Account, id: CustodyId) -> InKeychain {
        match self.token_in_keychain(account.id, id).await {
            Ok(Some(token)) => InKeychain::Yes(token),
            Ok(None) => InKeychain::No,
            // Two of one name: one of them is the token.
            Err(VaultError::Ambiguous) => InKeychain::NotKnown(VaultError::Ambiguous.into()),
            Err(error) => InKeychain::NotKnown(error.into()),
        }
    }

    async fn settle_open_rotation(
        &self,
        account: &Account,
        intent: &Intent<Rotation>,
    ) -> Result<Option<(bool, String)>, UiError> {
        let key = &intent.what.key;
        match self.in_keychain(account, intent.custody()).await {
            InKeychain::Yes(token) if !key.own => {
                self.rotation_found_in_keychain(account, intent, &token)
                    .await?;
                return Ok(None);
            }
            // The account moves to it first; signing in does that.
            InKeychain::Yes(_) => {
                let moved = self.finish_own_rotation(account.id).await;
                return Ok(moved
                    .err()
                    .map(|error| (true, rotate_words::not_adopted(error).message)));
            }
            InKeychain::No => {}
            InKeychain::NotKnown(error) => {
                return Ok(Some((true, rotate_words::still_unknown(key, &error))));
            }
        }
        let client = match self.signed_in(intent.account).await {
            Ok((_, client)) => client,
            Err(error) => return Ok(Some((true, rotate_words::still_unknown(key, &error)))),
        };
        let settled = self.settle_rotation(account, &client, intent).await?;
        Ok(told_of_rotation(key, settled))
    }

    async fn settle_open_creation(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
    ) -> Result<Option<(bool, String)>, UiError> {
        let name = &intent.what.name;
        match self.in_keychain(account, intent.custody()).await {
            InKeychain::Yes(token) => {
                self.creation_found_in_keychain(account, intent, &token)
                    .await?;
                return Ok(None);
            }
            InKeychain::No => {}
            InKeychain::NotKnown(error) => {
                return Ok(Some((true, create_words::still_unknown(name, &error))));
            }
        }
        let client = match self.signed_in(intent.account).await {
            Ok((_, client)) => client,
            Err(error) => return Ok(Some((true, create_words::still_unknown(name, &error)))),
        };
        let settled = self.settle_creation(account, &client, intent).await?;
        Ok(match settled {
            CreationSettled::NotCreated => Some((false, create_words::found_none(name))),
            // Told by the notice that is kept.
            CreationSettled::Lost { .. } => None,
            CreationSettled::NotKnown(error) => {
                Some((true, create_words::still_unknown(name, &error)))
            }
        })
    }

    /// A whole fresh list answers every question about its account that was open before it was read. Whether there
    /// was one.
    pub(crate) async fn settle_by_list(
        &self,
        account: &Account,
        keys: &[KeyRow],
    ) -> Result<bool, UiError> {
        let _one_at_a_time = self.settling.lock().await;
        let mut any = false;
        let (unattended, _rest) = self.unattended().await?;
        for open in unattended {
            if open.account() != account.id {
                continue;
            }
            any = true;
            match open {
                Open::Delete(intent) => {
                    self.settle_deletion_by_list(account, &intent, keys).await?;
                }
                Open::Rotate(intent) => {
                    match self.in_keychain(account, intent.custody()).await {
                        InKeychain::Yes(token) if !intent.what.key.own => {
                            self.rotation_found_in_keychain(account, &intent, &token)
                                .await?;
                        }
                        // The app's own is finished by signing in, which has happened before a list was read.
                        InKeychain::Yes(_) | InKeychain::NotKnown(_) => {}
                        InKeychain::No => {
                            self.settle_rotation_by_list(account, &intent, keys).await?;
                        }
                    }
                }
                Open::Create(intent) => match self.in_keychain(account, intent.custody()).await {
                    InKeychain::Yes(token) => {
                        self.creation_found_in_keychain(account, &intent, &token)
                            .await?;
                    }
                    InKeychain::NotKnown(_) => {}
                    InKeychain::No => {
                        self.settle_creation_by_list(account, &intent, keys).await?;
                    }
                },
            }
        }
        Ok(any)
    }
}

fn told_of_rotation(key: &KeyRow, settled: RotationSettled) -> Option<(bool, String)> {
    match settled {
        RotationSettled::NotRotated => Some((false, rotate_words::found_unchanged(key))),
        // Told by the notice that is kept.
        RotationSettled::Lost { .. } => None,
        RotationSettled::Gone => Some((false, rotate_words::gone(Some(key)))),
        RotationSettled::NotKnown(error) => Some((true, rotate_words::still_unknown(key, &error))),
    }
}
