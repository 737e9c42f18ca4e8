//! What must hold of what a step was told to have come to: nothing of it is false, and no more was sent than was decided.
//!
//! Left out: what was confirmed before a deletion (`confirmed`), and what is looked at after every step (`afterwards`).

use std::collections::HashSet;

use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    AccountId, BulkResult, BulkResultKind, KeysRefreshed, NextStep, UiError, Verification,
};
use pulseapi::KeyId;
use sandbox::Key;
use secrecy::ExposeSecret as _;

use crate::ledger::{
    Held, Kind, OurWrite, Told, broken, in_custody, issued_for, key_number, our_writes, verdict,
};
use crate::world::World;

impl World {
    pub(crate) fn key(&self, id: i64) -> Option<Key> {
        let keys = self.stage.faults.keys().unwrap_or_default();
        keys.into_iter().find(|key| key.id == id)
    }

    pub(crate) fn our_writes_of_step(&self) -> Vec<OurWrite> {
        let seen = self.stage.script.requests_of_step(&self.stage.faults);
        seen.iter().filter_map(OurWrite::of).collect()
    }

    /// How many `POST`s and `DELETE`s were decided on in this step.
    pub(crate) fn writes_of_step(&self) -> (usize, usize) {
        let mut writes = self.our_writes_of_step();
        writes.retain(|write| !self.is_belated(write));
        let deletes = writes
            .iter()
            .filter(|write| matches!(write.kind, Kind::Delete(_)))
            .count();
        (writes.len() - deletes, deletes)
    }

    /// A write that was sent once is never sent again.
    pub(crate) fn none_is_sent_twice(&self) -> Held {
        let mut seen = HashSet::new();
        for write in our_writes(&self.stage.faults) {
            if !seen.insert(write.id.clone()) {
                return broken(
                    "d: a write is sent once",
                    format!("{:?} was sent again under the same id", write.kind),
                );
            }
        }
        Ok(())
    }

    /// At most one `DELETE` for each of these keys, if the user said yes, and for no other.
    pub(crate) fn one_each(&self, keys: &[KeyId]) -> Held {
        let yes = self
            .answered()
            .iter()
            .any(|answered| answered.reply == Reply::Yes);
        let ids: Vec<i64> = keys.iter().map(key_number).collect();
        let mut seen = Vec::new();
        for write in self.our_writes_of_step() {
            if self.is_belated(&write) {
                continue;
            }
            match write.kind {
                Kind::Delete(id) if yes && ids.contains(&id) && !seen.contains(&id) => {
                    seen.push(id);
                }
                other => {
                    return broken(
                        "d: one write per yes",
                        format!("{other:?} in a bulk run of {ids:?}"),
                    );
                }
            }
        }
        Ok(())
    }

    /// The creations of this step were to be called so.
    pub(crate) fn names_creations(&mut self, name: &str) {
        for write in self.our_writes_of_step() {
            self.ledger.names.insert(write.id, name.to_owned());
        }
    }

    pub(crate) fn told_not_done(&mut self) -> Held {
        for write in self.our_writes_of_step() {
            if self.is_belated(&write) {
                continue;
            }
            self.judge_not_done(&write, "an outcome")?;
        }
        Ok(())
    }

    pub(crate) fn told_unclear(&mut self, error: &UiError) -> Held {
        let listed = self.stage.script.listed();
        for write in self.our_writes_of_step() {
            self.ledger.tell(&write.id, Told::Unclear);
            let made = issued_for(&self.stage.faults, &write.id).map(|issued| issued.key);
            if error.message.contains("had no such key")
                && made.is_some_and(|key| listed.contains(&key))
                && !self.stage.script.has_lied_after()
                && !self.cannot_be_known(&write)
            {
                return broken(
                    "c: told that there was no such key, but it was listed",
                    &error.message,
                );
            }
        }
        Ok(())
    }

    /// A deletion brings no token: nobody hears of it after signing out.
    pub(crate) fn nobody_asks_for_deletions(&mut self) {
        let writes = our_writes(&self.stage.faults).into_iter();
        let deletions = writes.filter(|write| matches!(write.kind, Kind::Delete(_)));
        self.ledger.close(deletions.map(|write| write.id));
    }

    pub(crate) fn judge_not_done(&mut self, write: &OurWrite, by: &str) -> Held {
        self.ledger.tell(&write.id, Told::NotDone);
        // A cache that is older than the watch over an open request hides for good what became of it.
        let is_hidden =
            self.stage.script.has_told_old() && !self.our_writes_of_step().contains(write);
        let is_excused = is_hidden || self.cannot_be_known(write) || self.is_told_of_another(write);
        if write.done && !is_excused {
            return broken(
                "c: told not done, but it was",
                format!(
                    "{by} says that {:?} was not done; the server did it",
                    write.kind
                ),
            );
        }
        if write.to_come && self.can_still_be_done(write) {
            return broken(
                "c: told not done too early",
                format!(
                    "{by} says that {:?} was not done; the server will still do it",
                    write.kind
                ),
            );
        }
        Ok(())
    }

