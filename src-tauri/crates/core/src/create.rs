//! Making a key: check, note, act, bring the token to safety, write it down.
//!
//! Nothing is destroyed, so nobody is asked. An intent is noted first, and one request leaves. Where no token arrives,
//! the list is looked through for a key that was not there before: it has a token that nobody knows. Left out: the
//! words (`create_words`), what the form offers (`abilities`), and what a later start does with an open intent
//! (`reconcile`).

use std::collections::BTreeMap;

use jiff::SignedDuration;
use pulseapi::{BearerToken, Client, Error as ApiError, KeyId, NewKey, TeamId};
use uuid::Uuid;

use crate::abilities;
use crate::accounts::Account;
use crate::app::{PulseKeys, row};
use crate::create_words as words;
use crate::custodian::Task;
use crate::custody::Arrival;
use crate::custody_records::{self as records, Record};
use crate::errand::Fresh;
use crate::errors::at_work;
use crate::intents::{self, Creation, Intent};
use crate::journal::{self, Action, Entry, KeyNamed};
use crate::list;
use crate::notices::{self, Kept};
use crate::settle::SECOND_LOOK;
use crate::turn::Subject;
use crate::view::{
    AccountId, CreateForm, CreateOutcome, CreateRequest, ErrorCode, KeyRow, NextStep, TokenOrigin,
    UiError,
};

/// The longest name that the service takes, in characters (assumed, Laravel's custom for a string column).
pub(crate) const LONGEST_NAME: u32 = 255;

/// How far the service's clock may be behind: a key that looks older than this before the request is not the one
/// that the request made.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_hours(24);

/// How a creation without a token ended, after the service was asked.
#[derive(Debug)]
pub(crate) enum CreationSettled {
    NotCreated,
    Lost {
        message: String,
        next: Option<NextStep>,
    },
    NotKnown(UiError),
}

impl PulseKeys {
    /// What the form for a new key offers, asked of the service now.
    ///
    /// # Errors
    /// What the service reports.
    pub async fn create_form(&self, account: AccountId) -> Result<CreateForm, UiError> {
        let (_, client) = self.signed_in(account).await?;
        let known = client.abilities().await.map_err(|error| at_work(&error))?;
        Ok(abilities::form(&known, LONGEST_NAME))
    }

    /// Makes a key.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, a key is being made already, or the
    /// app's own files fail before anything was sent. Whatever the service says is an outcome.
    pub async fn create_key(&self, request: &CreateRequest) -> Result<CreateOutcome, UiError> {
        let (new, errors) = checked(request);
        if !errors.is_empty() {
            return Ok(CreateOutcome::NotCreated { errors });
        }
        let _turn = self.take_turn(Subject::NewKey(request.account))?;
        let (account, client) = self.signed_in(request.account).await?;
        let known = self.cached_keys(account.id).await?.keys;
        let namesakes = known.into_iter().filter(|key| key.name == new.name);
        let intent = Intent {
            id: Uuid::new_v4(),
            at: self.now(),
            account: account.id,
            what: Creation {
                name: new.name.clone(),
                abilities: new.abilities.clone(),
                team: request.team.clone(),
                namesakes: namesakes.map(|key| key.id).collect(),
            },
        };
        let _way = self.on_its_way(intent.id, self.does_its_own_errands());
        intents::note(&self.database, &intent).await?;
        let task = Task::Create(new.clone());
        match self.run_errand(&account, &client, intent.id, task).await {
            Ok(fresh) => Ok(self.created(&account, &intent, fresh).await),
            Err(error) if !error.outcome_unknown() => {
                let outcome = format!("not created: {error}");
                self.close_creation(&account, &intent, &outcome, None, None)
                    .await?;
                Ok(CreateOutcome::NotCreated {
                    errors: refusals(&error, &new.abilities),
                })
            }
            Err(error) => {
                self.after_lost_answer(&account, &client, &intent, &error)
                    .await
            }
        }
    }

    async fn after_lost_answer(
        &self,
        account: &Account,
        client: &Client,
        intent: &Intent<Creation>,
        error: &ApiError,
    ) -> Result<CreateOutcome, UiError> {
        // The keychain first: who carried the write may have brought the token to safety before the answer got lost.
        match self.token_in_keychain(account.id, intent.custody()).await {
            Ok(Some(token)) => {
                self.creation_found_in_keychain(account, intent, &token)
                    .await?;
                let record = self.record_of_creation(account, intent, &token);
                return Ok(CreateOutcome::Created {
                    token: Box::new(self.token_view(&record)),
                });
            }
            Ok(None) => {}
            Err(_) => return self.creation_unknown(account, intent, error).await,
        }
        Ok(match self.settle_creation(account, client, intent).await? {
            CreationSettled::NotCreated => CreateOutcome::NotCreated {
                errors: vec![words::not_created(at_work(error))],
            },
            CreationSettled::Lost { message, next } => CreateOutcome::TokenLost { message, next },
            CreationSettled::NotKnown(_) => {
                return self.creation_unknown(account, intent, error).await;
            }
        })
    }

