//! What is written down about the tokens of deleted keys that did not get 401 yet, and of keys that the user deletes in the
//! browser.
//!
//! Left out: trying them (`revocation`), and the tokens themselves, which are in custody or the account's credential.

use jiff::{SignedDuration, Timestamp};
use pulseapi::KeyId;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;
use crate::records::key::KeyRow;

/// When a token that was accepted is tried again, counted from the first try.
const SCHEDULE: [SignedDuration; 4] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(15),
    SignedDuration::from_secs(60),
    SignedDuration::from_secs(300),
];

/// What was seen so far of a key that is deleted in the browser, and stands in the user's own list until that is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InBrowser {
    /// No token of it was accepted since it is tried.
    NotAccepted,
    /// One was: when it gets 401, the key is deleted.
    Accepted,
    /// It gets 401 and was never seen to be accepted, and nothing vouches for it. That proves nothing.
    RefusedUnproved,
}

impl InBrowser {
    fn word(self) -> &'static str {
        match self {
            Self::NotAccepted => "not_accepted",
            Self::Accepted => "accepted",
            Self::RefusedUnproved => "refused",
        }
    }

    /// A word of another version claims nothing.
    fn of(word: &str) -> Self {
        match word {
            "accepted" => Self::Accepted,
            "refused" => Self::RefusedUnproved,
            _ => Self::NotAccepted,
        }
    }
}

/// A key that is gone, and whose token did not get 401 yet; or one that is deleted in the browser, where that alone can
/// show that it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenRevocation {
    pub(crate) account: AccountId,
    pub(crate) key: KeyId,
    pub(crate) name: String,
    pub(crate) last_eight: String,
    pub(crate) own: bool,
    pub(crate) first_at: Timestamp,
    pub(crate) tried_at: Timestamp,
    /// Why the last try found out nothing; none when the token was accepted.
    pub(crate) trouble: Option<String>,
    pub(crate) next_at: Option<Timestamp>,
    /// None for a key that is known to be gone.
    pub(crate) in_browser: Option<InBrowser>,
}

impl OpenRevocation {
    /// After the first try.
    pub(crate) fn begun(
        account: AccountId,
        key: &KeyRow,
        at: Timestamp,
        trouble: Option<String>,
    ) -> Self {
        Self {
            account,
            key: key.id.clone(),
            name: key.name.clone(),
            last_eight: key.last_eight.clone(),
            own: key.own,
            first_at: at,
            tried_at: at,
            trouble,
            next_at: next_try(at, at),
            in_browser: None,
        }
    }

    /// After another try.
    pub(crate) fn tried(self, at: Timestamp, trouble: Option<String>) -> Self {
        Self {
            tried_at: at,
            trouble,
            next_at: next_try(self.first_at, at),
            ..self
        }
    }

    /// The same of a key that is deleted in the browser.
    pub(crate) fn in_browser(self, seen: InBrowser) -> Self {
        Self {
            in_browser: Some(seen),
            // A 401 does not change by being asked for again.
            next_at: self.next_at.filter(|_| seen != InBrowser::RefusedUnproved),
            ..self
        }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let texts: [String; 6] = [
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(5)?,
            row.get(6)?,
        ];
        let [account, key, name, last_eight, first_at, tried_at] = texts;
        let next_at: Option<String> = row.get(8)?;
        let in_browser: Option<String> = row.get(9)?;
        let (Ok(account), Ok(key)) = (account.parse(), KeyId::parse(&key)) else {
            return Ok(None);
        };
        let (Ok(first_at), Ok(tried_at)) = (first_at.parse(), tried_at.parse()) else {
            return Ok(None);
        };
        Ok(Some(Self {
            account: AccountId(account),
            key,
            name,
            last_eight,
            own: row.get(4)?,
            first_at,
            tried_at,
            trouble: row.get(7)?,
            // One that can't be read is due at the next start.
            next_at: next_at.and_then(|at| at.parse().ok()),
            in_browser: in_browser.as_deref().map(InBrowser::of),
        }))
    }
}

/// The first moment of the schedule that is still to come; none when all of them are past. A clock that was set back
/// makes no wait longer than the schedule's own.
fn next_try(first: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let since = now.duration_since(first).max(SignedDuration::ZERO);
    let first = first.min(now);
    let after = SCHEDULE.into_iter().find(|after| *after > since)?;
    first.checked_add(after).ok()
}