    /// What is to be done with a key that is gone will fail.
    fn can_still_be_done(&self, write: &OurWrite) -> bool {
        match write.kind {
            Kind::Create => true,
            Kind::Rotate(id) | Kind::Delete(id) => self.key(id).is_some(),
        }
    }

    /// A key that was made and then called something else, used (by whom, without its token?) or deleted can't be told
    /// from one that was not made.
    pub(crate) fn cannot_be_known(&self, write: &OurWrite) -> bool {
        let made = issued_for(&self.stage.faults, &write.id).map(|issued| issued.key);
        let script = &self.stage.script;
        write.kind == Kind::Create
            && made.is_some_and(|id| {
                script.somebody_else_changed(id) || script.somebody_else_deleted(id)
            })
    }

    /// Of two creations of one name one took place, and the other one was told to have lost its token: which of them made
    /// the key cannot be told.
    pub(crate) fn is_told_of_another(&self, write: &OurWrite) -> bool {
        let names = &self.ledger.names;
        let mut others = our_writes(&self.stage.faults).into_iter();
        write.kind == Kind::Create
            && others.any(|other| {
                other.id != write.id
                    && !other.done
                    && names.contains_key(&other.id)
                    && names.get(&other.id) == names.get(&write.id)
                    && (self.ledger.was_told(&other.id, Told::Lost)
                        || self.ledger.was_told(&other.id, Told::LostIfDone))
            })
    }

    pub(crate) fn judge_lost(&mut self, write: &OurWrite, by: &str) -> Held {
        self.ledger.tell(&write.id, Told::Lost);
        if !write.done && self.is_true_of_another(write) {
            return Ok(());
        }
        if !write.done {
            return broken(
                "c: told lost, but never done",
                format!(
                    "{by} says that the token of {:?} was lost; the server never did it",
                    write.kind
                ),
            );
        }
        self.nobody_has_its_token(write, by)
    }

    /// Another rotation of ours took place, and its token is not here: then the words are true, whichever they are about.
    fn is_true_of_another(&self, write: &OurWrite) -> bool {
        let writes = our_writes(&self.stage.faults).into_iter();
        let mut same = writes.filter(|other| other.kind == write.kind && other.done);
        matches!(write.kind, Kind::Rotate(_))
            && same.any(|other| self.nobody_has_its_token(&other, "").is_ok())
    }

    pub(crate) fn nobody_has_its_token(&self, write: &OurWrite, by: &str) -> Held {
        let Some(issued) = issued_for(&self.stage.faults, &write.id) else {
            return Ok(());
        };
        if let Some(name) = in_custody(&self.stage.keychain, &issued) {
            return broken(
                "c: told lost, but in the keychain",
                format!(
                    "{by} says that the token of {:?} was lost; the keychain has it as {name}",
                    write.kind
                ),
            );
        }
        Ok(())
    }

    /// A token was told to be lost: of the write of this step, or of an earlier one that was settled in it.
    pub(crate) fn told_lost(
        &mut self,
        message: &str,
        next: Option<&NextStep>,
        key: Option<i64>,
    ) -> Held {
        let mut writes = self.our_writes_of_step();
        if writes.is_empty() {
            writes = self.open_writes(key.map_or(Kind::Create, Kind::Rotate));
        }
        self.advice_is_about_ours(next, writes.last())?;
        if let Some(told @ (Told::Unclear | Told::LostIfDone)) = verdict(message) {
            for write in writes {
                self.ledger.tell(&write.id, told);
            }
            return Ok(());
        }
        match writes.last() {
            Some(write) => self.judge_lost(write, "an outcome"),
            None => broken("c: told lost, but never sent", message),
        }
    }

    /// Whether a request was open when the step began that no server has seen.
    fn has_one_that_never_arrived(&self) -> bool {
        let writes = our_writes(&self.stage.faults).into_iter();
        let arrived: HashSet<String> = writes.map(|write| write.id).collect();
        self.noted_before().any(|id| !arrived.contains(id))
    }

    /// Deleting is advised only of a key that is ours, whose token nobody has.
    pub(crate) fn advice_is_about_ours(
        &self,
        next: Option<&NextStep>,
        write: Option<&OurWrite>,
    ) -> Held {
        let Some(NextStep::DeleteKey { key, .. }) = next else {
            return Ok(());
        };
        let id = key_number(key);
        let issued = self.stage.faults.issued();
        let Some(ours) = issued.iter().find(|issued| issued.key == id) else {
            let script = &self.stage.script;
            // Somebody else made what we had asked for, in the same minute: it can't be told from ours.
            let is_like_ours = write
                .is_some_and(|write| script.somebody_else_made_it_after(id, &write.id))
                || script.somebody_else_made(id) && self.has_one_that_never_arrived();
            if is_like_ours {
                return Ok(());
            }
            return broken(
                "c: advises to delete a key that is not ours",
                format!("deleting key {id} is advised, which somebody else made"),
            );
        };
        if self.ledger.given_up.contains(ours.token.expose_secret()) {
            return broken(
                "c: advises to delete a key whose token the user has",
                format!("deleting key {id} is advised"),
            );
        }
        if let Some(name) = in_custody(&self.stage.keychain, ours) {
            return broken(
                "c: advises to delete a key whose token is there",
                format!("deleting key {id} is advised; the keychain has its token as {name}"),
            );
        }
        Ok(())
    }

