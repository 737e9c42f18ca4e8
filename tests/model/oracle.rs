//! What must hold: nothing that was told is false, nothing happened that the person did not confirm as it was, and no
//! token is out of reach.

use pulse_keys_core::host::Reply;
use pulse_keys_core::journal::JournalRow;
use pulse_keys_core::text::{ago, exact};
use pulse_keys_core::view::{
    AccountId, BulkResult, BulkResultKind, CustodyPlace, KeyRow, KeysRefreshed, NextStep, Notice,
    TokenInCustody, UiError, Verification,
};
use pulseapi::KeyId;
use sandbox::Key;
use sandbox::faults::Issued;
use secrecy::ExposeSecret as _;

use crate::ledger::{
    Held, Kind, OurWrite, Told, broken, in_custody, issued_for, our_writes, verdict,
};
use crate::person::Answered;
use crate::script::Risk;
use crate::take::number;
use crate::world::World;

/// A key as the person saw it before saying yes.
#[derive(Clone, Debug)]
pub(crate) struct Confirmed {
    id: i64,
    abilities: Vec<String>,
    team: Option<String>,
    own: bool,
}

impl Confirmed {
    pub(crate) fn of(row: &KeyRow) -> Self {
        Self {
            id: number(&row.id),
            abilities: row.abilities.clone(),
            team: row.team.as_ref().map(|team| team.id.clone()),
            own: row.own,
        }
    }
}

impl World {
    fn key(&self, id: i64) -> Option<Key> {
        let keys = self.stage.faults.keys().unwrap_or_default();
        keys.into_iter().find(|key| key.id == id)
    }

    fn our_writes_of_step(&self) -> Vec<OurWrite> {
        let seen = self.stage.script.requests_of_step(&self.stage.faults);
        seen.iter().filter_map(OurWrite::of).collect()
    }

    /// How many `POST`s and `DELETE`s.
    pub(crate) fn writes_of_step(&self) -> (usize, usize) {
        let writes = self.our_writes_of_step();
        let deletes = writes
            .iter()
            .filter(|write| matches!(write.kind, Kind::Delete(_)))
            .count();
        (writes.len() - deletes, deletes)
    }