    async fn creation_unknown(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        error: &ApiError,
    ) -> Result<CreateOutcome, UiError> {
        let entry = self.creation_entry(account, intent, None, &format!("unknown: {error}"));
        self.database
            .run(move |transaction| journal::append(transaction, &entry))
            .await?;
        Ok(CreateOutcome::Unknown {
            error: words::unknown(error),
        })
    }

    async fn created(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        fresh: Fresh,
    ) -> CreateOutcome {
        let mut record = self.record_of_creation(account, intent, &fresh.token);
        let row = fresh.key.as_ref().map(|key| row(key, account));
        if let Some(row) = &row {
            record.key = Some(row.id.clone());
        }
        let mut trouble = self.take_in(&record, &fresh).await;
        let entry = Entry {
            request_id: fresh.request_id,
            ..self.creation_entry(account, intent, Some(&record), words::CREATED)
        };
        let arrival = Arrival {
            record: record.clone(),
            row,
            entry,
            settles: true,
        };
        let not_written = self.write_down_arrival(arrival).await;
        trouble = trouble.or(not_written);
        let mut token = self.token_view(&record);
        token.trouble = token.trouble.or(trouble);
        CreateOutcome::Created {
            token: Box::new(token),
        }
    }

    fn record_of_creation(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        token: &BearerToken,
    ) -> Record {
        let at = self.now();
        Record {
            name: crate::text::harmless(&intent.what.name),
            ..Record::of(token, intent.custody(), account, TokenOrigin::Created, at)
        }
    }

    /// The token of an interrupted creation is in the keychain: it is put on record.
    pub(crate) async fn creation_found_in_keychain(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        token: &BearerToken,
    ) -> Result<(), UiError> {
        let record = self.record_of_creation(account, intent, token);
        let entry = self.creation_entry(account, intent, Some(&record), words::FOUND_IN_KEYCHAIN);
        self.database
            .run(move |transaction| {
                if records::add(transaction, &record)? {
                    journal::append(transaction, &entry)?;
                }
                intents::settle(transaction, record.id.0)
            })
            .await?;
        Ok(())
    }

    /// Finds out whether a key whose token never arrived was made, and writes that down. Asks twice where there is
    /// none: the service may still be at work.
    ///
    /// # Errors
    /// When the app's own files fail.
    pub(crate) async fn settle_creation(
        &self,
        account: &Account,
        client: &Client,
        intent: &Intent<Creation>,
    ) -> Result<CreationSettled, UiError> {
        for is_last_look in [false, true] {
            let fetched = match list::fetch_whole(client, account).await {
                Ok(fetched) => fetched,
                Err(error) => return Ok(CreationSettled::NotKnown(error)),
            };
            let keys = &fetched.keys;
            let is_found = !self.orphans(intent, keys).await?.is_empty();
            if is_found || (is_last_look && fetched.is_whole) {
                return self.settle_creation_by_list(account, intent, keys).await;
            }
            if is_last_look {
                return Ok(CreationSettled::NotKnown(fetched.not_whole()));
            }
            self.options.clock.sleep(SECOND_LOOK).await;
        }
        Ok(CreationSettled::NotCreated)
    }

    /// The same, by a list that was fetched after the request was sent.
    pub(crate) async fn settle_creation_by_list(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        keys: &[KeyRow],
    ) -> Result<CreationSettled, UiError> {
        let orphans = self.orphans(intent, keys).await?;
        if orphans.is_empty() {
            self.close_creation(account, intent, words::NOT_CREATED, None, None)
                .await?;
            return Ok(CreationSettled::NotCreated);
        }
        let (message, next) = words::lost(&intent.what.name, &orphans, account.id);
        let notice = Kept {
            id: intent.id,
            at: self.now(),
            account: account.id,
            key: orphans.first().map(|key| key.id.clone()),
            message: message.clone(),
            next: next.clone(),
        };
        let orphan = orphans.into_iter().next();
        self.close_creation(account, intent, words::LOST, orphan, Some(notice))
            .await?;
        Ok(CreationSettled::Lost { message, next })
    }

    /// The keys that the request may have made: of its name, not known before, not older, never used (nobody has the
    /// token), and without a token here.
    async fn orphans(
        &self,
        intent: &Intent<Creation>,
        keys: &[KeyRow],
    ) -> Result<Vec<KeyRow>, UiError> {
        let in_custody = self.custody().await?.tokens;
        let has_token = |id: &KeyId| {
            in_custody
                .iter()
                .any(|token| token.account == intent.account && token.key.as_ref() == Some(id))
        };
        let name = crate::text::harmless(&intent.what.name);
        Ok(keys
            .iter()
            .filter(|key| {
                key.name == name
                    && !intent.what.namesakes.contains(&key.id)
                    && key
                        .created_at
                        .is_none_or(|created| created >= intent.at - CLOCKS_DIFFER)
                    && key.last_used_at.is_none()
                    && !has_token(&key.id)
            })
            .cloned()
            .collect())
    }

