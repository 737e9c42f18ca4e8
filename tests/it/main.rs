//! Integration tests: real parts against real neighbours, no window.

mod connect;
mod delete;
mod list;
#[cfg(target_os = "linux")]
mod vault_keychain;
#[cfg(target_os = "linux")]
mod vault_trouble;
mod world;
