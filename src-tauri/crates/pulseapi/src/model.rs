//! What the service tells, as types. Texts are the server's own, not cleaned for display.
//!
//! Where a type serializes, it does so for another process of the same app, not in the service's form (`wire`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoint;
use crate::id::{KeyId, TeamId, UserId};
use crate::token::BearerToken;

/// A team, as far as a key or a user refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The team's id.
    pub id: TeamId,
    /// Its name; empty when the server gives none.
    pub name: String,
}

/// A team that a user belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMembership {
    /// The team's id.
    pub id: TeamId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// `owner`, `admin`, `member` or `viewer`.
    pub role: Option<String>,
}

/// The user whose token is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The account's id.
    pub id: UserId,
    /// Their name; empty when the server gives none.
    pub name: String,
    /// Their address; empty when the server gives none.
    pub email: String,
    /// `free`, `starter`, `professional` or `team`.
    pub plan: Option<String>,
    /// The team that is active for this token.
    pub current_team: Option<Team>,
    /// All teams they belong to.
    pub teams: Vec<TeamMembership>,
}

/// The record of an API key. The token itself is never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// The record's id.
    pub id: KeyId,
    /// What the user called it; may be empty.
    pub name: String,
    /// The last 8 characters of the token.
    pub last_eight: String,
    /// What the key may do; `*` means all.
    pub abilities: Vec<String>,
    /// The team whose resources it reaches.
    pub team: Option<Team>,
    /// When it was last used (UTC), with the server's granularity. `None` means *never* only if
    /// [`last_use_reported`](Self::last_use_reported) is true.
    pub last_used_at: Option<Timestamp>,
    /// Whether the answer spoke of the last use in a way that can be read. When false, nothing is
    /// known about it: not to be mistaken for a key that was never used.
    pub last_use_reported: bool,
    /// When it was made (UTC); `None` when that is not told, or can't be read.
    pub created_at: Option<Timestamp>,
    /// When its token was last replaced (UTC). `None` means *never* only if
    /// [`rotation_reported`](Self::rotation_reported) is true.
    pub rotated_at: Option<Timestamp>,
    /// Whether the answer spoke of rotation in a way that can be read.
    pub rotation_reported: bool,
}

/// One page of the list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// The keys of this page that no earlier page had.
    pub keys: Vec<ApiKey>,
    /// How many entries of this page can't be read as keys.
    pub unreadable: u32,
    /// The page's number, from 1.
    pub page: u32,
    /// The number of the last page, when the server tells.
    pub last_page: Option<u32>,
    /// How many keys there are in all, when the server tells.
    pub total: Option<u32>,
    /// Whether this page agrees with itself and with those before it. When it does for every page of
    /// a list, the list is whole; a single `false` means that keys may be missing from it, so that
    /// nothing follows from a key's absence.
    pub adds_up: bool,
    /// Whether the server gave keys that it had given before when it was asked for the next page, so that there may be
    /// more of them which can't be had.
    pub repeats: bool,
    /// From where [`Client::resume_keys`](crate::Client::resume_keys) can go on later; none on the last page.
    pub checkpoint: Option<Checkpoint>,
}

/// An ability that a key can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ability {
    /// Its name, such as `monitors:read`.
    pub name: String,
    /// A line on what it allows.
    pub description: Option<String>,
}

/// The key to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// What to call it.
    pub name: String,
    /// What it may do. Can't be changed later.
    pub abilities: Vec<String>,
    /// The team it is for; `None` is the team of the token in use.
    pub team: Option<TeamId>,
}

/// A key just made or rotated, with the token that the server shows this once.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The key's record; none when the answer was unreadable but for the token.
    pub key: Option<ApiKey>,
    /// The whole token. Bring it to safety before anything else.
    pub token: BearerToken,
    /// The `X-Request-Id` of the answer, if it had one.
    pub request_id: Option<String>,
}
