//! `cargo xtask test`: which subsets there are, what they need, and in which order they run.
//!
//! Cheap steps first, so that most mistakes show in seconds; every step runs even when one before it failed.

mod conformance;
mod entries;
mod install;
mod layers;
mod lint;
pub(crate) mod modules;
mod unused;
mod workflows;

use std::time::Duration;

use clap::ValueEnum;

use crate::call::Call;
use crate::error::Result;
use crate::places::Places;
use crate::report::Report;
use crate::system::table::{self, Need};
use crate::{system, tally, web};

/// Packages and features are the same for every build, run and test: cargo unifies features over what is selected,
/// so any other selection would compile a good part of the dependencies once more.
pub(crate) const SAME_BUILD: [&str; 2] = ["--workspace", "--all-features"];

/// The window tests take half of this; it is there so that a hanging test ends in a table, not in silence.
const TEST_LIMIT: Duration = Duration::from_secs(25 * 60);

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
pub(crate) fn run(places: &Places, chosen: &[Subset]) -> Result<Report> {
    let subsets: Vec<Subset> = Subset::value_variants()
        .iter()
        .copied()
        .filter(|subset| chosen.contains(subset) || chosen.is_empty() && subset.is_usual())
        .collect();
    let needs: Vec<Need> = subsets.iter().flat_map(|subset| subset.needs()).collect();
    system::require(&needs)?;

    let mut report = Report::default();
    if subsets == [Subset::Ui] {
        report.step("prepare", "UI packages", || web::install(places));
    } else {
        // The shell embeds the built UI, and cargo compiles the shell in every other subset.
        report.step("prepare", "UI packages and build", || web::build(places));
    }
    for subset in subsets {
        let name = subset.name();
        match subset {
            Subset::Lint => lint::run(places, &name, &mut report),
            Subset::Ui => ui(places, &name, &mut report),
            Subset::Unit => unit(places, &name, &mut report),
            Subset::It => it(places, &name, &mut report),
            Subset::Conformance => conformance::run(places, &name, &mut report),
            Subset::E2e => e2e(places, &name, &mut report),
            Subset::Install => install::run(places, &name, &mut report),
        }
    }
    Ok(report)
}

fn ui(places: &Places, name: &str, report: &mut Report) {
    report.tests(name, "vitest", tally::vitest, || {
        web::npm(places, &["test"]).limit(TEST_LIMIT).run()
    });
}

fn unit(places: &Places, name: &str, report: &mut Report) {
    report.tests(name, "crates", tally::cargo, || {
        cargo_test(places, &["--lib", "--bins"]).run()
    });
    report.step(name, "documentation examples", || {
        cargo_test(places, &["--doc"]).run().map(drop)
    });
}

fn it(places: &Places, name: &str, report: &mut Report) {
    report.tests(name, "crates together", tally::cargo, || {
        cargo_test(places, &["--test", "it"]).run()
    });
    // By itself: it has a time of its own, and wants the processors for it.
    report.tests(name, "model of the promise", tally::cargo, || {
        cargo_test(places, &["--test", "model"]).run()
    });
}

fn e2e(places: &Places, name: &str, report: &mut Report) {
    if !cfg!(target_os = "linux") {
        report.skip(name, "window", LINUX_ONLY);
        return;
    }
    if report.step(name, "build the app", || build(places, "pulse-keys")) {
        report.tests(name, "window", tally::cargo, || {
            cargo_test(places, &["--test", "e2e"])
                .variable("PULSE_KEYS_APP", places.program("pulse-keys"))
                .run()
        });
    }
}

/// `cargo test` of the given targets, to the end even when one fails.
fn cargo_test(places: &Places, targets: &[&str]) -> Call {
    Call::cargo(&places.root)
        .args(["test", "--no-fail-fast"])
        .args(SAME_BUILD)
        .args(targets)
        .limit(TEST_LIMIT)
}

/// Builds one of our programs, together with the test programs: with them selected cargo counts the features of
/// dev-dependencies, as `cargo test` does, so both share one build.
fn build(places: &Places, program: &str) -> Result {
    Call::cargo(&places.root)
        .arg("build")
        .args(SAME_BUILD)
        .args(["--tests", "--bin", program])
        .run()
        .map(drop)
}
