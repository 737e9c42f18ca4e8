//! Black-box tests of the sandbox: over HTTP, as the app and curl see it.

mod access;
mod database;
mod faults;
mod keys;
mod program;
mod rate_limits;
mod support;
