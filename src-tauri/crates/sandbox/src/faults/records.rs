//! Reading and writing keys behind the API's back.

use secrecy::SecretString;
use serde::Deserialize;

use super::handle::Faults;
use crate::error::StoreError;
use crate::seed;
use crate::store::{Instant, Key, NewKey, accounts, keys};
use crate::token::{Presented, TokenBody};

/// A key of the seeded user, written as it is: nothing is checked but that the team exists.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerbatimKey {
    /// Any text: empty, very long, full of markup.
    pub name: String,
    /// `["monitors:read"]` when absent.
    #[serde(default = "read_monitors")]
    pub abilities: Vec<String>,
    /// The active team when absent.
    #[serde(default = "active_team")]
    pub team_id: i64,
    /// Now when absent.
    #[serde(default)]
    pub created_at: Option<Instant>,
    /// Never used when absent.
    #[serde(default)]
    pub last_used_at: Option<Instant>,
    /// Never rotated when absent.
    #[serde(default)]
    pub rotated_at: Option<Instant>,
}

fn read_monitors() -> Vec<String> {
    vec![crate::ability::MONITORS_READ.to_owned()]
}

fn active_team() -> i64 {
    seed::TEAM
}

impl VerbatimKey {
    /// A key with a name and nothing else of note.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            abilities: read_monitors(),
            team_id: active_team(),
            created_at: None,
            last_used_at: None,
            rotated_at: None,
        }
    }
}

/// A key that was written, and its token.
#[derive(Debug)]
pub struct InsertedKey {
    /// Its id.
    pub id: i64,
    /// Its token, which works.
    pub token: SecretString,
}

impl Faults {
    /// Writes a key unchecked.
    ///
    /// # Errors
    /// When the team does not exist, or the database fails.
    pub async fn insert_key(&self, key: VerbatimKey) -> Result<InsertedKey, StoreError> {
        let (new, body) = self.to_be_inserted(key);
        let insert = self.0.app.store.run(move |database| {
            let id = keys::insert(database, &new, &body)?;
            Ok(InsertedKey {
                id,
                token: body.with_id(id),
            })
        });
        insert.await
    }

    pub(super) fn to_be_inserted(&self, key: VerbatimKey) -> (NewKey, TokenBody) {
        let app = &self.0.app;
        let new = NewKey {
            user_id: seed::USER,
            team_id: key.team_id,
            name: key.name,
            abilities: key.abilities,
            created_at: key.created_at.unwrap_or_else(|| app.clock.now().into()),
            last_used_at: key.last_used_at,
            rotated_at: key.rotated_at,
        };
        (new, app.fresh_token_body())
    }

    /// Deletes a key, as somebody else would; whether it was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_key(&self, id: i64) -> Result<bool, StoreError> {
        self.0
            .app
            .store
            .run(move |database| keys::delete(database, seed::USER, id))
            .await
    }

    /// A key as it is now, without counting as a use of it; `None` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(&self, id: i64) -> Result<Option<Key>, StoreError> {
        self.0
            .app
            .store
            .run(move |database| keys::find(database, seed::USER, id))
            .await
    }

    /// From now on the token that a key has now is accepted for so many requests after the key is gone, as by a cache
    /// that has not heard of it. Whether there is such a key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_accepting(&self, id: i64, times: u32) -> Result<bool, StoreError> {
        let app = &self.0.app;
        let known = app.store.run(move |database| {
            let Some(hash) = accounts::token_hash(database, id)? else {
                return Ok(None);
            };
            let presented = Presented { id: Some(id), hash };
            let credential = accounts::credential(database, &presented)?;
            Ok(credential.map(|credential| (hash, credential)))
        });
        let Some((hash, credential)) = known.await? else {
            return Ok(false);
        };
        app.stale.remember(hash, credential, times);
        Ok(true)
    }

    /// The cache that [`Faults::keep_accepting`] stands for hears that the key is gone. Whether it knew the key.
    #[must_use]
    pub fn forget_accepted(&self, id: i64) -> bool {
        self.0.app.stale.forget(id)
    }
}
