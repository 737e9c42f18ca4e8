//! The package as users get it: made, looked at by lintian, installed into this machine by apt, used, removed.
//!
//! Not among the usual subsets: the release build takes minutes, and the machine is changed for as long as the tests
//! run. Nothing on Debian can install the `.rpm`.

use std::fs;

use crate::bundle::{self, Package};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::report::Report;
use crate::steps::cargo::{TEST_TIMEOUT, cargo_test};
use crate::system::{self, Family};
use crate::test_counts;

/// Makes the packages and does all of that with the first.
pub(super) fn run(paths: &Paths, name: &str, report: &mut Report) {
    if Family::here() != Some(Family::Apt) {
        report.skip(
            name,
            "package",
            "installs a .deb, which only Debian and kin can",
        );
        return;
    }
    let mut made = None;
    let ready = report.step(name, "make the packages", || {
        bundle::build(paths)?;
        made = Some(bundle::pack(paths, "bundle")?);
        Ok(())
    });
    let Some(packages) = made.filter(|_| ready) else {
        return;
    };
    packages.iter().for_each(|package| println!("{package}"));
    report.step(name, "the same packages when made again", || {
        same_again(paths, &packages)
    });
    let [debian, _] = packages;
    report.step(name, "lintian", || {
        let call = Command::new("lintian").args(["--allow-root", "--fail-on", "error"]);
        call.arg(&debian.path).run().map(drop)
    });
    let Some(rights) = system::privilege() else {
        report.skip(
            name,
            "installed app",
            "needs root, or sudo without a password",
        );
        return;
    };
    report.tests(name, "installed app", test_counts::CARGO, || {
        // One after the other: there is one machine.
        cargo_test(
            paths,
            &["--test", "install", "--", "--ignored", "--test-threads=1"],
        )
        .env("PULSE_KEYS_PACKAGE", &debian.path)
        .env("PULSE_KEYS_RIGHTS", rights.join(" "))
        .timeout(TEST_TIMEOUT)
        .run()
    });
}

/// Packs the same binary once more and compares.
fn same_again(paths: &Paths, packages: &[Package]) -> Result {
    let again = bundle::pack(paths, "bundle-again")?;
    let differ = packages
        .iter()
        .zip(&again)
        .filter(|(one, other)| one.hash != other.hash);
    let differ: Vec<String> = differ
        .map(|(one, _)| one.path.display().to_string())
        .collect();
    if !differ.is_empty() {
        // Both are left, to be compared.
        return Err(Error::Rule(format!(
            "made twice, and not the same: {}",
            differ.join(", ")
        )));
    }
    let folder = paths.target.join("bundle-again");
    fs::remove_dir_all(&folder).map_err(Error::file(&folder))
}
