//! The package as people get it: made, looked at by lintian, installed into this machine by apt, used, removed.
//!
//! Not among the usual subsets: the release build takes minutes, and the machine is changed for as long as the tests
//! run. Left out: the `.rpm`, which nothing on Debian can install.

use std::fs;

use crate::bundle::{self, Package};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::places::Places;
use crate::report::Report;
use crate::steps::{TEST_LIMIT, cargo_test};
use crate::system::{self, Family};
use crate::tally;

/// Makes the packages and does all of that with the first.
pub(super) fn run(places: &Places, name: &str, report: &mut Report) {
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
        bundle::build(places)?;
        made = Some(bundle::pack(places, "bundle")?);
        Ok(())
    });
    let Some(packages) = made.filter(|_| ready) else {
        return;
    };
    packages.iter().for_each(|package| println!("{package}"));
    report.step(name, "the same packages when made again", || {
        same_again(places, &packages)
    });
    let [debian, _] = packages;
    report.step(name, "lintian", || {
        let call = Call::new("lintian").args(["--allow-root", "--fail-on", "error"]);
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
    report.tests(name, "installed app", tally::cargo, || {
        // One after the other: there is one machine.
        cargo_test(
            places,
            &["--test", "install", "--", "--ignored", "--test-threads=1"],
        )
        .variable("PULSE_KEYS_PACKAGE", &debian.path)
        .variable("PULSE_KEYS_RIGHTS", rights.join(" "))
        .limit(TEST_LIMIT)
        .run()
    });
}

/// Packs the same binary once more and compares.
fn same_again(places: &Places, packages: &[Package]) -> Result {
    let again = bundle::pack(places, "bundle-again")?;
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
    let folder = places.target.join("bundle-again");
    fs::remove_dir_all(&folder).map_err(Error::file(&folder))
}
