//! `cargo xtask bench …`: how fast something is, beside what people would use otherwise, in the same run.
//!
//! Wall times differ from machine to machine and from minute to minute; ratios of medians of interleaved runs hardly
//! do, so those are what is held against the limits. Nothing fails here: the table is for people to read.

mod corpus;
mod histories;
mod letters;
mod measure;
mod scan;

use std::path::PathBuf;

use clap::Subcommand;

use crate::error::Result;
use crate::places::Places;

/// What can be measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// The search for a key on this machine, beside ripgrep and `git cat-file | rg`
    Scan {
        /// The ripgrep to compare with; without one, the one on the PATH
        #[arg(long)]
        rg: Option<PathBuf>,
        /// How often everything is measured
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
}

/// Measures.
///
/// # Errors
/// When something can't be built, written or started.
pub(crate) fn run(places: &Places, bench: &Bench) -> Result {
    match bench {
        Bench::Scan { rg, rounds } => scan::run(places, rg.as_deref(), (*rounds).max(1)),
    }
}
