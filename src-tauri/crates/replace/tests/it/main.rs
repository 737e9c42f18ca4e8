//! Files whose token is replaced: what becomes of them, what is never done to them, and what a kill leaves behind.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do; clippy exempts only the test functions themselves"
)]
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod elsewhere;
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod files;
#[cfg(target_os = "linux")]
mod kills;
#[cfg(target_os = "linux")]
mod meanwhile;
#[cfg(target_os = "linux")]
mod obstacles;
mod property;
#[cfg(target_os = "linux")]
mod roles;
mod support;
