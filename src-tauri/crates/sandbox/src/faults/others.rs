//! What somebody else does with the seeded user's keys, in another window or with another program: at once, and past
//! the API, so that no request of theirs is in the log.

use rusqlite::named_params;
use secrecy::SecretString;

use super::handle::Faults;
use super::records::VerbatimKey;
use crate::error::StoreError;
use crate::seed;
use crate::store::{Key, keys};

impl Faults {
    /// All keys of the seeded user, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keys(&self) -> Result<Vec<Key>, StoreError> {
        let page = |database: &mut _| keys::page(database, seed::USER, 0, i64::MAX);
        Ok(self.0.app.store.with(page)?.0)
    }

    /// Somebody makes a key that may read monitors, and gives its id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn somebody_creates(&self, name: &str) -> Result<i64, StoreError> {
        let (new, body) = self.to_be_inserted(VerbatimKey::named(name));
        let store = &self.0.app.store;
        Ok(store.with(|database| keys::insert(database, &new, &body))?)
    }

    /// Somebody deletes a key; false when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn somebody_deletes(&self, id: i64) -> Result<bool, StoreError> {
        let store = &self.0.app.store;
        Ok(store.with(|database| keys::delete(database, seed::USER, id))?)
    }

    /// Somebody rotates a key; false when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn somebody_rotates(&self, id: i64) -> Result<bool, StoreError> {
        let (token, now) = (self.0.app.fresh_token_body(), self.0.app.clock.now().into());
        let store = &self.0.app.store;
        Ok(store.with(|database| keys::rotate(database, seed::USER, id, &token, now))?)
    }

    /// The user rotates a key in the browser, where its new token is displayed once; none when there is no such key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rotates_in_browser(&self, id: i64) -> Result<Option<SecretString>, StoreError> {
        let (body, now) = (self.0.app.fresh_token_body(), self.0.app.clock.now().into());
        let store = &self.0.app.store;
        let is_there = store.with(|database| keys::rotate(database, seed::USER, id, &body, now))?;
        Ok(is_there.then(|| body.with_id(id)))
    }

    /// Somebody uses a key now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn somebody_uses(&self, id: i64) -> Result<(), StoreError> {
        let now = self.0.app.clock.now().into();
        let store = &self.0.app.store;
        Ok(store.with(|database| keys::touch(database, id, now))?)
    }

    /// Somebody gives a key another name; false when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn somebody_renames(&self, id: i64, name: &str) -> Result<bool, StoreError> {
        let changed = self.0.app.store.with(|database| {
            database.execute(
                "UPDATE api_keys SET name = :name WHERE id = :id AND user_id = :user",
                named_params! {":name": name, ":id": id, ":user": seed::USER},
            )
        })?;
        Ok(changed > 0)
    }
}
