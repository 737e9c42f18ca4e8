//! What the window shows before any list, as it crosses to the page.

use serde::Serialize;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::preferences::wire::{Place, Preferences};
use crate::records::accounts::AccountView;

/// Everything the window needs to know at its start and after every change of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AppState {
    /// All accounts, in the order in which they were added.
    pub accounts: Vec<AccountView>,
    /// The one in use; none before the first sign-in.
    pub active: Option<AccountId>,
    /// Whether secrets can be kept.
    pub keychain: KeychainView,
    /// True while nobody is signed in and the app was asked to begin in the sandbox, which waits for the keychain: the
    /// next state is another screen.
    pub begins_in_sandbox: bool,
    /// What the user chose about the app itself.
    pub preferences: Preferences,
    /// Where the app keeps what lasts.
    pub places: Vec<Place>,
    /// The address that the connect form starts with.
    pub documented_base_url: String,
    /// The app's version.
    pub version: String,
}

/// Whether secrets can be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KeychainView {
    /// The operating system's keychain answers.
    Ready,
    /// It has not answered yet since the start of the app; it may be asking for its password. What is in it is not
    /// known, and nothing is missing. `state` waits for the answer.
    Waiting,
    /// The user chose to go on without a keychain until the app is closed.
    SessionOnly,
    /// The keychain does not answer; nothing can be signed in to until the user decides.
    Unavailable {
        /// What is missing, and what to install or do.
        problem: UiError,
    },
}
