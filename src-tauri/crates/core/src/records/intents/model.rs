//! What an intent is: which write, of which account, and since when its outcome is open.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::ids::{AccountId, CustodyId};
use crate::records::accounts::Account;
use crate::records::key::KeyRow;

/// A key to be deleted, as it was just before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deletion {
    pub(crate) key: KeyRow,
}

/// A key to be rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// The key as it was just before.
    pub(crate) key: KeyRow,
    pub(crate) reason: RotateReason,
    /// The newest token that is known: what the key is compared with afterwards. Another than that of `key` once a
    /// later rotation has brought one.
    pub(crate) token: KnownToken,
    /// Whether the user rotates it in the browser and pastes its token: nothing is sent.
    pub(crate) pasted: bool,
}

impl Rotation {
    /// The same, also in rows of earlier versions, which knew it only of keys that the user wrote down.
    pub(crate) fn is_pasted(&self) -> bool {
        self.pasted || self.key.noted_at.is_some()
    }
}

/// How a record shows which token it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownToken {
    pub(crate) last_eight: String,
    /// None where it is not known, or the key was never rotated.
    pub(crate) rotated_at: Option<Timestamp>,
}

impl KnownToken {
    pub(crate) fn of(key: &KeyRow) -> Self {
        Self {
            last_eight: key.last_eight.clone(),
            rotated_at: key.rotated_at,
        }
    }

    /// Whether a record has the same token. The last 8 characters tell; where the service does not give them, the time
    /// of the last rotation does.
    pub(crate) fn is_of(&self, key: &KeyRow) -> bool {
        if self.last_eight.is_empty() || key.last_eight.is_empty() {
            !key.rotation_known || self.rotated_at == key.rotated_at
        } else {
            self.last_eight == key.last_eight
        }
    }
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Creation {
    pub(crate) name: String,
    pub(crate) abilities: Vec<String>,
    pub(crate) team: Option<String>,
    /// Keys that were there before: none of them can be the one that was made.
    pub(crate) known: Vec<KeyId>,
    /// Whether `known` is a whole list, read right before the request.
    pub(crate) all_known: bool,
    /// Under which id it gets into the user's own list, where the user made it in the browser and pastes its token: nothing
    /// is sent.
    pub(crate) pasted: Option<KeyId>,
}

/// A write whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intent<W> {
    /// Also sent as the `Idempotency-Key`, and the name under which the token that it brings is kept.
    pub(crate) id: Uuid,
    /// When it was noted, UTC.
    pub(crate) at: Timestamp,
    pub(crate) account: AccountId,
    /// What the account was called then, and where its service answered: it may be signed out before the outcome is
    /// known. None in rows of earlier versions.
    pub(crate) account_was: Option<AccountWas>,
    /// When it was seen that the answer does not tell the outcome; none when nothing was seen since it was noted.
    pub(crate) unknown_since: Option<Timestamp>,
    /// When its token was found to be lost.
    pub(crate) lost_at: Option<Timestamp>,
    /// When it was called not done.
    pub(crate) not_done_at: Option<Timestamp>,
    pub(crate) what: W,
}

/// An account at the time of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountWas {
    pub(crate) label: String,
    pub(crate) base_url: String,
}

impl AccountWas {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            label: account.label.clone(),
            base_url: account.base_url.to_string(),
        }
    }
}

impl<W> Intent<W> {
    /// A new one, to be noted.
    pub(crate) fn new(account: &Account, at: Timestamp, what: W) -> Self {
        Self {
            id: Uuid::new_v4(),
            at,
            account: account.id,
            account_was: Some(AccountWas::of(account)),
            unknown_since: None,
            lost_at: None,
            not_done_at: None,
            what,
        }
    }

    /// Under which id the token that it brings is in custody.
    pub(crate) fn custody(&self) -> CustodyId {
        CustodyId(self.id)
    }

    /// Since when its outcome is waited for.
    pub(crate) fn open_since(&self) -> Timestamp {
        self.unknown_since.unwrap_or(self.at)
    }
}

/// An open intent of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    Delete(Intent<Deletion>),
    Rotate(Intent<Rotation>),
    Create(Intent<Creation>),
}

impl Open {
    pub(crate) fn id(&self) -> Uuid {
        match self {
            Self::Delete(intent) => intent.id,
            Self::Rotate(intent) => intent.id,
            Self::Create(intent) => intent.id,
        }
    }

    pub(crate) fn account(&self) -> AccountId {
        match self {
            Self::Delete(intent) => intent.account,
            Self::Rotate(intent) => intent.account,
            Self::Create(intent) => intent.account,
        }
    }

    /// The key that it is about; none for one that is being made.
    pub(crate) fn key(&self) -> Option<&KeyId> {
        match self {
            Self::Delete(intent) => Some(&intent.what.key.id),
            Self::Rotate(intent) => Some(&intent.what.key.id),
            Self::Create(_) => None,
        }
    }

    pub(crate) fn brings_token(&self) -> bool {
        !matches!(self, Self::Delete(_))
    }

    pub(crate) fn open_since(&self) -> Timestamp {
        match self {
            Self::Delete(intent) => intent.open_since(),
            Self::Rotate(intent) => intent.open_since(),
            Self::Create(intent) => intent.open_since(),
        }
    }

    pub(crate) fn not_done_at(&self) -> Option<Timestamp> {
        match self {
            Self::Delete(intent) => intent.not_done_at,
            Self::Rotate(intent) => intent.not_done_at,
            Self::Create(intent) => intent.not_done_at,
        }
    }

    pub(crate) fn lost_at(&self) -> Option<Timestamp> {
        match self {
            Self::Delete(intent) => intent.lost_at,
            Self::Rotate(intent) => intent.lost_at,
            Self::Create(intent) => intent.lost_at,
        }
    }
}

/// A row that this version cannot read: of a later one, or damaged. It stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) id: String,
    pub(crate) at: String,
    pub(crate) action: String,
}

/// All rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Intents {
    /// Those that wait for an outcome, oldest first; of all accounts, since a crash does not care which was shown.
    pub(crate) open: Vec<Open>,
    /// Those whose token was found to be lost.
    pub(crate) lost: Vec<Open>,
    /// Those that were called not done, which may show to be wrong.
    pub(crate) not_done: Vec<Open>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// Why a key is rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RotateReason {
    /// Somebody else may have the token.
    Leaked,
    /// By schedule.
    Routine,
    /// Nobody has the token any more.
    LostToken,
}