    /// Intent, list, notice and journal change together: the outcome is known, and there is no token.
    async fn close_creation(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        outcome: &str,
        orphan: Option<KeyRow>,
        notice: Option<Kept>,
    ) -> Result<(), UiError> {
        let mut entry = self.creation_entry(account, intent, None, outcome);
        if let Some(orphan) = &orphan {
            entry.key = Some(orphan.into());
        }
        let (id, account) = (intent.id, account.id);
        self.database
            .run(move |transaction| {
                intents::settle(transaction, id)?;
                if let Some(orphan) = &orphan {
                    crate::cache::put_key(transaction, account, orphan)?;
                }
                if let Some(notice) = &notice {
                    notices::add(transaction, notice)?;
                }
                journal::append(transaction, &entry)
            })
            .await?;
        Ok(())
    }

    fn creation_entry(
        &self,
        account: &Account,
        intent: &Intent<Creation>,
        record: Option<&Record>,
        outcome: &str,
    ) -> Entry {
        Entry {
            key: Some(KeyNamed {
                id: record
                    .and_then(|record| record.key.as_ref())
                    .map(|key| key.as_str().to_owned()),
                name: crate::text::harmless(&intent.what.name),
                last_eight: record
                    .map(|record| record.last_eight.clone())
                    .unwrap_or_default(),
            }),
            ..self.entry(account, Action::CreateKey, outcome)
        }
    }
}

/// The key to make, and what is wrong with the form, all at once.
fn checked(request: &CreateRequest) -> (NewKey, Vec<UiError>) {
    let mut errors = Vec::new();
    let name = request.name.trim().to_owned();
    let length = name.chars().count();
    if name.is_empty() {
        errors.push(words::name_missing());
    } else if length > LONGEST_NAME as usize {
        errors.push(words::name_too_long(length, LONGEST_NAME));
    }
    if request.abilities.is_empty() {
        errors.push(words::no_ability());
    }
    let team = request.team.as_deref().map(TeamId::parse).transpose();
    if team.is_err() {
        errors.push(words::no_such_team());
    }
    let new = NewKey {
        name,
        abilities: request.abilities.clone(),
        team: team.ok().flatten(),
    };
    (new, errors)
}

/// A refusal at the field that can mend it, where the service names one.
fn refusals(error: &ApiError, abilities: &[String]) -> Vec<UiError> {
    let ApiError::Invalid { fields, .. } = error else {
        return vec![words::not_created(at_work(error))];
    };
    if fields.is_empty() {
        return vec![words::not_created(at_work(error))];
    }
    // Several abilities may be refused, each as a field of its own: one error tells of all.
    let mut by_code: BTreeMap<&str, (ErrorCode, Vec<String>)> = BTreeMap::new();
    for (field, messages) in fields {
        let said = messages.join(" ");
        let (form_field, code, said) = match field.split('.').next() {
            Some("name") => ("name", ErrorCode::Name, said),
            Some("abilities") => {
                let index = field.split('.').nth(1).and_then(|index| index.parse().ok());
                let ability = index.and_then(|index: usize| abilities.get(index));
                let said = ability.map_or(said, |ability| words::ability_refused(ability));
                ("abilities", ErrorCode::Abilities, said)
            }
            Some("team_id") => ("team", ErrorCode::Team, said),
            _ => ("", ErrorCode::Other, said),
        };
        let entry = by_code.entry(form_field).or_insert((code, Vec::new()));
        entry.1.push(said);
    }
    by_code
        .into_values()
        .map(|(code, said)| UiError::new(code, said.join(" "), "Nothing was created."))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: &str, abilities: &[&str]) -> CreateRequest {
        CreateRequest {
            account: AccountId(Uuid::nil()),
            name: name.to_owned(),
            abilities: abilities.iter().map(|name| (*name).to_owned()).collect(),
            team: None,
        }
    }

    fn codes(request: &CreateRequest) -> Vec<ErrorCode> {
        checked(request).1.iter().map(|error| error.code).collect()
    }

    #[test]
    fn everything_wrong_with_the_form_is_told_at_once() {
        assert_eq!(
            codes(&request(" \n ", &[])),
            [ErrorCode::Name, ErrorCode::Abilities]
        );
        assert_eq!(
            codes(&request(&"x".repeat(10_000), &["*"])),
            [ErrorCode::Name]
        );
        assert_eq!(codes(&request(&"é".repeat(255), &["*"])), []);
        assert_eq!(checked(&request("  CI ", &["*"])).0.name, "CI");
    }

    #[test]
    fn a_refused_ability_is_named() {
        let fields = BTreeMap::from([(
            "abilities.1".to_owned(),
            vec!["The selected abilities.1 is invalid.".to_owned()],
        )]);
        let error = ApiError::Invalid {
            message: String::new(),
            fields,
        };
        let told = refusals(
            &error,
            &["monitors:read".to_owned(), "gone:read".to_owned()],
        );
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].code, ErrorCode::Abilities);
        assert!(told[0].message.contains("gone:read"), "{}", told[0].message);
    }
}
