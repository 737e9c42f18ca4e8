//! Sequences that once broke a rule, each under the name of the fault that it found.

use crate::run::take;
use crate::steps::Step;

/// Fails with all that happened when a rule is broken.
fn holds(steps: &[Step]) {
    if let Err((broken, trace)) = take(steps) {
        panic!("{}: {}\n{}", broken.rule, broken.what, trace.join("\n"));
    }
}

#[test]
fn nothing_happens() {
    holds(&[]);
}
