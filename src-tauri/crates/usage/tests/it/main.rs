//! The search as a whole, on folders that the tests make: what it finds, what it leaves alone, how it ends.

#![allow(
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do and take what reads well; clippy exempts only the test functions themselves"
)]

#[cfg(unix)]
mod bombs;
mod corpus;
mod differential;
mod ending;
#[cfg(unix)]
mod forms;
mod history;
#[cfg(unix)]
mod hostile;
#[cfg(unix)]
mod hostile_git;
mod machine;
#[cfg(unix)]
mod obstacles;
mod packing;
mod program;
mod recall;
#[cfg(unix)]
mod recall_table;
mod stores;
mod support;
#[cfg(unix)]
mod trap;
#[cfg(unix)]
mod unchanged;
