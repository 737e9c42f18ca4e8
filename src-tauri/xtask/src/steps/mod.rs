//! `cargo xtask test`: which subsets there are, what they need, and in which order they run.
//!
//! Cheap steps first, so that most mistakes show in seconds; every step runs even when one before it failed.

pub(crate) mod cargo;
mod conformance;
mod entries;
mod install;
mod layers;
mod lint;
pub(crate) mod modules;
pub(crate) mod rustdoc;
mod unused;
mod workflows;

use std::thread;

use clap::ValueEnum;

use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;
use crate::report::Report;
use crate::steps::cargo::{TEST_TIMEOUT, build, cargo_test, in_memory};
use crate::system::table::{self, Need};
use crate::{system, test_counts, web};

/// Why the window tests, and what else needs a private desktop, run on Linux only.
const LINUX_ONLY: &str =
    "drives the window through WebKitWebDriver, X11 and AT-SPI, which only Linux has";

/// A named part of the tests, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subset {
    /// Formatting, lints, documentation, generated files, layering, unused dependencies
    Lint,
    /// The UI's own tests
    Ui,
    /// Tests inside the crates, and the examples in their documentation
    Unit,
    /// Crates against the sandbox, its faults and a real keyring; the model of the promise
    It,
    /// schemathesis against the sandbox, with the OpenAPI file
    Conformance,
    /// The real window
    E2e,
    /// The package in this machine: made, installed, used, upgraded, removed. Only when named
    Install,
}

impl Subset {
    /// The name, as it is typed.
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it runs when none is named. A release build takes too long for that.
    fn is_usual(self) -> bool {
        self != Self::Install
    }

    fn needs(self) -> Vec<Need> {
        let on_linux = |needs| {
            if cfg!(target_os = "linux") {
                needs
            } else {
                &[][..]
            }
        };
        let desktop = on_linux(table::DESKTOP);
        match self {
            Self::Ui => Vec::new(),
            Self::Lint => [table::BUILD, table::PYTHON, on_linux(table::ENTRIES)].concat(),
            Self::Unit => table::BUILD.to_vec(),
            Self::Install => [
                table::BUILD,
                desktop,
                on_linux(table::BUNDLE),
                on_linux(table::ENTRIES),
                on_linux(table::INSTALL),
            ]
            .concat(),
            Self::Conformance => [table::BUILD, table::PYTHON].concat(),
            Self::It | Self::E2e => [table::BUILD, desktop].concat(),
        }
    }
}

/// Runs the chosen subsets, or all usual ones when none is chosen.
///
/// # Errors
/// Only when something that must be installed is missing; failed steps are in the report.
pub(crate) fn run(paths: &Paths, chosen: &[Subset]) -> Result<Report> {
    let subsets: Vec<Subset> = Subset::value_variants()
        .iter()
        .copied()
        .filter(|subset| chosen.contains(subset) || chosen.is_empty() && subset.is_usual())
        .collect();
    let needs: Vec<Need> = subsets.iter().flat_map(|subset| subset.needs()).collect();
    system::require(&needs)?;

    let mut report = Report::default();
    if subsets == [Subset::Ui] {
        report.step("prepare", "UI packages", || web::install(paths));
    } else {
        // The shell embeds the built UI, and cargo compiles the shell in every other subset.
        report.step("prepare", "UI packages and build", || web::build(paths));
    }
    for subset in subsets {
        let name = subset.name();
        match subset {
            Subset::Lint => lint::run(paths, &name, &mut report),
            Subset::Ui => ui(paths, &name, &mut report),
            Subset::Unit => unit(paths, &name, &mut report),
            Subset::It => it(paths, &name, &mut report),
            Subset::Conformance => conformance::run(paths, &name, &mut report),
            Subset::E2e => e2e(paths, &name, &mut report),
            Subset::Install => install::run(paths, &name, &mut report),
        }
    }
    Ok(report)
}

fn ui(paths: &Paths, name: &str, report: &mut Report) {
    report.unsteady_tests(name, "vitest", test_counts::VITEST, |names| {
        // Tests of a file share what it sets up: it runs whole.
        let files = test_counts::vitest_files(names);
        web::npm(paths, &["test", "--"])
            .args(files)
            .timeout(TEST_TIMEOUT)
            .run()
    });
}

fn unit(paths: &Paths, name: &str, report: &mut Report) {
    report.tests(name, "crates", test_counts::CARGO, || {
        cargo_test(paths, &["--lib", "--bins"]).run()
    });
    report.step(name, "documentation examples", || {
        cargo_test(paths, &["--doc"]).run().map(drop)
    });
}

fn it(paths: &Paths, name: &str, report: &mut Report) {
    report.unsteady_tests(name, "crates together", test_counts::CARGO, |names| {
        // More than half of such a test is waiting: for another process, a keyring, a time limit.
        at_once(paths, "it", 2 * processors(), names).run()
    });
    // By itself: it has a time of its own, and wants the processors for it.
    report.tests(name, "model of the promise", test_counts::CARGO, || {
        in_memory(cargo_test(paths, &["--test", "model"])).run()
    });
}

/// One more than there are processors: a fifth of a window test is waiting, for a window, a dialog or a keyring.
fn window_tests_at_once() -> usize {
    processors() + 1
}

/// So many tests at once, or those of these names alone, one after the other.
fn at_once(paths: &Paths, target: &str, count: usize, names: &[String]) -> Command {
    let tests = cargo_test(paths, &["--test", target]);
    let (tests, count) = if names.is_empty() {
        (tests, count)
    } else {
        (tests.args(["--", "--exact"]).args(names), 1)
    };
    in_memory(tests).env("RUST_TEST_THREADS", count.to_string())
}

fn processors() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

fn e2e(paths: &Paths, name: &str, report: &mut Report) {
    if !cfg!(target_os = "linux") {
        report.skip(name, "window", LINUX_ONLY);
        return;
    }
    if report.step(name, "build the app", || build(paths, "pulse-keys")) {
        report.unsteady_tests(name, "window", test_counts::CARGO, |names| {
            at_once(paths, "e2e", window_tests_at_once(), names)
                .env("PULSE_KEYS_APP", paths.program("pulse-keys"))
                // A test ends before scripts that were compiled twice have paid for it.
                .env("JSC_useDFGJIT", "0")
                .run()
        });
    }
}
