//! Everything that is said of the code without running the app.

use crate::call::Call;
use crate::pictures;
use crate::places::Places;
use crate::report::Report;
use crate::steps::{SAME_BUILD, cargo_test, entries, layers, modules, unused, workflows};
use crate::{tally, web};

/// Runs all of it, what takes seconds first.
pub(crate) fn run(places: &Places, name: &str, report: &mut Report) {
    let cargo = || Call::cargo(&places.root);
    report.step(name, "rustfmt", || {
        cargo().args(["fmt", "--all", "--check"]).run().map(drop)
    });
    report.step(name, "layers", || layers::check(places));
    report.step(name, "modules of core", || modules::check(places));
    entries::check(places, name, report);
    report.remark(name, "pictures are of this UI", || pictures::remark(places));
    report.step(name, "UI lint", || {
        web::npm(places, &["run", "lint"]).run().map(drop)
    });
    report.step(name, "UI types", || {
        web::npm(places, &["run", "types"]).run().map(drop)
    });
    workflows::check(places, name, report);
    report.step(name, "unused dependencies", || unused::check(places));
    report.step(name, "clippy", || {
        let call =
            cargo()
                .arg("clippy")
                .args(SAME_BUILD)
                .args(["--all-targets", "--", "-D", "warnings"]);
        call.run().map(drop)
    });
    report.step(name, "rustdoc", || {
        let call = cargo().arg("doc").args(SAME_BUILD).arg("--no-deps");
        call.variable("RUSTDOCFLAGS", "-D warnings").run().map(drop)
    });
    // As tests, so that they come out of the build that `unit` uses too.
    report.tests(name, "icons and bindings are current", tally::cargo, || {
        cargo_test(places, &["--bin", "generate", "committed"]).run()
    });
}
