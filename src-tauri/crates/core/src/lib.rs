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
mod handover;
pub mod host;
mod keys;
mod notes;
mod operation_lock;
mod preferences;
mod recognise;
mod reconcile;
mod records;
mod session;
mod tokens;
mod updates;
mod usage;
pub mod view;
mod watch;
mod window;

#[cfg(test)]
mod tests;

pub use accounts::check::{Checked, check_account};
pub use app::{PulseKeys, StartError};
pub use base::database::{Database, DatabaseError, Opened};
pub use base::{folders, json_file, text};
pub use closing::Ending;
pub use custody::worker as custodian;
pub use keys::delete::friction;
pub use records::journal;
pub use usage::worker as usage_worker;
