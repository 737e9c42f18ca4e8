//! The use cases of Pulse Keys: connect, list, delete, reconcile, journal.
//!
//! Left out on purpose: windows and dialogs (the shell answers the narrow questions of [`host::Host`]), HTTP
//! itself (`pulseapi`), the keychain itself (`vault`), and any server (`sandbox`).

mod accounts;
mod app;
mod cache;
mod connect;
mod database;
mod delete;
mod delete_words;
mod errors;
pub mod folders;
pub mod friction;
pub mod host;
mod intents;
pub mod journal;
mod list;
mod reconcile;
mod set_aside;
mod settle;
pub mod text;
pub mod view;

#[cfg(test)]
mod tests;

pub use app::{PulseKeys, StartError};
pub use database::{Database, DatabaseError, Opened};