    /// At most one `DELETE` for each of these keys, if the person said yes, and for no other.
    pub(crate) fn one_each(&self, keys: &[KeyId]) -> Held {
        let yes = self
            .answered()
            .iter()
            .any(|answered| answered.reply == Reply::Yes);
        let ids: Vec<i64> = keys.iter().map(number).collect();
        let mut seen = Vec::new();
        for write in self.our_writes_of_step() {
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

    pub(crate) fn told_not_done(&mut self) -> Held {
        for write in self.our_writes_of_step() {
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

    /// A deletion brings no token: nobody is told of it after signing out.
    pub(crate) fn nobody_asks_for_deletions(&mut self) {
        let writes = our_writes(&self.stage.faults).into_iter();
        let deletions = writes.filter(|write| matches!(write.kind, Kind::Delete(_)));
        self.ledger.close(deletions.map(|write| write.id));
    }

    fn judge_not_done(&mut self, write: &OurWrite, by: &str) -> Held {
        self.ledger.tell(&write.id, Told::NotDone);
        if write.done && !self.cannot_be_known(write) {
            return broken(
                "c: told not done, but it was",
                format!(
                    "{by} says that {:?} was not done; the server did it",
                    write.kind
                ),
            );
        }
        if write.to_come {
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

    /// A key that was made and then called something else, or deleted, can't be told from none.
    fn cannot_be_known(&self, write: &OurWrite) -> bool {
        let made = issued_for(&self.stage.faults, &write.id).map(|issued| issued.key);
        let script = &self.stage.script;
        write.kind == Kind::Create
            && made.is_some_and(|id| {
                script.somebody_else_renamed(id) || script.somebody_else_deleted(id)
            })
    }

    fn judge_lost(&mut self, write: &OurWrite, by: &str) -> Held {
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

    fn nobody_has_its_token(&self, write: &OurWrite, by: &str) -> Held {
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

    /// Deleting is advised only of a key that is ours, whose token nobody has.
    fn advice_is_about_ours(&self, next: Option<&NextStep>, write: Option<&OurWrite>) -> Held {
        let Some(NextStep::DeleteKey { key, .. }) = next else {
            return Ok(());
        };
        let id = number(key);
        let issued = self.stage.faults.issued();
        let Some(ours) = issued.iter().find(|issued| issued.key == id) else {
            if write
                .is_some_and(|write| self.stage.script.somebody_else_made_it_after(id, &write.id))
            {
                return Ok(());
            }
            return broken(
                "c: advises to delete a key that is not ours",
                format!("deleting key {id} is advised, which somebody else made"),
            );
        };
        if self.ledger.given_up.contains(ours.token.expose_secret()) {
            return broken(
                "c: advises to delete a key whose token the person has",
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
    fn open_writes(&self, kind: Kind) -> Vec<OurWrite> {
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
        let id = number(&result.key);
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

    /// What was deleted was what the person had seen when saying yes.
    pub(crate) fn deleted_as_confirmed(&self, confirmed: &[Confirmed]) -> Held {
        let answered = self.answered();
        let yes = answered
            .iter()
            .rev()
            .find(|asked| asked.reply == Reply::Yes);
        for deletion in self.stage.script.deletions() {
            let Some(key) = deletion.key else {
                continue;
            };
            let Some(yes) = yes else {
                return broken("b: deleted without a yes", format!("key {}", deletion.id));
            };
            if !deletion.read_the_truth {
                continue;
            }
            let seen = confirmed.iter().find(|seen| seen.id == deletion.id);
            let Some(seen) = seen else {
                return broken(
                    "b: deleted unseen",
                    format!("key {} was on no card", deletion.id),
                );
            };
            if let Some(differs) = differs(&key, seen, yes) {
                return broken(
                    "b: deleted in another state than confirmed",
                    format!("key {} {}: {differs}", key.id, key.name),
                );
            }
        }
        Ok(())
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
        let mut shown: Vec<i64> = cached
            .map(|cached| cached.keys.iter().map(|row| number(&row.id)).collect())
            .unwrap_or_default();
        shown.sort_unstable();
        let mut true_ids = self.stage.script.listed();
        true_ids.sort_unstable();
        if shown != true_ids {
            return broken(
                "c: a whole list that is not whole",
                format!(
                    "{} keys told, {shown:?} shown, {true_ids:?} there",
                    told.total
                ),
            );
        }
        Ok(())
    }

    /// A token was told to be in custody: it is the one that the server gave out.
    pub(crate) fn token_arrived(&mut self, token: &TokenInCustody) -> Held {
        let write = token.id.0.to_string();
        self.ledger.tell(&write, Told::Done);
        let Some(issued) = issued_for(&self.stage.faults, &write) else {
            return broken(
                "c: told a token that never was",
                format!("{} …{}", token.name, token.last_eight),
            );
        };
        if !issued.token.expose_secret().ends_with(&token.last_eight) {
            return broken("c: told another token", format!("…{}", token.last_eight));
        }
        if token.place == CustodyPlace::Keychain
            && self.is_live(&issued)
            && in_custody(&self.stage.keychain, &issued).is_none()
        {
            return broken(
                "c: told in the keychain, but it is not",
                format!("{} …{}", token.name, token.last_eight),
            );
        }
        Ok(())
    }

    pub(crate) fn is_the_token(&self, token: &TokenInCustody, text: &str) -> Held {
        let issued = self.stage.faults.issued();
        if issued
            .iter()
            .any(|issued| issued.token.expose_secret() == text)
            && text.ends_with(&token.last_eight)
        {
            Ok(())
        } else {
            broken("c: reveals another token", format!("…{}", token.last_eight))
        }
    }

    /// The person has a token elsewhere.
    pub(crate) fn gives_up(&mut self, token: &TokenInCustody) {
        for issued in self.stage.faults.issued() {
            if issued.token.expose_secret().ends_with(&token.last_eight) {
                let text = issued.token.expose_secret().to_owned();
                self.ledger.given_up.insert(text);
            }
        }
    }

    /// Whoever signs out gives up the credential, and the tokens that the question counted if that was the answer.
    pub(crate) fn gave_up_on_signing_out(&mut self, in_custody: &[TokenInCustody]) -> Held {
        let answered = self.answered();
        let Some(last) = answered.last().filter(|last| last.reply != Reply::No) else {
            return Ok(());
        };
        let named = |label: &str| label.split(' ').find_map(|word| word.parse().ok());
        if last.reply == Reply::Yes {
            let named = named(&last.question.yes).unwrap_or(0_usize);
            if named < in_custody.len() {
                return broken(
                    "a: signing out says less than it forgets",
                    format!("“{}” of {}", last.question.yes, in_custody.len()),
                );
            }
            for token in in_custody {
                self.gives_up(token);
            }
            // The question may count tokens that reached the keychain and were on record only by then.
            let mut more = named.saturating_sub(in_custody.len());
            for text in self.stage.keychain.removed_tokens() {
                if more > 0 && self.ledger.given_up.insert(text) {
                    more -= 1;
                }
            }
        }
        self.nobody_asks_for_deletions();
        let own: Vec<String> = self.stage.keychain.credentials();
        self.ledger.given_up.extend(own);
        Ok(())
    }

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

    /// No token that works left the keychain unless the person gave it up.
    fn nothing_was_removed(&mut self) -> Held {
        for removed in self.stage.keychain.take_removed() {
            if removed.replaced && removed.name.starts_with("account/") {
                // Another credential, given by the person, or a newer token of the same key.
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
            // Nothing was sent; the person was asked anew, and may have said yes again in the same step.
            (_, _) if row.outcome.contains("Nothing was sent") => Ok(()),
            ("delete_key", _) if row.outcome.contains("changed after the yes") => Ok(()),
            ("delete_key", Some(id)) if row.outcome.starts_with("not deleted") => {
                self.row_says_not_done(Kind::Delete(id), &says)
            }
            ("rotate_key", Some(id)) if row.outcome.starts_with("not rotated: it is deleted") => {
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
    fn meant_by_row(&self, kind: Kind) -> Vec<OurWrite> {
        let mut writes = self.our_writes_of_step();
        writes.retain(|write| write.kind == kind);
        for write in self.open_writes(kind) {
            if !writes.iter().any(|known| known.id == write.id) {
                writes.push(write);
            }
        }
        writes
    }

    fn row_says_not_done(&mut self, kind: Kind, says: &str) -> Held {
        if self.is_acting
            && !self
                .our_writes_of_step()
                .iter()
                .any(|write| write.kind == kind)
        {
            // What was to be written in this step never left.
            return Ok(());
        }
        let writes = self.meant_by_row(kind);
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
        let writes = self.meant_by_row(kind);
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

    pub(crate) fn is_live(&self, issued: &Issued) -> bool {
        self.stage.faults.accepts(issued.token.expose_secret())
    }
}

/// In what a key differs from what the person saw.
fn differs(key: &Key, seen: &Confirmed, yes: &Answered) -> Option<String> {
    let question = format!(
        "{} {}",
        yes.question.headline,
        yes.question.paragraphs.join(" ")
    );
    let team = key.team.id.to_string();
    if !question.contains(&key.name) {
        return Some(format!("it is called {} by now", key.name));
    }
    if !question.contains(&key.last_eight) {
        return Some(format!("its token ends in {} by now", key.last_eight));
    }
    if key.abilities != seen.abilities {
        return Some(format!("it may {:?} by now", key.abilities));
    }
    if seen.team.as_ref().is_some_and(|seen| *seen != team) {
        return Some(format!("it is of team {team} by now"));
    }
    let used = key.last_used_at.map(|used| used.0);
    let is_told = match used {
        _ if seen.own => true,
        Some(used) => {
            question.contains(&exact(used))
                || question.contains(&format!("last used {}", ago(used, yes.at)))
        }
        None => question.contains("never"),
    };
    (!is_told).then(|| format!("it was last used {used:?} by now"))
}
