//! Custody: a fresh token goes into the keychain before anything else happens to it, and leaves when the person says
//! so.
//!
//! What the keychain refuses is held in locked memory, where it exists nowhere else: then its intent stays open, so
//! that even a crash is told of, the clipboard is not cleared and the window asks before it closes. What cannot be
//! written down for want of space is remembered in this process, and found in the keychain at the next start, under
//! the name that its intent has. Left out: copying, revealing and trying tokens (`reveal`), and how they come to be.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pulseapi::{BearerToken, KeyId};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;
use vault::{HeldSecret, SecretName, VaultError};

use crate::accounts::Account;
use crate::app::PulseKeys;
use crate::custody_records::{self as records, Record, Stage};
use crate::errand::Fresh;
use crate::host::Question;
use crate::intents;
use crate::journal::{self, Action, Entry};
use crate::notices::{self, Kept};
use crate::rotate_words;
use crate::view::{
    AccountId, Custody, CustodyId, CustodyPlace, CustodyState, ErrorCode, KeyRow, NextStep,
    TokenInCustody, UiError,
};
use crate::words::{named_as, tokens};

/// The variable that ready-made lines put the token in.
pub(crate) const VARIABLE: &str = "PULSEAPI_TOKEN";

/// A token that this process knows more of than what is written down.
struct Live {
    record: Record,
    /// The token, when it is nowhere else; none when the keychain has it.
    secret: Option<HeldSecret>,
    /// Why it is not where it should be.
    trouble: Option<UiError>,
}

/// What this process alone knows of tokens in custody. Shared with the timer that clears the clipboard.
#[derive(Clone, Default)]
pub(crate) struct InProcess {
    live: Arc<Mutex<HashMap<CustodyId, Live>>>,
    /// The tokens before them, to show that they are refused.
    previous: Arc<Mutex<HashMap<CustodyId, BearerToken>>>,
}

impl InProcess {
    /// Every change under this lock is one call on the map, so what a panicking thread leaves behind is sound.
    fn live(&self) -> MutexGuard<'_, HashMap<CustodyId, Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn previous(&self) -> MutexGuard<'_, HashMap<CustodyId, BearerToken>> {
        self.previous.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a token exists nowhere but here.
    pub(crate) fn is_only_here(&self, id: CustodyId) -> bool {
        self.live()
            .get(&id)
            .is_some_and(|live| live.secret.is_some())
    }

    /// A token that exists nowhere but here.
    pub(crate) fn held(&self, id: CustodyId) -> Option<BearerToken> {
        let held = self.live().get(&id)?.secret.as_ref()?.copy();
        BearerToken::parse(held.expose_secret()).ok()
    }

    pub(crate) fn token_before(&self, id: CustodyId) -> Option<BearerToken> {
        self.previous().get(&id).cloned()
    }

    /// What could not be written down at first is written down by now.
    pub(crate) fn forget_if_written(&self, id: CustodyId) {
        if !self.is_only_here(id) {
            self.live().remove(&id);
        }
    }

    pub(crate) fn remember_token_before(&self, id: CustodyId, token: BearerToken) {
        self.previous().insert(id, token);
    }
}

/// A token that has just arrived, and what is written down with it.
pub(crate) struct Arrival {
    pub(crate) record: Record,
    /// The key as it is now, for the list; none where the service's answer did not tell.
    pub(crate) row: Option<KeyRow>,
    pub(crate) entry: Entry,
    /// False as long as more has to happen before the intent is fulfilled.
    pub(crate) settles: bool,
}

pub(crate) fn token_name(account: AccountId, id: CustodyId) -> SecretName {
    SecretName::token(&account.0.to_string(), &id.0.to_string())
}

impl PulseKeys {
    /// Brings a token to safety, before anything else: into the keychain, or into locked memory. Why it is in memory,
    /// when it is so for another reason than the person's own choice to go on without a keychain.
    pub(crate) async fn take_in(&self, record: &Record, fresh: &Fresh) -> Option<UiError> {
        if fresh.is_kept {
            return None;
        }
        let token = &fresh.token;
        let vault = self.vault();
        let trouble = if vault.is_session_only() {
            None
        } else {
            let name = token_name(record.account, record.id);
            match vault.store(&name, token.secret().clone()).await {
                Ok(()) => return None,
                Err(error) => Some(UiError::from(error)),
            }
        };
        let live = Live {
            record: record.clone(),
            secret: Some(HeldSecret::new(token.secret())),
            trouble: trouble.clone(),
        };
        self.in_process.live().insert(record.id, live);
        trouble
    }

