//! After a step: what left the keychain, what the notices and the journal say, and whether the app guards what it holds.

use pulse_keys_core::journal::JournalRow;
use pulse_keys_core::view::{CustodyPlace, Notice};
use secrecy::ExposeSecret as _;

use crate::ledger::{Held, Kind, OurWrite, Told, broken, our_writes, verdict};
use crate::script::Risk;
use crate::world::World;

impl World {
    pub(crate) fn told_notices(&mut self, notices: &[Notice]) -> Held {
        let writes = our_writes(&self.stage.faults);
        for notice in notices {
            let is_new = self
                .ledger
                .notices
                .insert((notice.id.clone(), notice.message.clone()));
            if is_new {
                self.note(format!("    notice: {} {:?}", notice.message, notice.next));
            }
            let write = writes.iter().find(|write| write.id == notice.id);
            self.advice_is_about_ours(notice.next.as_ref(), write)?;
            let Some(write) = write else {
                continue;
            };
            match verdict(&notice.message) {
                Some(Told::NotDone) if notice.message.contains("somebody has deleted") => {
                    let (Kind::Rotate(id) | Kind::Delete(id)) = write.kind else {
                        continue;
                    };
                    self.ledger.tell(&write.id, Told::Done);
                    self.told_gone(id, &notice.message)?;
                }
                Some(Told::NotDone) if is_new => self.judge_not_done(write, &notice.message)?,
                Some(Told::Lost) => self.judge_lost(write, &notice.message)?,
                Some(Told::LostIfDone) => {
                    self.ledger.tell(&write.id, Told::LostIfDone);
                    self.nobody_has_its_token(write, &notice.message)?;
                }
                Some(Told::Done) => self.ledger.tell(&write.id, Told::Done),
                Some(Told::Unclear) => self.ledger.tell(&write.id, Told::Unclear),
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) async fn journal(&self) -> Option<Vec<JournalRow>> {
        let running = self.running.as_ref()?;
        let journal = running.app.journal().await.ok()?;
        Some(journal.rows)
    }

    /// After every step.
    pub(crate) async fn nothing_undue_happened(&mut self) -> Held {
        match self.stage.script.take_risks().first() {
            None => {}
            Some(Risk::NoPlace(mood)) => {
                return broken(
                    "a: sent for a token that has no place",
                    format!("a POST left although the keychain was {mood:?}"),
                );
            }
            Some(Risk::Unguarded) => {
                return broken(
                    "a: the app itself waits for a token, and may end unasked",
                    "a POST left without a custodian, and the guards did not know",
                );
            }
        }
        self.nothing_was_removed()?;
        self.journal_is_true().await?;
        let tokens = self.custody().await;
        let in_memory = tokens.iter().find(|token| {
            token.place == CustodyPlace::Memory
                && self
                    .stage
                    .faults
                    .issued()
                    .iter()
                    .any(|issued| issued.token.expose_secret().ends_with(&token.last_eight))
        });
        if let (Some(token), Some(running)) = (in_memory, &self.running)
            && (running.app.question_before_closing().is_none()
                || running.app.ending().costs_no_token())
        {
            return broken("a: closing would lose a token unasked", token.name.clone());
        }
        Ok(())
    }

    /// No token that works left the keychain unless the user gave it up.
    fn nothing_was_removed(&mut self) -> Held {
        for removed in self.stage.keychain.take_removed() {
            if removed.replaced && removed.name.starts_with("account/") {
                // Another credential, given by the user, or a newer token of the same key.
                continue;
            }
            if self.stage.faults.accepts(&removed.text)
                && !self.ledger.given_up.contains(&removed.text)
                && self.stage.keychain.holds(&removed.text, "").is_none()
            {
                let tail = removed.text.len().saturating_sub(8);
                return broken(
                    "a: a token that works was removed from the keychain",
                    format!("{} …{}", removed.name, &removed.text[tail..]),
                );
            }
        }
        Ok(())
    }

    async fn journal_is_true(&mut self) -> Held {
        let Some(rows) = self.journal().await else {
            return Ok(());
        };
        let new: Vec<JournalRow> = rows.into_iter().skip(self.ledger.journal_rows).collect();
        self.ledger.journal_rows += new.len();
        for row in &new {
            self.note(format!(
                "    journal: {} {} {}",
                row.action,
                row.key_name.as_deref().unwrap_or_default(),
                row.outcome
            ));
            self.row_is_true(row)?;
        }
        Ok(())
    }

    fn row_is_true(&mut self, row: &JournalRow) -> Held {
        let id: Option<i64> = row.key_id.as_deref().and_then(|id| id.parse().ok());
        let says = format!("the journal says “{}” of {:?}", row.outcome, row.key_name);
        match (row.action.as_str(), id) {
            ("delete_key", Some(id)) if row.outcome.starts_with("deleted") => {
                if self.key(id).is_some() {
                    return broken("c: journalled as deleted, but alive", says);
                }
                for write in self.open_writes(Kind::Delete(id)) {
                    self.ledger.tell(&write.id, Told::Done);
                }
                Ok(())
            }
            ("delete_key", Some(id)) if row.outcome.starts_with("gone") => {
                if self.key(id).is_some() {
                    return broken("c: journalled as gone, but alive", says);
                }
                Ok(())
            }
            // Nothing was sent; the user was asked anew, and may have said yes again in the same step.
            (_, _) if row.outcome.contains("Nothing was sent") => Ok(()),
            ("delete_key", _) if row.outcome.contains("changed after the yes") => Ok(()),
            ("delete_key", Some(id)) if row.outcome.starts_with("not deleted") => {
                self.row_says_not_done(Kind::Delete(id), &says)
            }
            ("rotate_key", Some(id)) if row.outcome.contains("another token since") => {
                for write in self.open_writes(Kind::Rotate(id)) {
                    self.ledger.tell(&write.id, Told::LostIfDone);
                }
                Ok(())
            }
            ("create_key", _) if row.outcome.contains("such a key has appeared") => {
                self.row_says_lost(Kind::Create, &says)
            }
            ("rotate_key", Some(id))
                if row.outcome.starts_with("not rotated: gone")
                    || row.outcome.starts_with("not rotated: it is deleted") =>
            {
                if self.key(id).is_some() {
                    return broken("c: journalled as gone, but alive", says);
                }
                Ok(())
            }
            ("rotate_key", Some(id)) if row.outcome.starts_with("not rotated") => {
                self.row_says_not_done(Kind::Rotate(id), &says)
            }
            ("rotate_key", Some(id)) if row.outcome.contains("lost in transit") => {
                self.row_says_lost(Kind::Rotate(id), &says)
            }
            ("create_key", _) if row.outcome.starts_with("not created") => {
                self.row_says_not_done(Kind::Create, &says)
            }
            ("create_key", _) if row.outcome.contains("lost in transit") => {
                self.row_says_lost(Kind::Create, &says)
            }
            _ => Ok(()),
        }
    }

    /// The writes of a kind that a row of the journal may be about: those of this step, and those that are open.
    ///
    /// Creations have no key; the names that the user gave tell them apart.
    fn meant_by_row(&self, kind: Kind, says: &str) -> Vec<OurWrite> {
        let mut writes = self.our_writes_of_step();
        writes.retain(|write| write.kind == kind);
        for write in self.open_writes(kind) {
            if !writes.iter().any(|known| known.id == write.id) {
                writes.push(write);
            }
        }
        writes.retain(|write| {
            let name = self.ledger.names.get(&write.id);
            name.is_none_or(|name| says.contains(&format!("{name:?}")))
        });
        writes
    }

    fn row_says_not_done(&mut self, kind: Kind, says: &str) -> Held {
        let mut in_step = self.our_writes_of_step();
        // One of an earlier step may arrive in this one, while that of this step never leaves.
        in_step.retain(|write| write.kind == kind && !self.is_belated(write));
        if self.is_acting && in_step.is_empty() {
            // It may be about what was to be written in this step and never left, or about an earlier one.
            for write in self.open_writes(kind) {
                if !write.done && !write.to_come {
                    self.ledger.tell(&write.id, Told::NotDone);
                }
            }
            return Ok(());
        }
        let writes = self.meant_by_row(kind, says);
        let not_done = writes.iter().find(|write| !write.done && !write.to_come);
        if not_done.is_none() {
            // A notice may have told of the one that was not done already; the row is about the same.
            let all = our_writes(&self.stage.faults);
            let mut of_kind = all.iter().filter(|write| write.kind == kind);
            if of_kind.any(|write| !write.done && !write.to_come) {
                return Ok(());
            }
        }
        match not_done.or(writes.first()).cloned() {
            Some(write) => self.judge_not_done(&write, says),
            None => Ok(()),
        }
    }

    /// Only the kinds of which it can be told: a key that somebody else has made may be taken for ours.
    fn row_says_lost(&mut self, kind: Kind, says: &str) -> Held {
        let writes = self.meant_by_row(kind, says);
        if kind == Kind::Create {
            for write in &writes {
                self.ledger.tell(&write.id, Told::LostIfDone);
            }
            return Ok(());
        }
        match writes
            .iter()
            .find(|write| write.done)
            .or(writes.first())
            .cloned()
        {
            Some(write) => self.judge_lost(&write, says),
            None => Ok(()),
        }
    }
}
