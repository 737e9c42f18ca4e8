//! A key as it was last seen.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;

/// A team that the account's user belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TeamView {
    /// The team's record id.
    pub id: String,
    /// The team's name, stripped of control and direction characters.
    pub name: String,
    /// Owner, admin, member or viewer, when the service says.
    pub role: Option<String>,
}

/// One key as a row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyRow {
    /// The record id.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub id: KeyId,
    /// The whole name, stripped of control and direction characters; may be empty. Text, never markup.
    pub name: String,
    /// The last 8 characters of its token: all that the service ever shows again.
    pub last_eight: String,
    /// What it may do.
    pub abilities: Vec<String>,
    /// The team whose resources it reaches.
    pub team: Option<TeamView>,
    /// When the service last saw it used; none if never.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub last_used_at: Option<Timestamp>,
    /// False when the service's answer did not speak of use in a way that can be read: then "never used" would be a
    /// guess.
    pub last_use_known: bool,
    /// When it was made; none if that is not known.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub created_at: Option<Timestamp>,
    /// When its token was last replaced; none if never.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub rotated_at: Option<Timestamp>,
    /// False when the service's answer did not speak of rotation in a way that can be read.
    #[serde(default)]
    pub rotation_known: bool,
    /// True for the key that this app signs in with.
    pub own: bool,
    /// When the user wrote it down: all of it is the user's word, as of then. None for what the service said.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub noted_at: Option<Timestamp>,
}

/// What the ids begin with of keys that the user wrote down and whose record ids nobody knows.
const WITHOUT_RECORD: &str = "noted-";

impl KeyRow {
    /// An id for a key whose record id is not known.
    pub(crate) fn id_without_record(number: Uuid) -> Result<KeyId, UiError> {
        KeyId::parse(&format!("{WITHOUT_RECORD}{number}"))
            .map_err(|error| UiError::new(ErrorCode::Other, error.to_string(), ""))
    }

    /// Its record id; none where nobody knows it.
    pub(crate) fn record_id(&self) -> Option<&str> {
        let id = self.id.as_str();
        (!id.starts_with(WITHOUT_RECORD)).then_some(id)
    }
}

/// The list as it was last seen, from this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CachedKeys {
    /// Whose.
    pub account: AccountId,
    /// Newest first, as the service lists them.
    pub keys: Vec<KeyRow>,
    /// When the whole list was last fetched; none if it never was, or if what is remembered of it can't all be read.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub fetched_at: Option<Timestamp>,
    /// Why keys are missing that are stored here, in words; none where all of them can be read.
    pub incomplete: Option<String>,
}
