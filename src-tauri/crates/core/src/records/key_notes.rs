//! What the user wrote about keys, as the database holds it.
//!
//! A note goes where its key is taken off the list for good, and with its account. A list that is merely without the key
//! takes no note away: the key may come back, and what a user typed can't be fetched again. Left out: what may stand in a
//! note, and its table for spreadsheets (`notes`).

use jiff::Timestamp;
use jiff::civil::Date;
use pulseapi::KeyId;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

/// What a note says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NoteText {
    /// What the key is for.
    pub(crate) purpose: String,
    /// Whom to ask.
    pub(crate) owner: String,
    /// Where the user keeps its token by hand.
    pub(crate) stored_in: String,
    /// The day on which the user wants to look at it again.
    pub(crate) review_on: Option<Date>,
}

impl NoteText {
    /// Whether it says nothing: then there is no note.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A note, with what its key was called when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredNote {
    pub(crate) key: KeyId,
    pub(crate) key_name: String,
    pub(crate) last_eight: String,
    pub(crate) text: NoteText,
    pub(crate) written_at: Timestamp,
}

/// The notes of an account. One that can't be read stays where it is, and is counted by [`unreadable`].
pub(crate) fn all(
    transaction: &Transaction<'_>,
    account: &str,
) -> rusqlite::Result<Vec<StoredNote>> {
    let mut statement = transaction.prepare(
        "SELECT key_id, key_name, last_eight, purpose, owner, stored_in, review_on, written_at
         FROM key_note WHERE account = ?1 ORDER BY key_name, key_id",
    )?;
    let notes = statement.query_map([account], note)?;
    Ok(notes
        .collect::<rusqlite::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

fn note(row: &Row<'_>) -> rusqlite::Result<Option<StoredNote>> {
    let (key, review_on): (String, Option<String>) = (row.get(0)?, row.get(6)?);
    let written_at: String = row.get(7)?;
    let (Ok(key), Ok(written_at)) = (KeyId::parse(&key), written_at.parse()) else {
        return Ok(None);
    };
    let Ok(review_on) = review_on.map(|day| day.parse()).transpose() else {
        return Ok(None);
    };
    Ok(Some(StoredNote {
        key,
        key_name: row.get(1)?,
        last_eight: row.get(2)?,
        text: NoteText {
            purpose: row.get(3)?,
            owner: row.get(4)?,
            stored_in: row.get(5)?,
            review_on,
        },
        written_at,
    }))
}

/// How many notes of an account can't be read: a later version wrote them.
pub(crate) fn unreadable(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<usize> {
    Ok(count(transaction, account)? - all(transaction, account)?.len())
}

/// Whether the note about a key is one that can't be read.
pub(crate) fn is_unreadable(
    transaction: &Transaction<'_>,
    account: &str,
    key: &KeyId,
) -> rusqlite::Result<bool> {
    let there: i64 = transaction.query_row(
        "SELECT count(*) FROM key_note WHERE account = ?1 AND key_id = ?2",
        [account, key.as_str()],
        |row| row.get(0),
    )?;
    Ok(there > 0
        && all(transaction, account)?
            .iter()
            .all(|note| note.key != *key))
}

/// Writes a note in place of the one before; one that says nothing takes it away. Never over one that can't be read:
/// whether it did.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    account: &str,
    note: &StoredNote,
) -> rusqlite::Result<bool> {
    let StoredNote { key, text, .. } = note;
    if is_unreadable(transaction, account, key)? {
        return Ok(false);
    }
    if text.is_empty() {
        forget_key(transaction, account, key.as_str())?;
        return Ok(true);
    }
    transaction.execute(
        "INSERT OR REPLACE INTO key_note
         (account, key_id, key_name, last_eight, purpose, owner, stored_in, review_on, written_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            account,
            key.as_str(),
            note.key_name,
            note.last_eight,
            text.purpose,
            text.owner,
            text.stored_in,
            text.review_on.map(|day| day.to_string()),
            note.written_at.to_string(),
        ],
    )?;
    Ok(true)
}

/// Another key takes the place of one: what was noted about that holds for it too, unless it has a note of its own. The
/// other one keeps its note until it is gone.
pub(crate) fn follow(
    transaction: &Transaction<'_>,
    account: &str,
    from: &KeyId,
    to: (&KeyId, &str, &str),
) -> rusqlite::Result<()> {
    let (to, name, last_eight) = to;
    transaction.execute(
        "INSERT OR IGNORE INTO key_note
         (account, key_id, key_name, last_eight, purpose, owner, stored_in, review_on, written_at)
         SELECT account, ?3, ?4, ?5, purpose, owner, stored_in, review_on, written_at
         FROM key_note WHERE account = ?1 AND key_id = ?2",
        [account, from.as_str(), to.as_str(), name, last_eight],
    )?;
    Ok(())
}

/// When the note about a key was written; none where there is none.
pub(crate) fn written_at(
    transaction: &Transaction<'_>,
    account: &str,
    key: &KeyId,
) -> rusqlite::Result<Option<Timestamp>> {
    let at: Option<String> = transaction
        .query_row(
            "SELECT written_at FROM key_note WHERE account = ?1 AND key_id = ?2",
            [account, key.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(at.and_then(|at| at.parse().ok()))
}

/// How many notes an account has.
pub(crate) fn count(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<usize> {
    let count: i64 = transaction.query_row(
        "SELECT count(*) FROM key_note WHERE account = ?1",
        [account],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// A key is gone for good.
pub(crate) fn forget_key(
    transaction: &Transaction<'_>,
    account: &str,
    key: &str,
) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM key_note WHERE account = ?1 AND key_id = ?2",
        [account, key],
    )?;
    Ok(())
}

/// An account is gone.
pub(crate) fn forget_account(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM key_note WHERE account = ?1", [account])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::AccountId;
    use crate::records::key_cache;
    use crate::tests::{database, row};

    const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

    fn id(id: &str) -> KeyId {
        KeyId::parse(id).unwrap()
    }

    fn note(key: &str, purpose: &str) -> StoredNote {
        StoredNote {
            key: id(key),
            key_name: "CI".to_owned(),
            last_eight: "ab12cd34".to_owned(),
            text: NoteText {
                purpose: purpose.to_owned(),
                review_on: Some("2027-03-01".parse().unwrap()),
                ..NoteText::default()
            },
            written_at: "2026-11-22T14:03:00Z".parse().unwrap(),
        }
    }

    #[tokio::test]
    async fn a_note_outlives_a_list_without_its_key_and_goes_with_the_key() {
        let (_folder, database) = database();
        let account = ACCOUNT.0.to_string();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let keys = [row("7", "CI"), row("8", "Zapier")];
        key_cache::replace(&database, ACCOUNT, keys.to_vec(), now)
            .await
            .unwrap();
        database
            .run(move |transaction| {
                let account = ACCOUNT.0.to_string();
                write(transaction, &account, &note("7", "Deploys"))?;
                write(transaction, &account, &note("8", "Zaps"))
            })
            .await
            .unwrap();
        key_cache::replace(&database, ACCOUNT, keys[1..].to_vec(), now)
            .await
            .unwrap();
        let left = database
            .run(move |transaction| {
                assert_eq!(all(transaction, &account)?.len(), 2);
                key_cache::remove_key(transaction, ACCOUNT, "8")?;
                let left = all(transaction, &account)?;
                key_cache::remove_list(transaction, &account)?;
                assert_eq!(count(transaction, &account)?, 0);
                Ok(left)
            })
            .await
            .unwrap();
        assert_eq!(left, [note("7", "Deploys")]);
    }

    #[tokio::test]
    async fn a_note_that_says_nothing_is_none_and_one_that_can_not_be_read_stays() {
        let (_folder, database) = database();
        database
            .run(|transaction| {
                write(transaction, "a", &note("7", "Deploys"))?;
                write(transaction, "a", &note("8", "Zaps"))?;
                let empty = StoredNote {
                    text: NoteText::default(),
                    ..note("7", "")
                };
                write(transaction, "a", &empty)?;
                assert_eq!(all(transaction, "a")?, [note("8", "Zaps")]);
                assert_eq!(written_at(transaction, "a", &id("7"))?, None);
                transaction.execute("UPDATE key_note SET review_on = 'soon'", [])?;
                assert_eq!(all(transaction, "a")?, []);
                assert_eq!(unreadable(transaction, "a")?, 1);
                assert!(!write(transaction, "a", &note("8", "Zaps again"))?);
                assert!(!write(
                    transaction,
                    "a",
                    &StoredNote {
                        text: NoteText::default(),
                        ..note("8", "")
                    }
                )?);
                assert_eq!(count(transaction, "a")?, 1);
                Ok(())
            })
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_note_follows_to_another_key_unless_that_has_its_own() {
        let (_folder, database) = database();
        database
            .run(|transaction| {
                write(transaction, "a", &note("7", "Deploys"))?;
                write(transaction, "a", &note("9", "Its own"))?;
                follow(
                    transaction,
                    "a",
                    &id("7"),
                    (&id("8"), "CI (new)", "ffee0011"),
                )?;
                follow(transaction, "a", &id("7"), (&id("9"), "Other", "00ff00ff"))?;
                follow(transaction, "a", &id("6"), (&id("5"), "None", "00ff00ff"))?;
                forget_key(transaction, "a", "7")?;
                let followed = StoredNote {
                    key_name: "CI (new)".to_owned(),
                    last_eight: "ffee0011".to_owned(),
                    ..note("8", "Deploys")
                };
                assert_eq!(all(transaction, "a")?, [note("9", "Its own"), followed]);
                Ok(())
            })
            .await
            .unwrap();
    }
}
