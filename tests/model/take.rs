//! Taking a step: what the user does, and what the app says about it.

use std::sync::Arc;
use std::time::Duration;

use pulse_keys_core::PulseKeys;
use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    BulkOutcome, CreateOutcome, CreateRequest, DeleteOutcome, KeyRow, Notice, RotateOutcome,
    RotateReason, RotateRequest, SignOutOutcome, TokenInCustody,
};
use pulseapi::KeyId;
use secrecy::ExposeSecret as _;

use crate::cards::{delete, delete_many};
use crate::confirmed::Confirmed;
use crate::keychain::Mood;
use crate::ledger::{Held, broken, key_number};
use crate::script::NAMES;
use crate::steps::{Dialog, Pick, Step, Trouble};
use crate::world::World;

impl World {
    /// Takes a step, and checks what must hold after it.
    pub(crate) async fn takes(&mut self, step: &Step) -> Held {
        self.note(format!("{step:?}"));
        self.is_acting = matches!(
            step,
            Step::Create(..) | Step::Rotate(..) | Step::Delete(..) | Step::Bulk(..)
        );
        match step {
            Step::Create(name, trouble) => self.creates(*name, *trouble).await?,
            Step::Rotate(key, dialog, trouble) => self.rotates(*key, *dialog, *trouble).await?,
            Step::Delete(key, dialog, trouble) => self.deletes(*key, *dialog, *trouble).await?,
            Step::Bulk(keys, dialog, trouble) => {
                self.deletes_many(keys, *dialog, *trouble).await?;
            }
            Step::Refresh(trouble) => {
                self.refreshes(*trouble).await?;
            }
            Step::Reconcile(trouble) => self.reconciles(*trouble).await?,
            Step::Reveal(token) => {
                self.reveals(*token).await?;
            }
            Step::Test(token) => self.tests(*token).await?,
            Step::Keep(token) => self.keeps(*token).await?,
            Step::Stored(token) => self.stores(*token).await?,
            Step::SignOut(dialog, trouble) => self.signs_out(*dialog, *trouble).await?,
            Step::SignIn if self.account.is_none() => self.signs_in().await?,
            Step::SignIn => {}
            Step::Restart => {
                self.kill();
                self.starts();
                self.looks_who_is_signed_in().await?;
            }
            Step::GoOn => self.goes_on().await?,
            Step::Keychain(mood) => self.stage.keychain.becomes(*mood),
            Step::Other(other) => {
                let what = self.stage.script.other(&self.stage.faults, *other);
                self.note(format!("    {what}"));
            }
            Step::Passes(seconds) => {
                self.nothing_begins();
                let time = Duration::from_secs((*seconds).into());
                self.stage.pass(time).await;
            }
            Step::Dismiss => self.dismisses().await?,
        }
        self.nothing_undue_happened().await
    }

    fn nothing_begins(&self) {
        let process = self
            .running
            .as_ref()
            .map(|running| Arc::clone(&running.process));
        self.stage
            .script
            .begins(&self.stage.faults, Trouble::default(), process);
    }

    /// A key of the list that is on screen.
    async fn picked(&mut self, pick: Pick) -> Option<KeyRow> {
        let account = self.account?;
        let shown = self.starts().app.cached_keys(account).await.ok()?.keys;
        shown.get(usize::from(pick) % shown.len().max(1)).cloned()
    }

    /// A token that is shown as in custody.
    async fn picked_token(&mut self, pick: Pick) -> Option<TokenInCustody> {
        self.starts();
        let all = self.custody().await;
        all.get(usize::from(pick) % all.len().max(1)).cloned()
    }

