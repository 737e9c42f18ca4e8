//! The package as people have it: installed by apt into this machine, started from `/usr/bin`, removed again.
//!
//! Ignored unless asked for by name, since they need root and change the machine for as long as they run:
//! `cargo xtask test install` makes the package and runs them one after the other. The window is driven through AT-SPI
//! and X11 only: the program is the one that people get, and nothing in it knows of tests.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "set-up shared by tests fails them where it breaks; clippy excuses #[test] functions only"
)]

mod machine;
mod removed;
mod upgraded;
mod window;
