//! The records, in SQLite.
//!
//! Each submodule holds the queries of one noun; none of them knows HTTP.

pub(crate) mod accounts;
mod database;
mod instant;
pub(crate) mod keys;
pub(crate) mod monitoring;
mod schema;

pub(crate) use database::Store;
pub use instant::Instant;
pub(crate) use keys::NewKey;
pub use keys::{Key, Team};
