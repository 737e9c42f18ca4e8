//! Integration tests: real parts against real neighbours, no window.

#[cfg(target_os = "linux")]
mod vault_keychain;
#[cfg(target_os = "linux")]
mod vault_trouble;