    /// Writes down a token that was taken in. The token is safe whether or not that succeeds.
    pub(crate) async fn write_down_arrival(&self, arrival: Arrival) -> Option<UiError> {
        let Arrival {
            record,
            row,
            entry,
            settles,
            ..
        } = arrival;
        let only_here = self.in_process.is_only_here(record.id);
        let written = {
            let record = record.clone();
            self.database
                .run(move |transaction| {
                    if !only_here {
                        records::add(transaction, &record)?;
                        if settles {
                            intents::settle(transaction, record.id.0)?;
                        }
                    }
                    if let Some(row) = &row {
                        crate::cache::put_key(transaction, record.account, row)?;
                    }
                    if let Some(key) = &record.key {
                        notices::remove_of_key(transaction, record.account, key.as_str())?;
                    }
                    journal::append(transaction, &entry)
                })
                .await
        };
        let trouble = UiError::from(written.err()?);
        self.in_process.live().entry(record.id).or_insert(Live {
            record,
            secret: None,
            trouble: Some(trouble.clone()),
        });
        Some(trouble)
    }

    /// The tokens in custody: those that wait first, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn custody(&self) -> Result<Custody, UiError> {
        let mut all: Vec<TokenInCustody> = {
            let live = self.in_process.live();
            live.values()
                .map(|live| self.view(&live.record, Some(live)))
                .collect()
        };
        for record in records::all(&self.database).await? {
            let shown = all.iter().any(|token| token.id == record.id);
            if !shown && record.stage != Stage::Leaving {
                all.push(self.view(&record, None));
            }
        }
        all.sort_by_key(|token| {
            let newest_first = std::cmp::Reverse(token.arrived_at);
            (token.state == CustodyState::Kept, newest_first, token.id)
        });
        Ok(Custody { tokens: all })
    }

    /// One token, as the window sees it.
    pub(crate) fn token_view(&self, record: &Record) -> TokenInCustody {
        let live = self.in_process.live();
        self.view(record, live.get(&record.id))
    }

    fn view(&self, record: &Record, live: Option<&Live>) -> TokenInCustody {
        let account = self.accounts().find(record.account).cloned();
        let own = account.as_ref().is_some_and(|account| {
            account
                .own_key
                .is_token(record.key.as_ref(), &record.last_eight)
        });
        let base_url = account.map_or_else(
            || record.base_url.clone(),
            |account| account.base_url.to_string(),
        );
        TokenInCustody {
            id: record.id,
            account: record.account,
            account_label: record.account_label.clone(),
            key: record.key.clone(),
            name: record.name.clone(),
            last_eight: record.last_eight.clone(),
            masked: record.masked.clone(),
            origin: record.origin,
            arrived_at: record.arrived_at,
            state: if record.stage == Stage::Kept {
                CustodyState::Kept
            } else {
                CustodyState::Waiting
            },
            place: if live.is_some_and(|live| live.secret.is_some()) {
                CustodyPlace::Memory
            } else {
                CustodyPlace::Keychain
            },
            trouble: live.and_then(|live| live.trouble.clone()),
            own,
            old_token_known: self.in_process.previous().contains_key(&record.id),
            curl: format!(
                "curl -H \"Authorization: Bearer ${VARIABLE}\" \"{}/user\"",
                base_url.trim_end_matches('/')
            ),
            env_masked: format!("{VARIABLE}='{}'", record.masked),
        }
    }

