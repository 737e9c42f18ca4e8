//! How tokens leave custody: stored by the person, kept for good, dead, or given up on signing out.
//!
//! A token is marked as leaving before the keychain forgets it, so that a crash in the middle is finished at the next
//! start. Left out: how they arrive (`custody`).

use crate::accounts::Account;
use crate::app::PulseKeys;
use crate::custody::{not_in_custody, token_name};
use crate::custody_records::{self as records, Record, Stage};
use crate::intents;
use crate::journal::{self, Action, Entry};
use crate::notices::{self, Kept};
use crate::rotate_words;
use crate::view::{AccountId, Custody, CustodyId, ErrorCode, NextStep, UiError};
use pulseapi::KeyId;

impl PulseKeys {
    /// The person has stored the token elsewhere: it leaves the keychain or the memory that held it.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails; then it is still in custody.
    pub async fn token_stored(&self, id: CustodyId) -> Result<Custody, UiError> {
        if self.in_process.is_only_here(id) {
            let record = self
                .in_process
                .live()
                .get(&id)
                .map(|live| live.record.clone());
            let record = record.ok_or_else(not_in_custody)?;
            if self.has_more_to_do(&record).await? {
                self.finish_own_rotation(record.account).await.ok();
            }
            self.drop_record(&record, "stored elsewhere").await?;
            return self.custody().await;
        }
        let (record, _) = self.open_token(id).await?;
        if self.has_more_to_do(&record).await? {
            // The last chance for the account to move to it. The person has the token either way.
            self.finish_own_rotation(record.account).await.ok();
        }
        self.database
            .run(move |transaction| records::advance(transaction, id, Stage::Leaving))
            .await?;
        if let Err(error) = self.vault().forget(&token_name(record.account, id)).await {
            let stage = record.stage;
            self.database
                .run(move |transaction| records::advance(transaction, id, stage))
                .await?;
            return Err(error.into());
        }
        self.drop_record(&record, "stored elsewhere").await?;
        self.custody().await
    }

    /// The token stays in the keychain until the person takes it out.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails; then it is where it was.
    pub async fn keep_token(&self, id: CustodyId) -> Result<Custody, UiError> {
        let (record, secret) = self.open_token(id).await?;
        if self.in_process.is_only_here(id) {
            let vault = self.vault();
            if vault.is_session_only() {
                return Err(UiError::new(
                    ErrorCode::Other,
                    "There is no keychain in this session, so the token cannot stay after you close the app.",
                    "Copy it to where it is needed, then press “I have stored it”.",
                ));
            }
            vault.store(&token_name(record.account, id), secret).await?;
        }
        let kept = Record {
            stage: Stage::Kept,
            ..record.clone()
        };
        let entry = self.custody_entry(&record, Action::KeepToken, "kept in the keychain");
        let account = record.account;
        let settles = !self.has_more_to_do(&record).await?;
        self.database
            .run(move |transaction| {
                records::add(transaction, &kept)?;
                records::advance(transaction, id, Stage::Kept)?;
                if settles {
                    intents::settle(transaction, id.0)?;
                }
                journal::append(transaction, &entry)
            })
            .await?;
        self.in_process.live().remove(&id);
        if !settles {
            // Now that the keychain takes secrets again, the account can move too. If not now, at the next start.
            self.finish_own_rotation(account).await.ok();
        }
        self.custody().await
    }

    /// The record goes, from memory too, and the journal says why. The keychain is done with already. An account that
    /// has yet to move to this token can't do so any more: that is told.
    pub(crate) async fn drop_record(&self, record: &Record, outcome: &str) -> Result<(), UiError> {
        let id = record.id;
        let entry = self.custody_entry(record, Action::StoreToken, outcome);
        let left_behind = self.has_more_to_do(record).await?.then(|| Kept {
            id: id.0,
            at: self.now(),
            account: record.account,
            key: record.key.clone(),
            message: rotate_words::left_behind(&record.name, &record.last_eight),
            next: Some(NextStep::ReplaceCredential {
                account: record.account,
            }),
        });
        self.database
            .run(move |transaction| {
                records::remove(transaction, id)?;
                intents::settle(transaction, id.0)?;
                if let Some(notice) = &left_behind {
                    notices::add(transaction, notice)?;
                }
                journal::append(transaction, &entry)
            })
            .await?;
        self.in_process.live().remove(&id);
        self.in_process.previous().remove(&id);
        Ok(())
    }

