//! `cargo xtask bench …`: how fast something is, the search beside what people would use otherwise, in the same run.
//!
//! Wall times differ from machine to machine and from minute to minute; ratios of medians of interleaved runs hardly
//! do, so where there is something to compare with, those are held against the limits. Nothing fails here: the figures
//! are for reading. Each kind of measurement has a module of its own.

mod corpus;
mod fixtures;
mod histories;
mod measure;
mod scan;
mod start;
mod ui;
mod usage;

use std::path::PathBuf;

use clap::Subcommand;

use crate::error::Result;
use crate::paths::Paths;

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
    /// A long list in the real window: while it arrives, keystrokes in the search, and scrolling
    Ui {
        /// How many keys are pressed
        #[arg(long, default_value_t = 200)]
        keystrokes: usize,
        /// In how many steps the list is scrolled from end to end
        #[arg(long, default_value_t = 600)]
        steps: usize,
        /// How many keys the list has
        #[arg(long, default_value_t = 10_000)]
        keys: usize,
    },
    /// Deleting, idling, and what sheets leave in memory, in the real window
    Use {
        /// How many keys are deleted with each delay of the server
        #[arg(long, default_value_t = 5)]
        deletions: usize,
        /// How often each sheet is opened, twice
        #[arg(long, default_value_t = 50)]
        openings: usize,
    },
    /// Start to painted list, and memory, against a bare Tauri window
    Start {
        /// How often each is started
        #[arg(long, default_value_t = 11)]
        runs: usize,
    },
}

/// Measures.
///
/// # Errors
/// When something can't be built, written or started.
pub(crate) fn run(paths: &Paths, bench: &Bench) -> Result {
    match bench {
        Bench::Scan { rg, rounds } => scan::run(paths, rg.as_deref(), (*rounds).max(1)),
        Bench::Ui {
            keystrokes,
            steps,
            keys,
        } => ui::run(paths, *keystrokes, *steps, *keys),
        Bench::Use {
            deletions,
            openings,
        } => usage::run(paths, *deletions, *openings),
        Bench::Start { runs } => start::run(paths, *runs),
    }
}
