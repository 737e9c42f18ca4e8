//! Everything that is said of the code without running the app.

use crate::command::Command;
use crate::paths::Paths;
use crate::pictures;
use crate::report::Report;
use crate::steps::cargo::{cargo_test, linted_build};
use crate::steps::{entries, layers, modules, rustdoc, unused, workflows};
use crate::{test_counts, web};

/// Runs all of it, what takes seconds first.
pub(crate) fn run(paths: &Paths, name: &str, report: &mut Report) {
    let cargo = || Command::cargo(&paths.root);
    report.step(name, "rustfmt", || {
        cargo().args(["fmt", "--all", "--check"]).run().map(drop)
    });
    report.step(name, "layers", || layers::check(paths));
    report.step(name, "modules", || modules::check(paths));
    entries::check(paths, name, report);
    report.remark(name, "pictures are of this UI", || pictures::remark(paths));
    report.step(name, "UI lint", || {
        web::npm(paths, &["run", "lint"]).run().map(drop)
    });
    report.step(name, "UI types", || {
        web::npm(paths, &["run", "types"]).run().map(drop)
    });
    workflows::check(paths, name, report);
    report.step(name, "unused dependencies", || unused::check(paths));
    report.step(name, "build with clippy", || linted_build(paths));
    report.step(name, "rustdoc", || rustdoc::check(paths));
    // As tests, so that they come out of the build that `unit` uses too.
    report.tests(
        name,
        "icons and bindings are current",
        test_counts::CARGO,
        || cargo_test(paths, &["--bin", "generate", "committed"]).run(),
    );
}