    async fn creates(&mut self, name: u8, trouble: Trouble) -> Held {
        let Some(account) = self.account else {
            return Ok(());
        };
        let request = CreateRequest {
            account,
            name: NAMES[usize::from(name) % NAMES.len()].to_owned(),
            abilities: vec!["monitors:read".to_owned()],
            team: None,
        };
        let work = async |app: Arc<PulseKeys>| app.create_key(&request).await;
        let ended = self.does(Dialog::default(), trouble, work).await?;
        self.names_creations(&request.name);
        self.at_most(1, 0)?;
        let Some(outcome) = ended else {
            return Ok(());
        };
        self.note(format!("    told: {}", told(&outcome)));
        match outcome {
            Ok(CreateOutcome::Created { token }) => self.token_arrived(&token),
            Ok(CreateOutcome::NotCreated { .. }) => self.told_not_done(),
            Ok(CreateOutcome::TokenLost { message, next }) => {
                self.told_lost(&message, next.as_ref(), None)
            }
            Ok(CreateOutcome::Unknown { error }) => self.told_unclear(&error),
            Err(error) => self.told_error(&error),
        }
    }

    async fn rotates(&mut self, pick: Pick, dialog: Dialog, trouble: Trouble) -> Held {
        let Some((account, key)) = self.account.zip(self.picked(pick).await) else {
            return Ok(());
        };
        self.note(format!("    key {} {}", key.id, key.name));
        let request = RotateRequest {
            account,
            key: key.id.clone(),
            reason: RotateReason::Routine,
            files: Vec::new(),
        };
        let work = async |app: Arc<PulseKeys>| match app.rotate_key(&request).await {
            // Looked at anew, it is still to be rotated.
            Ok(RotateOutcome::CardChanged { .. }) => app.rotate_key(&request).await,
            ended => ended,
        };
        let ended = self.does(dialog, trouble, work).await?;
        self.at_most(self.yes_count(), 0)?;
        let Some(outcome) = ended else {
            return Ok(());
        };
        self.note(format!("    told: {}", told(&outcome)));
        match outcome {
            Ok(RotateOutcome::Rotated { token, .. }) => self.token_arrived(&token),
            Ok(RotateOutcome::Cancelled | RotateOutcome::CardChanged { .. }) => self.at_most(0, 0),
            Ok(RotateOutcome::NotRotated { .. }) => self.told_not_done(),
            Ok(RotateOutcome::TokenLost { message, next }) => {
                let id = key_number(&key.id);
                self.told_lost(&message, next.as_ref(), Some(id))
            }
            Ok(RotateOutcome::Gone { message }) => self.told_gone(key_number(&key.id), &message),
            Ok(RotateOutcome::Unknown { error }) => self.told_unclear(&error),
            Err(error) => self.told_error(&error),
        }
    }

    async fn deletes(&mut self, pick: Pick, dialog: Dialog, trouble: Trouble) -> Held {
        let Some((account, key)) = self.account.zip(self.picked(pick).await) else {
            return Ok(());
        };
        self.note(format!("    key {} {}", key.id, key.name));
        let work = async |app: Arc<PulseKeys>| delete(&app, account, &key.id).await;
        let ended = self.does(dialog, trouble, work).await?;
        self.at_most(0, self.yes_count())?;
        let (card, outcome) = match ended {
            Some((card, outcome)) => (card, Some(outcome)),
            None => (None, None),
        };
        if ended_by_itself(&outcome) {
            let confirmed = card.map(|card| Confirmed::of(&card.key));
            self.deleted_as_confirmed(&confirmed.into_iter().collect::<Vec<_>>())?;
        }
        let Some(outcome) = outcome else {
            return Ok(());
        };
        self.note(format!("    told: {}", told(&outcome)));
        let id = key_number(&key.id);
        match outcome {
            Ok(DeleteOutcome::Deleted {
                verification,
                message,
                signed_out,
                ..
            }) => {
                self.signed_out_by(signed_out.is_some());
                self.told_deleted(id, verification, &message)
            }
            Ok(DeleteOutcome::GoneAlready {
                message,
                signed_out,
            }) => {
                self.signed_out_by(signed_out.is_some());
                self.told_gone(id, &message)
            }
            Ok(
                DeleteOutcome::Cancelled
                | DeleteOutcome::RotateInstead
                | DeleteOutcome::CardChanged { .. },
            ) => self.at_most(0, 0),
            Ok(DeleteOutcome::NotDeleted { .. }) => self.told_not_done(),
            Ok(DeleteOutcome::Unknown { error }) => self.told_unclear(&error),
            Err(error) => self.told_error(&error),
        }
    }

