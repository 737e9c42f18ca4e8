//! Window tests: the real app on a private desktop, driven as a user drives it.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "set-up shared by tests fails them where it breaks; clippy excuses #[test] functions only"
)]

#[cfg(target_os = "linux")]
mod accessible_tree;
#[cfg(target_os = "linux")]
mod accounts;
#[cfg(target_os = "linux")]
mod actions;
#[cfg(target_os = "linux")]
mod activity;
#[cfg(target_os = "linux")]
mod axe;
#[cfg(target_os = "linux")]
mod canary;
#[cfg(target_os = "linux")]
mod ci_secrets;
#[cfg(target_os = "linux")]
mod commands;
#[cfg(target_os = "linux")]
mod create;
#[cfg(target_os = "linux")]
mod delete;
#[cfg(target_os = "linux")]
mod dialogs;
#[cfg(target_os = "linux")]
mod gallery;
#[cfg(target_os = "linux")]
mod guided;
mod guided_tokens;
mod hardened;
#[cfg(target_os = "linux")]
mod keepassxc;
#[cfg(target_os = "linux")]
mod keyboards;
#[cfg(target_os = "linux")]
mod keychain_waits;
#[cfg(target_os = "linux")]
mod keyring_prompt;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(target_os = "linux")]
mod list;
#[cfg(target_os = "linux")]
mod menu;
#[cfg(target_os = "linux")]
mod native_controls;
#[cfg(target_os = "linux")]
mod notes;
mod place;
#[cfg(target_os = "linux")]
mod portal;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod recognise;
#[cfg(target_os = "linux")]
mod reveal;
#[cfg(target_os = "linux")]
mod rotate;
#[cfg(target_os = "linux")]
mod small_and_large;
#[cfg(target_os = "linux")]
mod story;
#[cfg(target_os = "linux")]
mod swap;
#[cfg(target_os = "linux")]
mod usage;
mod watch;
#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod window_state;
