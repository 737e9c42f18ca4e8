//! What the black-box tests stand on: a private desktop (display, bus, keyring, HOME) for each
//! test, and hands to use it with (WebDriver for the page, xdotool and AT-SPI for everything
//! native).
//!
//! ```no_run
//! use support::desktop::{Desktop, Keyring};
//!
//! let desktop = Desktop::builder().display().keyring(Keyring::Unlocked).start();
//! let output = desktop.command("secret-tool").args(["search", "service", "x"]).output();
//! // Dropping the desktop ends everything in it, and fails the test if something was left running
//! // or the user's own folders were touched.
//! ```
//!
//! Linux only, like the programs it drives; elsewhere this library is empty. It panics on purpose:
//! a desktop that doesn't come up is a failed test.
#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "this is test code outside #[test] functions: a broken set-up must fail the test"
)]

pub mod accessible;
#[cfg(feature = "e2e")]
pub mod axe;
pub mod custody;
pub mod desktop;
#[cfg(feature = "e2e")]
pub mod driver;
mod environment;
pub mod fake_git;
#[cfg(feature = "e2e")]
pub mod family;
pub mod footprint;
pub mod github;
pub mod keepassxc;
pub mod keyring;
pub mod probe;
pub mod processes;
#[cfg(feature = "e2e")]
pub mod reach;
#[cfg(feature = "e2e")]
pub mod scene;
pub mod service;
pub mod wait;
pub mod window;
