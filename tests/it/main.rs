//! Integration tests: real parts against real neighbours, no window.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "set-up shared by tests fails them where it breaks; clippy excuses #[test] functions only"
)]

mod accounts;
mod bulk_delete;
#[cfg(target_os = "linux")]
mod ci_programs;
#[cfg(target_os = "linux")]
mod ci_secrets;
mod connect;
mod connection_report;
mod contract;
mod copying;
mod create;
mod custodian_keeps;
mod custody;
mod database;
mod delete;
mod deletion_changes;
mod deletion_proof;
mod departing;
mod departures;
mod faults;
mod fresh_tokens;
#[cfg(target_os = "linux")]
mod fuse;
mod guided;
mod guided_delete;
mod guided_tokens;
mod hostile_questions;
mod interrupted;
mod journal;
mod journal_end;
mod journal_long;
mod journal_refuses;
mod keychain;
mod keychain_waits;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(target_os = "linux")]
mod killed_swap;
mod list;
mod list_resumed;
mod notes;
mod own_calls;
mod own_key;
mod partly_in_browser;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod place_at_rotation;
mod preferences;
mod proxy;
mod recognise;
mod refusals;
mod revocation;
mod rotate;
#[cfg(target_os = "linux")]
mod search_process;
mod seen;
mod shapes;
mod starting;
mod surroundings;
#[cfg(unix)]
mod swap;
mod table;
mod test_host;
mod time;
mod updates;
mod usage_cards;
mod usage_home;
mod usage_kept;
mod usage_places;
mod usage_search;
#[cfg(target_os = "linux")]
mod vault_keychain;
#[cfg(target_os = "linux")]
mod vault_trouble;
#[cfg(target_os = "linux")]
mod watch;
mod world;
