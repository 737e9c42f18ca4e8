//! A key as the database holds it: in the list cache and in intents.
//!
//! A type of its own, so that a change of what the page is given never makes a row of an earlier version unreadable.
//! Every field but the id may be missing: what is not there is not known.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::records::key::{KeyRow, TeamView};

/// A key, as stored. Field names are those that earlier versions wrote.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredKey {
    id: KeyId,
    #[serde(default)]
    name: String,
    #[serde(default)]
    last_eight: String,
    #[serde(default)]
    abilities: Vec<String>,
    #[serde(default)]
    team: Option<StoredTeam>,
    #[serde(default)]
    last_used_at: Option<Timestamp>,
    #[serde(default)]
    last_use_known: bool,
    #[serde(default)]
    created_at: Option<Timestamp>,
    #[serde(default)]
    rotated_at: Option<Timestamp>,
    #[serde(default)]
    rotation_known: bool,
    #[serde(default)]
    own: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noted_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredTeam {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: Option<String>,
}

/// A key as the text that a row of the database holds.
pub(crate) fn written(key: &KeyRow) -> rusqlite::Result<String> {
    serde_json::to_string(&StoredKey::from(key))
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

impl From<&KeyRow> for StoredKey {
    fn from(key: &KeyRow) -> Self {
        let key = key.clone();
        Self {
            id: key.id,
            name: key.name,
            last_eight: key.last_eight,
            abilities: key.abilities,
            team: key.team.map(|team| StoredTeam {
                id: team.id,
                name: team.name,
                role: team.role,
            }),
            last_used_at: key.last_used_at,
            last_use_known: key.last_use_known,
            created_at: key.created_at,
            rotated_at: key.rotated_at,
            rotation_known: key.rotation_known,
            own: key.own,
            noted_at: key.noted_at,
        }
    }
}

impl From<StoredKey> for KeyRow {
    fn from(key: StoredKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            last_eight: key.last_eight,
            abilities: key.abilities,
            team: key.team.map(|team| TeamView {
                id: team.id,
                name: team.name,
                role: team.role,
            }),
            last_used_at: key.last_used_at,
            last_use_known: key.last_use_known,
            created_at: key.created_at,
            rotated_at: key.rotated_at,
            rotation_known: key.rotation_known,
            own: key.own,
            noted_at: key.noted_at,
        }
    }
}