    /// Our writes of a kind of which nothing definite was told.
    pub(crate) fn open_writes(&self, kind: Kind) -> Vec<OurWrite> {
        let mut writes = our_writes(&self.stage.faults);
        writes.retain(|write| write.kind == kind && self.ledger.is_open(&write.id));
        writes
    }

    pub(crate) fn told_error(&mut self, error: &UiError) -> Held {
        let writes = self.our_writes_of_step();
        if let Some(write) = writes.iter().find(|write| write.done || write.to_come) {
            return broken(
                "c: an error hides what was done",
                format!(
                    "“{}” is all that is told; {:?} was sent",
                    error.message, write.kind
                ),
            );
        }
        Ok(())
    }

    pub(crate) fn told_gone(&self, id: i64, message: &str) -> Held {
        if self.key(id).is_some() {
            return broken("c: told gone, but alive", format!("key {id}: {message}"));
        }
        if message.contains("somebody") && !self.stage.script.somebody_else_deleted(id) {
            return broken(
                "c: told that somebody else deleted it",
                format!("key {id}, which we deleted ourselves: {message}"),
            );
        }
        Ok(())
    }

    pub(crate) fn told_deleted(
        &mut self,
        id: i64,
        verification: Verification,
        message: &str,
    ) -> Held {
        if self.key(id).is_some() {
            return broken("c: told deleted, but alive", format!("key {id}: {message}"));
        }
        for write in self.our_writes_of_step() {
            self.ledger.tell(&write.id, Told::Done);
        }
        let seen = self.stage.script.requests_of_step(&self.stage.faults);
        let sent = seen.iter().position(|seen| seen.method == "DELETE");
        let after = &seen[sent.unwrap_or(0)..];
        let mut tries = after.iter().filter(|seen| seen.path.ends_with("/user"));
        let accepted = tries.clone().any(|seen| seen.answered == Some(200));
        if verification == Verification::TokenRefused
            && !seen.iter().any(|seen| seen.answered == Some(401))
        {
            return broken(
                "c: told 401, but none was seen",
                format!("key {id}: {message}"),
            );
        }
        // With its own token the app may be refused or accepted as anybody.
        let claims = message.replace("until it gets 401", "").contains("401");
        if accepted
            && claims
            && tries
                .next_back()
                .is_some_and(|last| last.answered == Some(200))
        {
            return broken(
                "c: told 401, but the token was accepted",
                format!("key {id}: {message}"),
            );
        }
        Ok(())
    }

    pub(crate) fn told_of_one(&mut self, result: &BulkResult) -> Held {
        let id = key_number(&result.key);
        let writes = self.our_writes_of_step();
        let write = writes.iter().find(|write| write.kind == Kind::Delete(id));
        match (result.kind, write) {
            (BulkResultKind::Deleted, _) if self.key(id).is_some() => broken(
                "c: told deleted, but alive",
                format!("key {id}: {}", result.message),
            ),
            (BulkResultKind::Deleted, Some(write)) => {
                self.ledger.tell(&write.id, Told::Done);
                Ok(())
            }
            (BulkResultKind::Deleted, None) => {
                broken("c: told deleted, but nothing was sent", format!("key {id}"))
            }
            (BulkResultKind::GoneAlready, _) => self.told_gone(id, &result.message),
            (BulkResultKind::NotDeleted, Some(write)) => {
                self.judge_not_done(write, "a line of the run")
            }
            (BulkResultKind::NotTried | BulkResultKind::Changed, Some(write)) => {
                broken("c: told not tried, but sent", format!("{:?}", write.kind))
            }
            (BulkResultKind::Unknown, Some(write)) => {
                self.ledger.tell(&write.id, Told::Unclear);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A whole list shows what there is.
    pub(crate) async fn list_is_true(&self, account: AccountId, told: &KeysRefreshed) -> Held {
        if told.incomplete.is_some() {
            return Ok(());
        }
        if self.stage.script.has_shortened() {
            return broken(
                "c: a short list told as whole",
                format!("{} keys told", told.total),
            );
        }
        if self.stage.script.has_lied() {
            return Ok(());
        }
        let Some(running) = &self.running else {
            return Ok(());
        };
        let cached = running.app.cached_keys(account).await;
        let shown: Vec<i64> = cached
            .map(|cached| cached.keys.iter().map(|row| key_number(&row.id)).collect())
            .unwrap_or_default();
        // What is open may read a list of its own after the one that is told.
        // A late request of the step before may act between the moment at which the list is looked up here and the one at
        // which the server reads it: what is there now is true as well.
        let now = self.stage.faults.keys().unwrap_or_default();
        let is_now = now.len() == shown.len() && now.iter().all(|key| shown.contains(&key.id));
        if !is_now && !self.stage.script.has_listed(&shown) {
            let last = self.stage.script.listed();
            return broken(
                "c: a whole list that is not whole",
                format!("{} keys told, {shown:?} shown, {last:?} there", told.total),
            );
        }
        Ok(())
    }
}
