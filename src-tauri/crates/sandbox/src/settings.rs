//! What can be chosen when a sandbox starts.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;

use crate::clock::{Clock, SystemClock};

/// How a sandbox is to run. `Settings::default()` is what the app uses, but for the database.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Where the records live.
    pub database: Database,
    /// How many keys the database has before the first credential is minted: the dozen written by hand
    /// come first (0 to 12 of them), generated ones after. `None` is the dozen. An existing file is
    /// filled up to this number; nothing is ever removed from it.
    pub keys: Option<u32>,
    /// The plan of the seeded user's account. Applies to an existing file as well.
    pub plan: Plan,
    /// Requests that one key may make within 60 seconds; unauthenticated ones share one such window.
    pub requests_per_minute: u32,
    /// Whether the endpoints that manage keys exist. The vendor documents none: without them, a client can only guide
    /// its user through the web screen.
    pub key_endpoints: bool,
    /// Whether the test switches of [`crate::faults`] exist.
    #[cfg(feature = "faults")]
    pub faults: bool,
    /// The time for tokens, dates and rate limits.
    pub clock: Arc<dyn Clock>,
    /// Makes tokens and generated keys repeatable. `None` draws from the operating system.
    pub random_seed: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            database: Database::Memory,
            keys: None,
            plan: Plan::Team,
            requests_per_minute: 600,
            key_endpoints: true,
            #[cfg(feature = "faults")]
            faults: false,
            clock: Arc::new(SystemClock),
            random_seed: None,
        }
    }
}

/// Where the records live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// Gone when the sandbox stops.
    Memory,
    /// A file, made (readable by its owner only) and seeded when it is missing or empty; otherwise
    /// reopened as it is. Its folder has to exist.
    File(PathBuf),
}

/// The plans of PulseAPI (documented). API access needs any but `Free`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are all that is known of them")]
pub enum Plan {
    Free,
    Starter,
    Professional,
    Team,
}

impl Plan {
    /// The name on the wire, in the database and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Starter => "starter",
            Self::Professional => "professional",
            Self::Team => "team",
        }
    }

    /// Whether the plan includes the API (documented).
    pub(crate) fn has_api_access(self) -> bool {
        self != Self::Free
    }
}

/// A word that names no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such plan: {0}; there are free, starter, professional and team")]
pub struct UnknownPlan(String);

impl FromStr for Plan {
    type Err = UnknownPlan;

    fn from_str(name: &str) -> Result<Self, UnknownPlan> {
        [Self::Free, Self::Starter, Self::Professional, Self::Team]
            .into_iter()
            .find(|plan| plan.as_str() == name)
            .ok_or_else(|| UnknownPlan(name.to_owned()))
    }
}