    fn signed_out_by(&mut self, is: bool) {
        if is {
            self.account = None;
            self.nobody_asks_for_deletions();
        }
    }

    async fn deletes_many(&mut self, picks: &[Pick], dialog: Dialog, trouble: Trouble) -> Held {
        let Some(account) = self.account else {
            return Ok(());
        };
        let mut keys: Vec<KeyId> = Vec::new();
        for pick in picks {
            if let Some(key) = self.picked(*pick).await
                && !keys.contains(&key.id)
            {
                keys.push(key.id);
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        self.note(format!("    keys {keys:?}"));
        let work = async |app: Arc<PulseKeys>| delete_many(&app, account, &keys).await;
        let ended = self.does(dialog, trouble, work).await?;
        self.one_each(&keys)?;
        let Some((card, outcome)) = ended else {
            return Ok(());
        };
        let rows = card.map_or_else(Vec::new, |card| card.rows);
        let confirmed: Vec<_> = rows.iter().map(|row| Confirmed::of(&row.key)).collect();
        self.deleted_as_confirmed(&confirmed)?;
        self.note(format!("    told: {}", told(&outcome)));
        match outcome {
            Ok(BulkOutcome::Finished { results, .. }) => {
                for result in results {
                    self.told_of_one(&result)?;
                }
                Ok(())
            }
            Ok(BulkOutcome::Cancelled | BulkOutcome::CardChanged { .. }) => self.at_most(0, 0),
            Err(error) => self.told_error(&error),
        }
    }

    /// Whether it could.
    pub(crate) async fn refreshes(&mut self, trouble: Trouble) -> Held<bool> {
        let Some(account) = self.account else {
            return Ok(false);
        };
        let work = async |app: Arc<PulseKeys>| app.refresh_keys(account, |_| {}).await;
        let ended = self.does(Dialog::default(), trouble, work).await?;
        self.at_most(0, 0)?;
        let Some(outcome) = ended else {
            return Ok(false);
        };
        self.note(format!("    told: {}", told(&outcome)));
        let Ok(refreshed) = outcome else {
            return Ok(false);
        };
        self.list_is_true(account, &refreshed).await?;
        Ok(true)
    }

    pub(crate) async fn reconciles(&mut self, trouble: Trouble) -> Held {
        let work = async |app: Arc<PulseKeys>| app.reconcile().await;
        let ended = self.does(Dialog::default(), trouble, work).await?;
        self.at_most(0, 0)?;
        self.looks_who_is_signed_in().await?;
        match ended {
            Some(Ok(notices)) => self.told_notices(&notices),
            Some(Err(error)) => self.told_error(&error),
            None => Ok(()),
        }
    }

    /// Shows a token, and checks that it is the one.
    async fn reveals(&mut self, pick: Pick) -> Held<bool> {
        let Some(token) = self.picked_token(pick).await else {
            return Ok(false);
        };
        let work = async |app: Arc<PulseKeys>| app.reveal_token(token.id).await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        match ended {
            Some(Ok(revealed)) => {
                self.is_the_token(&token, revealed.0.expose_secret())?;
                Ok(true)
            }
            Some(Err(error)) => {
                self.note(format!("    told: {}", error.message));
                Ok(false)
            }
            None => Ok(false),
        }
    }

    async fn tests(&mut self, pick: Pick) -> Held {
        let Some(token) = self.picked_token(pick).await else {
            return Ok(());
        };
        let work = async |app: Arc<PulseKeys>| app.test_token(token.id).await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        if let Some(outcome) = ended {
            self.note(format!("    told: {}", told(&outcome)));
        }
        Ok(())
    }

    async fn keeps(&mut self, pick: Pick) -> Held {
        let Some(token) = self.picked_token(pick).await else {
            return Ok(());
        };
        let work = async |app: Arc<PulseKeys>| app.keep_token(token.id).await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        if let Some(Err(error)) = ended {
            self.note(format!("    told: {}", error.message));
        }
        Ok(())
    }

    /// The user stores a token elsewhere, and says so.
    async fn stores(&mut self, pick: Pick) -> Held {
        let Some(token) = self.picked_token(pick).await else {
            return Ok(());
        };
        if !self.reveals(pick).await? {
            return Ok(());
        }
        self.gives_up(&token);
        let work = async |app: Arc<PulseKeys>| app.token_stored(token.id).await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        if let Some(Err(error)) = ended {
            self.note(format!("    told: {}", error.message));
        }
        Ok(())
    }

    async fn signs_out(&mut self, dialog: Dialog, trouble: Trouble) -> Held {
        let Some(account) = self.account else {
            return Ok(());
        };
        self.starts();
        let mut in_custody = self.custody().await;
        in_custody.retain(|token| token.account == account);
        let work = async |app: Arc<PulseKeys>| app.sign_out(account).await;
        let ended = self.does(dialog, trouble, work).await?;
        self.at_most(0, 0)?;
        if let Some(outcome) = &ended {
            self.note(format!("    told: {}", told(outcome)));
        }
        self.gave_up_on_signing_out(&in_custody)?;
        if let Some(Ok(SignOutOutcome::SignedOut { state })) = ended {
            self.account = state.active;
        }
        Ok(())
    }

    async fn goes_on(&mut self) -> Held {
        if self.stage.keychain.mood() == Mood::Up {
            return Ok(());
        }
        self.starts();
        let work = async |app: Arc<PulseKeys>| app.continue_for_this_session().await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        self.is_session_only = ended.is_some();
        self.account = ended.and_then(|state| state.active);
        if self.account.is_none() {
            self.signs_in().await?;
        }
        Ok(())
    }

    pub(crate) async fn looks_who_is_signed_in(&mut self) -> Held {
        let work = async |app: Arc<PulseKeys>| app.state().await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        self.account = ended.and_then(|state| state.active);
        Ok(())
    }

    async fn dismisses(&mut self) -> Held {
        let notices = self.reconciled_notices().await?;
        for notice in notices {
            let work = async |app: Arc<PulseKeys>| app.dismiss_notice(&notice.id).await;
            self.does(Dialog::default(), Trouble::default(), work)
                .await?;
        }
        Ok(())
    }

    async fn reconciled_notices(&mut self) -> Held<Vec<Notice>> {
        let work = async |app: Arc<PulseKeys>| app.reconcile().await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        let Some(Ok(notices)) = ended else {
            return Ok(Vec::new());
        };
        self.told_notices(&notices)?;
        Ok(notices)
    }

    /// More writes of a kind than there were decisions for them break a rule.
    fn at_most(&self, posts: usize, deletes: usize) -> Held {
        self.none_is_sent_twice()?;
        let (sent_posts, sent_deletes) = self.writes_of_step();
        if sent_posts > posts || sent_deletes > deletes {
            return broken(
                "d: one write per yes",
                format!(
                    "{sent_posts} POST and {sent_deletes} DELETE left for {posts} and {deletes} decisions"
                ),
            );
        }
        Ok(())
    }

    fn yes_count(&self) -> usize {
        let answered = self.answered();
        answered
            .iter()
            .filter(|answered| answered.reply == Reply::Yes)
            .count()
    }
}

/// A step that ended by being killed is checked by what is true only: the card is gone with the app.
fn ended_by_itself<T>(outcome: &Option<T>) -> bool {
    outcome.is_some()
}

/// An outcome as a line. No outcome holds the text of a token.
fn told(outcome: &impl std::fmt::Debug) -> String {
    let mut line = format!("{outcome:?}");
    if line.len() > 700 {
        let end = (0..=700).rev().find(|end| line.is_char_boundary(*end));
        line.truncate(end.unwrap_or_default());
    }
    line
}
