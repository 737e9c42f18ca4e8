//! The use cases of Pulse Keys: connect, list, create, rotate, delete, search this machine, custody,
//! reconcile, journal.
//!
//! Left out on purpose: windows and dialogs (the shell answers the narrow questions of [`host::Host`]), HTTP
//! itself (`pulseapi`), the keychain itself (`vault`), and any server (`sandbox`).

mod abilities;
mod accounts;
mod app;
mod bulk_delete;
mod bulk_delete_words;
mod bulk_run;
mod cache;
mod checklist;
mod closing;
mod connect;
mod create;
mod create_settle;
mod create_words;
pub mod custodian;
mod custodian_lock;
mod custody;
mod custody_leaving;
mod custody_records;
mod damaged;
mod database;
mod delete;
mod delete_words;
mod deletion;
mod deletion_outcome;
mod errand;
mod errors;
pub mod folders;
pub mod friction;
pub mod host;
mod in_process;
mod intents;
mod intents_stored;
pub mod journal;
mod journal_check;
mod journal_file;
mod journal_head;
mod journal_pages;
pub mod kept_file;
mod key_changes;
mod labels;
mod list;
mod newer_version;
mod notices;
mod own_key;
mod patience;
mod preferences;
mod recognise;
mod reconcile;
mod reveal;
mod revocation;
mod revocation_records;
mod rotate;
mod rotate_settle;
mod rotate_words;
mod search_folders;
mod set_aside;
mod settle;
mod stored_key;
pub mod text;
mod turn;
mod usage_deeds;
mod usage_evidence;
mod usage_found;
mod usage_kept;
mod usage_process;
mod usage_search;
mod usage_searches;
mod usage_wire;
mod usage_words;
pub mod usage_worker;
pub mod view;
mod watch;
mod words;

#[cfg(test)]
mod tests;

pub use app::{PulseKeys, StartError};
pub use closing::Ending;
pub use database::{Database, DatabaseError, Opened};
