//! Integration tests: real parts against real neighbours, no window.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "set-up shared by tests fails them where it breaks; clippy excuses #[test] functions only"
)]

mod connect;
mod delete;
#[cfg(target_os = "linux")]
mod killed;
mod list;
#[cfg(target_os = "linux")]
mod vault_keychain;
#[cfg(target_os = "linux")]
mod vault_trouble;
mod world;
