//! The end of a sequence: everything works again, somebody starts the app and looks at what it says. By then every
//! token that works is within reach, given up, or told to be lost, and every wrong word was taken back.

use std::time::Duration;

use secrecy::ExposeSecret as _;

use crate::ledger::{Held, Kind, Told, broken, our_writes};
use crate::steps::{Dialog, Trouble};
use crate::world::World;

/// How often the app is looked at, and for how long in between: longer than it watches what it does not know.
const LOOKS: [u64; 3] = [0, 30, 1_200];

impl World {
    /// Lets everything come to rest, and checks what must be true then.
    pub(crate) async fn comes_to_rest(&mut self) -> Held {
        self.note("everything works again");
        self.is_acting = false;
        self.nothing_undue_happened().await?;
        self.calms_down().await;
        self.looks_who_is_signed_in().await?;
        for seconds in LOOKS {
            self.stage.pass(Duration::from_secs(seconds)).await;
            self.reconciles(Trouble::default()).await?;
            // Whose credential has died by now brings another one, as the page asks.
            if self.account.is_none() || !self.refreshes(Trouble::default()).await? {
                self.signs_in().await?;
                self.refreshes(Trouble::default()).await?;
            }
            self.nothing_undue_happened().await?;
        }
        self.tokens_are_within_reach().await?;
        self.what_was_told_is_true()?;
        self.journal_is_whole().await
    }

    async fn tokens_are_within_reach(&mut self) -> Held {
        let mut shown = Vec::new();
        for token in self.custody().await {
            let Some(running) = &self.running else {
                return Ok(());
            };
            let app = std::sync::Arc::clone(&running.app);
            let work = async |_| app.reveal_token(token.id).await;
            let revealed = self
                .does(Dialog::default(), Trouble::default(), work)
                .await?;
            match revealed {
                Some(Ok(text)) => shown.push(text.0),
                Some(Err(error)) => self.note(format!("    {}: {}", token.name, error.message)),
                None => {}
            }
        }
        for issued in self.stage.faults.issued() {
            let text = issued.token.expose_secret();
            let write = issued.idempotency_key.clone().unwrap_or_default();
            let is_shown = shown.iter().any(|shown| shown.expose_secret() == text);
            let signs_in = self.stage.keychain.holds(text, "account/").is_some();
            if !self.is_live(&issued)
                || is_shown
                || signs_in
                || self.ledger.given_up.contains(text)
                || self.ledger.was_told(&write, Told::Lost)
                || self.ledger.was_told(&write, Told::LostIfDone)
            {
                continue;
            }
            let script = &self.stage.script;
            let was_told = self.ledger.was_told(&write, Told::NotDone)
                || self.ledger.was_told(&write, Told::Unclear);
            if was_told && script.somebody_else_changed(issued.key) {
                // Made and called something else before anybody could look: it can't be told from one that was not made.
                // Of two open requests for one name, neither is told by itself that it was not done.
                continue;
            }
            let key = issued.key;
            let held = self.stage.keychain.holds(text, "");
            let told = self.ledger.told.get(&write).cloned().unwrap_or_default();
            return broken(
                "a: a token is out of reach, and nobody was told",
                format!("the token of key {key} (keychain: {held:?}; told: {told:?})"),
            );
        }
        Ok(())
    }

    fn what_was_told_is_true(&self) -> Held {
        for write in our_writes(&self.stage.faults) {
            let told = self.ledger.last_told(&write.id);
            if write.done
                && told == Some(Told::NotDone)
                && !self.cannot_be_known(&write)
                && !self.is_told_of_another(&write)
            {
                return broken(
                    "c: told not done, and never corrected",
                    format!("{:?}", write.kind),
                );
            }
            let is_there = match write.kind {
                Kind::Create => true,
                Kind::Rotate(id) | Kind::Delete(id) => {
                    let keys = self.stage.faults.keys().unwrap_or_default();
                    keys.iter().any(|key| key.id == id)
                }
            };
            if told.is_none() && !write.done && is_there && self.was_ever_told(&write.id) {
                return broken("c: never settled", format!("{:?}", write.kind));
            }
        }
        Ok(())
    }

    /// Whether it was told that something is not known.
    fn was_ever_told(&self, write: &str) -> bool {
        self.ledger.was_told(write, Told::Unclear)
    }

    async fn journal_is_whole(&self) -> Held {
        let Some(running) = &self.running else {
            return Ok(());
        };
        match running.app.journal().await {
            Ok(journal) if journal.broken_at.is_some() => broken(
                "c: the journal's chain is broken",
                format!("{:?}", journal.broken_at),
            ),
            _ => Ok(()),
        }
    }
}