    /// Whether the account has yet to move to this token: then its intent is not fulfilled by storing it.
    async fn has_more_to_do(&self, record: &Record) -> Result<bool, UiError> {
        let open = intents::open(&self.database).await?;
        Ok(open.iter().any(|open| match open {
            intents::Open::Rotate(intent) => intent.custody() == record.id && intent.what.key.own,
            _ => false,
        }) && !self.token_view(record).own)
    }

    /// Tokens that stopped working, because their key was deleted or rotated: nobody needs them any more.
    /// `but` is the one that works.
    pub(crate) async fn forget_dead_tokens(
        &self,
        account: AccountId,
        key: &KeyId,
        but: Option<CustodyId>,
    ) -> Result<(), UiError> {
        self.take_out_all(|record| {
            record.account == account && record.key.as_ref() == Some(key) && Some(record.id) != but
        })
        .await
    }

    async fn take_out_all(&self, is_meant: impl Fn(&Record) -> bool) -> Result<(), UiError> {
        let mut meant: Vec<Record> = {
            let live = self.in_process.live();
            live.values().map(|live| live.record.clone()).collect()
        };
        meant.extend(records::all(&self.database).await?);
        meant.retain(is_meant);
        for record in meant {
            self.take_out(&record).await?;
        }
        Ok(())
    }

    /// Out of memory, keychain and records, without a word in the journal. What the keychain refuses to forget is
    /// tried again at the next start; a token that this process alone knew of is written down for that.
    async fn take_out(&self, record: &Record) -> Result<(), UiError> {
        let id = record.id;
        let leaving = Record {
            stage: Stage::Leaving,
            ..record.clone()
        };
        self.database
            .run(move |transaction| {
                records::add(transaction, &leaving)?;
                records::advance(transaction, id, Stage::Leaving)?;
                // Nobody needs to be told what became of a request whose token is not wanted any more.
                intents::settle(transaction, id.0)
            })
            .await?;
        self.in_process.live().remove(&id);
        self.in_process.previous().remove(&id);
        self.finish_leaving(record).await
    }

    async fn finish_leaving(&self, record: &Record) -> Result<(), UiError> {
        let id = record.id;
        if let Err(error) = self.vault().forget(&token_name(record.account, id)).await {
            tracing::warn!("a token stays in the keychain for now: {error}");
            return Ok(());
        }
        self.database
            .run(move |transaction| records::remove(transaction, id))
            .await?;
        Ok(())
    }

    /// Takes out what was on its way out of the keychain when the app stopped.
    pub(crate) async fn finish_all_leaving(&self) -> Result<(), UiError> {
        for record in records::all(&self.database).await? {
            if record.stage == Stage::Leaving {
                self.finish_leaving(&record).await?;
            }
        }
        Ok(())
    }

    /// All tokens of an account leave, without having been stored: the person chose so when signing out.
    pub(crate) async fn forget_tokens_of(&self, account: &Account) -> Result<(), UiError> {
        self.take_out_all(|record| record.account == account.id)
            .await
    }

    fn custody_entry(&self, record: &Record, action: Action, outcome: &str) -> Entry {
        Entry {
            at: self.now(),
            account: record.account,
            account_label: record.account_label.clone(),
            action,
            key: Some(journal::KeyNamed {
                id: record.key.as_ref().map(|key| key.as_str().to_owned()),
                name: record.name.clone(),
                last_eight: record.last_eight.clone(),
            }),
            outcome: outcome.to_owned(),
            request_id: None,
        }
    }
}
