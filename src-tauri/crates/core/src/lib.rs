//! The use cases of Pulse Keys: connect, list, create, rotate, delete, search this machine, custody,
//! reconcile, journal.
//!
//! Left out on purpose: windows and dialogs (the shell answers the narrow questions of [`host::Host`]), HTTP
//! itself (`pulseapi`), the keychain itself (`vault`), and any server (`sandbox`).

mod accounts;
mod app;
mod base;
mod closing;
mod context;
mod credential;
mod custody;
pub mod host;
mod keys;
mod operation_lock;
mod preferences;
mod recognise;
mod reconcile;
mod records;
mod session;
mod tokens;
mod updates;
mod usage;
mod window;

#[cfg(test)]
mod tests;

pub use app::{PulseKeys, StartError};
pub use base::database::{Database, DatabaseError, Opened};
pub use base::{folders, json_file, text};
pub use closing::Ending;
pub use custody::worker as custodian;
pub use keys::delete::friction;
pub use records::journal;
pub use usage::worker as usage_worker;

/// Everything that crosses from Rust to the page, which stands beside the use case that it belongs to.
///
/// One secret may leave: the token of `RevealedToken`. Two may come in: the pasted credential of `ConnectRequest`
/// and `ReplaceRequest`, and the text of `RecogniseRequest`. None of these types prints. Times are UTC, RFC 3339.
pub mod view {
    pub use crate::accounts::wire::*;
    pub use crate::base::error::*;
    pub use crate::base::ids::*;
    pub use crate::custody::wire::*;
    pub use crate::keys::bulk_delete::wire::*;
    pub use crate::keys::create::wire::*;
    pub use crate::keys::delete::wire::*;
    pub use crate::keys::revocation::wire::*;
    pub use crate::keys::rotate::wire::*;
    pub use crate::keys::wire::*;
    pub use crate::preferences::wire::*;
    pub use crate::records::accounts::{AccountKind, AccountView};
    pub use crate::records::intents::RotateReason;
    pub use crate::records::journal::wire::*;
    pub use crate::records::key::*;
    pub use crate::records::notices::{NextStep, Notice, NoticeRequest};
    pub use crate::records::uses::LastUse;
    pub use crate::session::wire::*;
    pub use crate::updates::wire::*;
    pub use crate::usage::wire::*;
    pub use crate::window::*;
}
