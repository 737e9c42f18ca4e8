//! Black-box tests of the sandbox: over HTTP, as the app and curl see it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do; clippy exempts only the test functions themselves"
)]

mod access;
mod database;
mod faults;
mod keys;
mod program;
mod rate_limits;
mod support;
mod web;
