//! Creating a key, as it crosses to the page.

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::custody::wire::TokenInCustody;
use crate::records::notices::NextStep;
use serde::{Deserialize, Serialize};

/// An ability that a new key can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AbilityView {
    /// As the service names it ("monitors:read").
    pub name: String,
    /// What it allows, in one line; may be empty.
    pub meaning: String,
}

/// The abilities of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AbilityGroup {
    /// The resource in words ("Monitors").
    pub title: String,
    /// In the service's order.
    pub abilities: Vec<AbilityView>,
}

/// A ready-made choice of abilities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AbilityPreset {
    /// Its name ("Read-only dashboard").
    pub title: String,
    /// What it chooses; all of them exist. `*` alone for full access.
    pub abilities: Vec<String>,
    /// What to think of before choosing it.
    pub warning: Option<String>,
}

/// What the form for a new key offers. Asked of the service each time the form opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CreateForm {
    /// Every ability, by resource. `*` is in no group.
    pub groups: Vec<AbilityGroup>,
    /// Ready-made choices, least access first.
    pub presets: Vec<AbilityPreset>,
    /// The longest name that is accepted, in characters, after trimming.
    pub longest_name: u32,
}

/// Make a key.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CreateRequest {
    /// Whose.
    pub account: AccountId,
    /// As typed; trimmed and checked in core.
    pub name: String,
    /// At least one; `*` means all.
    pub abilities: Vec<String>,
    /// The team that it is for; none means the team of the credential.
    pub team: Option<String>,
}

/// How making a key ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CreateOutcome {
    /// Made, and its token is in custody.
    Created {
        /// The token, without its text.
        token: Box<TokenInCustody>,
    },
    /// Nothing was made. An error for each field that is not acceptable, or one for all.
    NotCreated {
        /// With the code of the field: `name`, `abilities` or `team`.
        errors: Vec<UiError>,
    },
    /// The service created the key, but its token never arrived and cannot be shown again.
    TokenLost {
        /// What happened and what to do, in words.
        message: String,
        /// Deleting the key without a token, when it is clear which one it is.
        next: Option<NextStep>,
    },
    /// It is not known whether the service acted. It is asked again by itself; nothing is sent twice.
    Unknown {
        /// What is known, and what now.
        error: UiError,
    },
}
