//! A model of the whole promise: *No key is deleted by accident, none is deleted blind, and no fresh token is ever lost.*
//!
//! Random sequences of what a user, the service, its gateways and caches, other people, the keychain and a killer can
//! do are taken with the real use cases, a real server over real HTTP, and time that passes as fast as nothing else is
//! left to do. After each step, and once more when everything works again, this must hold:
//!
//! - (a) No token that the server gave us is out of reach, unless the user gave it up or was told that it was lost.
//! - (b) No key is gone by us that the user did not confirm in the state in which it was deleted.
//! - (c) Nothing that was told is false: outcomes, notices, the journal, the list.
//! - (d) At most one write leaves for each yes.
//!
//! | variable | means | when absent |
//! | --- | --- | --- |
//! | `PULSE_KEYS_MODEL_SECONDS` | for how long sequences are run, at least | 0: how many there are does not depend on the machine |
//! | `PULSE_KEYS_MODEL_SEQUENCES` | how many are run, at least | 1000 |
//! | `PULSE_KEYS_MODEL_SEED` | the seed of the first sequence; each later one's is one more | 1: the same sequences for everybody |
//! | `PULSE_KEYS_MODEL_THREADS` | how many run at the same time | two for each processor: each waits now and then |
//! | `PULSE_KEYS_MODEL_SHRINKS` | for how many seconds a sequence that breaks a rule is made smaller | 300 |
//! | `PULSE_KEYS_MODEL_COLLECTS` | goes on after a broken rule, and reports one sequence of each kind at the end | it stops |
//!
//! A sequence that breaks a rule is made smaller and printed with its seed and with all that happened in it. Each fault
//! that was found is a test of its own in `regressions`. Two hours of it:
//! `PULSE_KEYS_MODEL_SECONDS=7200 cargo test -p pulse-keys-tests --test model`.
//!
//! Left out: the shell and the page, real keychains and real processes (`e2e`, `it`), and searches of this machine.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "set-up shared by tests fails them where it breaks; clippy excuses #[test] functions only"
)]

mod afterwards;
mod cards;
mod confirmed;
mod end;
mod keychain;
mod ledger;
mod oracle;
mod process;
mod regressions;
mod run;
mod script;
mod stage;
mod steps;
mod take;
mod test_host;
mod time;
mod tokens;
mod world;

use std::time::Duration;

use crate::run::{Wanted, run};

#[test]
fn the_promise_holds_whatever_happens() {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let wanted = Wanted {
        seed: variable("SEED").unwrap_or(1),
        time: Duration::from_secs(variable("SECONDS").unwrap_or(0)),
        sequences: variable("SEQUENCES").unwrap_or(1_000),
        threads: variable("THREADS").map_or(2 * processors, |count| count as usize),
        shrinks: Duration::from_secs(variable("SHRINKS").unwrap_or(300)),
        collects: variable("COLLECTS").is_some(),
    };
    println!("PULSE_KEYS_MODEL_SEED={}", wanted.seed);
    let ran = run(wanted);
    println!("{} sequences, {} steps", ran.sequences, ran.steps);
    for (rule, (found, count)) in &ran.found {
        println!("\n=== {rule} ({count} times)\n{}", found.broken.what);
        println!("PULSE_KEYS_MODEL_SEED={} and:", found.seed);
        for step in &found.steps {
            println!("    {step:?},");
        }
        println!("{}", found.trace.join("\n"));
    }
    assert!(ran.found.is_empty(), "the promise was broken, see above");
}

fn variable(name: &str) -> Option<u64> {
    let value = std::env::var(format!("PULSE_KEYS_MODEL_{name}")).ok()?;
    Some(value.parse().expect("a number"))
}
