//! What intents look like in the database: types of their own, in numbered forms.
//!
//! A form that was released is never changed; a new one gets the next number.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use serde_json::Error;

use crate::records::intents::model::{Creation, Deletion, KnownToken, RotateReason, Rotation};
use crate::records::stored_key::StoredKey;

/// The form that is written.
pub(crate) const FORM: u32 = 2;

/// A kind of write, as its row holds it.
pub(crate) trait Stored: Sized {
    /// The word for it in the database.
    const ACTION: &'static str;

    /// The text of the newest form.
    fn to_text(&self) -> Result<String, Error>;

    /// Reads a form; none when this version does not know it, or the text is not of that form.
    fn from_text(form: u32, text: &str) -> Option<Self>;
}

/// Both forms.
impl Stored for Deletion {
    const ACTION: &'static str = "delete_key";

    fn to_text(&self) -> Result<String, Error> {
        serde_json::to_string(&StoredKey::from(&self.key))
    }

    fn from_text(form: u32, text: &str) -> Option<Self> {
        (form <= FORM).then_some(())?;
        let key: StoredKey = serde_json::from_str(text).ok()?;
        Some(Self { key: key.into() })
    }
}

/// Form 1 had no `token`.
#[derive(Serialize, Deserialize)]
struct StoredRotation {
    key: StoredKey,
    reason: StoredReason,
    #[serde(default)]
    token: Option<StoredToken>,
    #[serde(default)]
    pasted: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredToken {
    last_eight: String,
    rotated_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredReason {
    Leaked,
    Routine,
    LostToken,
}

impl From<RotateReason> for StoredReason {
    fn from(reason: RotateReason) -> Self {
        match reason {
            RotateReason::Leaked => Self::Leaked,
            RotateReason::Routine => Self::Routine,
            RotateReason::LostToken => Self::LostToken,
        }
    }
}

impl From<StoredReason> for RotateReason {
    fn from(reason: StoredReason) -> Self {
        match reason {
            StoredReason::Leaked => Self::Leaked,
            StoredReason::Routine => Self::Routine,
            StoredReason::LostToken => Self::LostToken,
        }
    }
}

impl Stored for Rotation {
    const ACTION: &'static str = "rotate_key";

    fn to_text(&self) -> Result<String, Error> {
        serde_json::to_string(&StoredRotation {
            key: (&self.key).into(),
            reason: self.reason.into(),
            token: Some(StoredToken {
                last_eight: self.token.last_eight.clone(),
                rotated_at: self.token.rotated_at,
            }),
            pasted: self.pasted,
        })
    }

    fn from_text(form: u32, text: &str) -> Option<Self> {
        (form <= FORM).then_some(())?;
        let stored: StoredRotation = serde_json::from_str(text).ok()?;
        let key = stored.key.into();
        Some(Self {
            token: match stored.token {
                Some(token) => KnownToken {
                    last_eight: token.last_eight,
                    rotated_at: token.rotated_at,
                },
                None => KnownToken::of(&key),
            },
            key,
            reason: stored.reason.into(),
            pasted: stored.pasted,
        })
    }
}

/// Form 1: `namesakes` are the ids of the keys of that name in the list as it was last seen.
#[derive(Deserialize)]
struct StoredCreation1 {
    name: String,
    abilities: Vec<String>,
    team: Option<String>,
    namesakes: Vec<KeyId>,
}

#[derive(Serialize, Deserialize)]
struct StoredCreation2 {
    name: String,
    abilities: Vec<String>,
    team: Option<String>,
    known: Vec<KeyId>,
    all_known: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pasted: Option<KeyId>,
}

impl Stored for Creation {
    const ACTION: &'static str = "create_key";

    fn to_text(&self) -> Result<String, Error> {
        serde_json::to_string(&StoredCreation2 {
            name: self.name.clone(),
            abilities: self.abilities.clone(),
            team: self.team.clone(),
            known: self.known.clone(),
            all_known: self.all_known,
            pasted: self.pasted.clone(),
        })
    }

    fn from_text(form: u32, text: &str) -> Option<Self> {
        match form {
            1 => {
                let stored: StoredCreation1 = serde_json::from_str(text).ok()?;
                Some(Self {
                    name: stored.name,
                    abilities: stored.abilities,
                    team: stored.team,
                    known: stored.namesakes,
                    all_known: false,
                    pasted: None,
                })
            }
            FORM => {
                let stored: StoredCreation2 = serde_json::from_str(text).ok()?;
                Some(Self {
                    name: stored.name,
                    abilities: stored.abilities,
                    team: stored.team,
                    known: stored.known,
                    all_known: stored.all_known,
                    pasted: stored.pasted,
                })
            }
            _ => None,
        }
    }
}