const COLUMNS: &str =
    "account, key_id, key_name, last_eight, own, first_at, tried_at, trouble, next_at, in_browser";

/// Writes one down, in place of what is known of the same key.
pub(crate) fn put(transaction: &Transaction<'_>, open: &OpenRevocation) -> rusqlite::Result<()> {
    transaction.execute(
        &format!(
            "INSERT OR REPLACE INTO revocation ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"
        ),
        params![
            open.account.0.to_string(),
            open.key.as_str(),
            open.name,
            open.last_eight,
            open.own,
            open.first_at.to_string(),
            open.tried_at.to_string(),
            open.trouble,
            open.next_at.map(|at| at.to_string()),
            open.in_browser.map(InBrowser::word),
        ],
    )?;
    Ok(())
}

/// Nothing is to be tried of this key any more. Whether something was.
pub(crate) fn remove(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyId,
) -> rusqlite::Result<bool> {
    let removed = transaction.execute(
        "DELETE FROM revocation WHERE account = ?1 AND key_id = ?2",
        params![account.0.to_string(), key.as_str()],
    )?;
    Ok(removed > 0)
}

/// Nothing is to be tried of this account any more: nobody is signed in to it.
pub(crate) fn remove_account(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM revocation WHERE account = ?1", [account])?;
    Ok(())
}

/// All of them, oldest first.
pub(crate) async fn all(database: &Database) -> Result<Vec<OpenRevocation>, DatabaseError> {
    database
        .run(|transaction| {
            let mut statement = transaction.prepare(&format!(
                "SELECT {COLUMNS} FROM revocation ORDER BY first_at, account, key_id"
            ))?;
            let rows = statement.query_map([], OpenRevocation::read)?;
            rows.filter_map(Result::transpose).collect()
        })
        .await
}

/// One of them.
pub(crate) async fn find(
    database: &Database,
    account: AccountId,
    key: &KeyId,
) -> Result<Option<OpenRevocation>, DatabaseError> {
    let key = key.clone();
    database
        .run(move |transaction| {
            let found = transaction.query_row(
                &format!("SELECT {COLUMNS} FROM revocation WHERE account = ?1 AND key_id = ?2"),
                params![account.0.to_string(), key.as_str()],
                OpenRevocation::read,
            );
            Ok(found.optional()?.flatten())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

    fn at(seconds: i64) -> Timestamp {
        let first: Timestamp = "2026-11-22T14:03:22Z".parse().unwrap();
        first + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn tries_are_counted_from_the_first_and_missed_ones_are_not_made_up_for() {
        let next = |now| next_try(at(0), at(now));
        assert_eq!(next(0), Some(at(5)));
        assert_eq!(next(3), Some(at(5)), "somebody was impatient");
        assert_eq!(next(5), Some(at(15)));
        assert_eq!(next(16), Some(at(60)));
        assert_eq!(next(60), Some(at(300)));
        assert_eq!(next(300), None);
        assert_eq!(next(-7200), Some(at(-7195)), "the clock was set back");
    }

    #[tokio::test]
    async fn what_is_open_comes_back_as_it_was_until_it_is_removed() {
        let (_folder, database) = database();
        let key = row("7", "CI");
        let first = OpenRevocation::begun(ACCOUNT, &key, at(0), None);
        let second = first.clone().tried(at(5), Some("no network".to_owned()));
        let third = first.clone().in_browser(InBrowser::Accepted);
        let fourth = first.clone().in_browser(InBrowser::RefusedUnproved);
        assert_eq!(fourth.next_at, None, "it would be refused again");
        for open in [first, second, third, fourth] {
            let put_down = open.clone();
            database
                .run(move |transaction| put(transaction, &put_down))
                .await
                .unwrap();
            assert_eq!(
                find(&database, ACCOUNT, &key.id).await.unwrap(),
                Some(open.clone())
            );
            assert_eq!(all(&database).await.unwrap(), [open]);
        }
        let id = key.id.clone();
        let removed = database.run(move |transaction| remove(transaction, ACCOUNT, &id));
        assert!(removed.await.unwrap());
        assert_eq!(all(&database).await.unwrap(), []);
    }
}
