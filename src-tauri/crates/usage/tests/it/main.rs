//! The search as a whole, on folders that the tests make: what it finds, what it leaves alone, how it ends.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do; clippy exempts only the test functions themselves"
)]

mod corpus;
mod ending;
mod history;
mod machine;
mod obstacles;
mod program;
mod recall;
mod support;
