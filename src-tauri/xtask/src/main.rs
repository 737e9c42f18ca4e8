//! `cargo xtask …`: the one place that knows how to run, test, photograph and pack Pulse Keys.
//!
//! Continuous integration, README and developers all call this, so that there is one way. It depends on little, because
//! it is built first.

mod bench;
mod bundle;
mod command;
mod error;
mod module_graph;
mod paths;
mod pictures;
mod python;
mod report;
mod stamp;
mod start;
mod steps;
mod system;
mod test_counts;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::bench::Bench;
use crate::error::Result;
use crate::paths::Paths;
use crate::steps::Subset;

/// Run, test and photograph Pulse Keys
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing, build the UI and the app, start it
    Run {
        /// Passed to the app in place of --sandbox
        #[arg(last = true, default_value = "--sandbox")]
        arguments: Vec<String>,
    },
    /// Install what is missing, run everything (or the named subsets), end with a table
    Test {
        /// Which subsets; all of them when none is named
        subsets: Vec<Subset>,
    },
    /// Run the app on a private display against the sandbox; write one PNG per screen, state and theme, and axe.md
    Screenshot {
        /// Where to write; created when it is not there
        #[arg(required_unless_present = "readme")]
        folder: Option<PathBuf>,
        /// Put the best of them into README's folder too
        #[arg(long)]
        readme: bool,
        /// Visit this part of the app only, such as `deletion`; may be given several times
        #[arg(long, value_name = "PART", conflicts_with = "readme")]
        only: Vec<String>,
    },
    /// Make the packages for Linux: a .deb and an .rpm of the release build
    Bundle,
    /// Measure how fast something is, beside what people would use otherwise
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Print which module of core uses which, and the circles of files in every package; `test lint` allows none
    Modules,
    /// Write icons/* anew from icons/pulse-keys.svg
    Icons(Generate),
    /// Write ui/src/bindings anew from the table of commands
    Bindings(Generate),
}

#[derive(Args, Debug)]
struct Generate {
    /// Write nothing; fail when a committed file differs
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    let paths = Paths::find();
    if let Some(documented) = steps::rustdoc::in_its_place(&paths) {
        return documented;
    }
    let outcome = match Cli::parse().task {
        Task::Run { arguments } => start::run(&paths, &arguments),
        Task::Screenshot {
            folder,
            readme,
            only,
        } => start::screenshot(&paths, folder.as_deref(), readme, &only),
        Task::Bundle => bundle::run(&paths),
        Task::Bench { what } => bench::run(&paths, &what),
        Task::Modules => steps::modules::print(&paths),
        Task::Icons(generate) => start::generate(&paths, "icons", generate.check),
        Task::Bindings(generate) => start::generate(&paths, "bindings", generate.check),
        Task::Test { subsets } => return test(&paths, &subsets),
    };
    exit_code(&outcome)
}

fn test(paths: &Paths, subsets: &[Subset]) -> ExitCode {
    match steps::run(paths, subsets) {
        Ok(report) => {
            println!("\n{report}");
            if report.total().failed == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => exit_code(&Err(error)),
    }
}

fn exit_code(outcome: &Result) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