    /// The record of a token and its text.
    pub(crate) async fn open_token(
        &self,
        id: CustodyId,
    ) -> Result<(Record, SecretString), UiError> {
        let held = {
            let live = self.in_process.live();
            live.get(&id).map(|live| {
                let secret = live.secret.as_ref().map(HeldSecret::copy);
                (live.record.clone(), secret)
            })
        };
        let record = match held {
            Some((record, Some(secret))) => return Ok((record, secret)),
            Some((record, None)) => record,
            None => self.record(id).await?,
        };
        match self.vault().load(&token_name(record.account, id)).await {
            Ok(secret) => Ok((record, secret)),
            Err(VaultError::None) => {
                self.drop_record(&record, "no longer in the keychain")
                    .await?;
                Err(gone_from_keychain(&record))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn record(&self, id: CustodyId) -> Result<Record, UiError> {
        records::find(&self.database, id)
            .await?
            .filter(|record| record.stage != Stage::Leaving)
            .ok_or_else(not_in_custody)
    }

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
            if self.has_more_to_do(&record).await? {
                // Now that the keychain takes secrets again, the account can move too. If not now, at the next start.
                self.finish_own_rotation(record.account).await.ok();
            }
        }
        let kept = Record {
            stage: Stage::Kept,
            ..record.clone()
        };
        let entry = self.custody_entry(&record, Action::KeepToken, "kept in the keychain");
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
        self.custody().await
    }

    /// The record goes, from memory too, and the journal says why. The keychain is done with already. An account that
    /// has yet to move to this token can't do so any more: that is told.
    async fn drop_record(&self, record: &Record, outcome: &str) -> Result<(), UiError> {
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

    /// How many tokens of an account are in custody.
    pub(crate) async fn tokens_of(&self, account: AccountId) -> Result<usize, UiError> {
        let all = self.custody().await?.tokens;
        Ok(all.iter().filter(|token| token.account == account).count())
    }

    /// The newest token in custody that belongs to a key, if there is one.
    pub(crate) async fn known_token(&self, account: AccountId, key: &KeyId) -> Option<BearerToken> {
        let all = self.custody().await.ok()?.tokens;
        let of_key = all
            .iter()
            .filter(|token| token.account == account && token.key.as_ref() == Some(key))
            .max_by_key(|token| token.arrived_at)?;
        let (_, secret) = self.open_token(of_key.id).await.ok()?;
        BearerToken::parse(secret.expose_secret()).ok()
    }

    /// Whether the keychain holds the token that a request brought, whatever is written down about it.
    pub(crate) async fn token_in_keychain(
        &self,
        account: AccountId,
        id: CustodyId,
    ) -> Result<Option<BearerToken>, VaultError> {
        match self.vault().load(&token_name(account, id)).await {
            Ok(secret) => Ok(BearerToken::parse(secret.expose_secret()).ok()),
            Err(VaultError::None) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a token is held by this process alone, so that its open intent is nobody else's to settle.
    pub(crate) fn is_held(&self, intent: Uuid) -> bool {
        self.in_process.live().contains_key(&CustodyId(intent))
    }

    /// What has to be asked before the window closes, because closing would lose a token: one that exists only in
    /// this process, or one that is on its way here.
    #[must_use]
    pub fn question_before_closing(&self) -> Option<Question> {
        let names: Vec<String> = {
            let live = self.in_process.live();
            let mut only_here: Vec<&Record> = live
                .values()
                .filter(|live| live.secret.is_some())
                .map(|live| &live.record)
                .collect();
            only_here.sort_by_key(|record| record.arrived_at);
            only_here
                .iter()
                .map(|record| named_as(&record.name, &record.last_eight))
                .collect()
        };
        if !names.is_empty() {
            let count = tokens(names.len());
            return Some(Question {
                title: "Close Pulse Keys".to_owned(),
                headline: format!("Close and lose {count}?"),
                paragraphs: vec![
                    format!("Not stored yet: {}.", names.join(", ")),
                    "No keychain has it: it exists only in this window, and PulseAPI never shows a token twice."
                        .to_owned(),
                ],
                yes: format!("Close and lose {count}"),
                alternative: None,
                no: "Keep open".to_owned(),
            });
        }
        self.expects_token().then(|| Question {
            title: "Close Pulse Keys".to_owned(),
            headline: "Close while PulseAPI is answering?".to_owned(),
            paragraphs: vec![
                "The answer brings a fresh token, and PulseAPI never shows it twice. Closing now may lose it for good.".to_owned(),
            ],
            yes: "Close anyway".to_owned(),
            alternative: None,
            no: "Keep open".to_owned(),
        })
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

fn not_in_custody() -> UiError {
    UiError::new(
        ErrorCode::Stale,
        "This token is not in custody any more.",
        "",
    )
}

fn gone_from_keychain(record: &Record) -> UiError {
    UiError::new(
        ErrorCode::Stale,
        format!(
            "The token of {} is no longer in the keychain: something else removed it.",
            named_as(&record.name, &record.last_eight)
        ),
        "If nobody has it, rotate the key.",
    )
}
