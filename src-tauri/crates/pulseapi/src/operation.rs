//! Which calls there are, whatever a server names them, and what each may be.

use std::fmt;

use reqwest::Method;
use serde::{Deserialize, Serialize};

/// Something that is asked of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Whose token it is.
    User,
    /// All keys.
    List,
    /// One key.
    Key,
    /// What a key can be allowed.
    Abilities,
    /// A new key.
    Create,
    /// Another token for a key.
    Rotate,
    /// The end of a key.
    Delete,
    /// Monitors: what keys are used for.
    Monitors,
    /// Incidents: the same.
    Incidents,
}

impl Operation {
    /// All of them, as the contract lists them.
    pub const ALL: [Self; 9] = [
        Self::User,
        Self::List,
        Self::Key,
        Self::Abilities,
        Self::Create,
        Self::Rotate,
        Self::Delete,
        Self::Monitors,
        Self::Incidents,
    ];

    /// Its name in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::List => "list",
            Self::Key => "key",
            Self::Abilities => "abilities",
            Self::Create => "create",
            Self::Rotate => "rotate",
            Self::Delete => "delete",
            Self::Monitors => "monitors",
            Self::Incidents => "incidents",
        }
    }

    /// Whether it changes something at the service.
    #[must_use]
    pub fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Rotate | Self::Delete)
    }

    /// The methods that it may have. What only looks is `GET`, so that no contract turns looking into changing.
    pub(crate) fn methods(self) -> &'static [Method] {
        match self {
            Self::Create => &[Method::POST, Method::PUT],
            Self::Rotate => &[Method::POST, Method::PUT, Method::PATCH],
            Self::Delete => &[Method::DELETE, Method::POST],
            _ => &[Method::GET],
        }
    }

    /// Whether its path names a key.
    pub(crate) fn takes_id(self) -> bool {
        matches!(self, Self::Key | Self::Rotate | Self::Delete)
    }

    /// Whether there is nothing to do at a service without it.
    pub(crate) fn is_needed(self) -> bool {
        self == Self::List
    }
}

impl fmt::Display for Operation {
    /// What it does, as it follows "cannot".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "tell whose token it is",
            Self::List => "list keys",
            Self::Key => "show one key",
            Self::Abilities => "list abilities",
            Self::Create => "create keys",
            Self::Rotate => "rotate keys",
            Self::Delete => "delete keys",
            Self::Monitors => "list monitors",
            Self::Incidents => "list incidents",
        })
    }
}
