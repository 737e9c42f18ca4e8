//! Running sequences: one after the other on each thread, until the time is up; and making smaller what breaks a rule.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::ledger::Broken;
use crate::steps::{Step, sequence};
use crate::world::World;

/// A sequence that broke a rule, and what happened in it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) seed: u64,
    pub(crate) steps: Vec<Step>,
    pub(crate) broken: Broken,
    pub(crate) trace: Vec<String>,
}

/// What is wanted of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) seed: u64,
    pub(crate) time: Duration,
    pub(crate) sequences: u64,
    pub(crate) threads: usize,
    /// Goes on after a fault, to find other kinds of them.
    pub(crate) collects: bool,
    /// For how long a sequence is made smaller.
    pub(crate) shrinks: Duration,
}

/// What a run has come to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) sequences: u64,
    pub(crate) steps: u64,
    /// The smallest sequence of each kind, and how many there were.
    pub(crate) found: BTreeMap<&'static str, (Found, u64)>,
}

/// Takes the steps in a new world.
pub(crate) fn take(steps: &[Step]) -> Result<(), (Broken, Vec<String>)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .max_blocking_threads(32)
        .build()
        .unwrap();
    // As long as a blocking task runs, time does not jump by itself.
    let (end, ended) = std::sync::mpsc::channel::<()>();
    runtime.spawn_blocking(move || ended.recv());
    let (held, trace) = runtime.block_on(async {
        let mut world = World::new().await;
        let mut held = Ok(());
        for step in steps {
            held = world.takes(step).await;
            if held.is_err() {
                break;
            }
        }
        if held.is_ok() {
            held = world.comes_to_rest().await;
        }
        (held, world.ends().await)
    });
    drop(end);
    runtime.shutdown_background();
    held.map_err(|broken| (broken, trace))
}

/// Runs sequences until the time is up and there were enough, or one breaks a rule.
pub(crate) fn run(wanted: Wanted) -> Ran {
    let began = Instant::now();
    let (next, steps, stop) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let found: Mutex<BTreeMap<&'static str, (Found, u64)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..wanted.threads {
            scope.spawn(|| {
                loop {
                    let number = next.load(Ordering::SeqCst);
                    let is_done = began.elapsed() >= wanted.time && number >= wanted.sequences;
                    if is_done || stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let (taken, broken) = one(&wanted, number, &found);
                    steps.fetch_add(taken, Ordering::SeqCst);
                    if broken && !wanted.collects {
                        stop.store(true, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    Ran {
        sequences: next.into_inner(),
        steps: steps.into_inner(),
        found: found.into_inner().unwrap(),
    }
}

/// One sequence, made smaller if it breaks a rule. How many steps it has, and whether it did.
fn one(
    wanted: &Wanted,
    number: u64,
    found: &Mutex<BTreeMap<&'static str, (Found, u64)>>,
) -> (u64, bool) {
    let seed = wanted.seed.wrapping_add(number);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let mut tree = sequence().new_tree(&mut runner).unwrap();
    let steps = tree.current();
    let length = steps.len() as u64;
    let Err((broken, trace)) = take(&steps) else {
        return (length, false);
    };
    let rule = broken.rule;
    println!("seed {seed}: {rule}: {}", broken.what);
    let mut smallest = Found {
        seed,
        steps,
        broken,
        trace,
    };
    {
        let mut found = found.lock().unwrap();
        if let Some((known, count)) = found.get_mut(rule) {
            *count += 1;
            // Small enough already.
            if known.steps.len() <= smallest.steps.len() && known.steps.len() <= 3 {
                return (length, true);
            }
        }
    }
    let until = Instant::now() + wanted.shrinks;
    'smaller: while Instant::now() < until && tree.simplify() {
        loop {
            let steps = tree.current();
            match take(&steps) {
                Err((broken, trace)) if broken.rule == rule => {
                    smallest = Found {
                        seed,
                        steps,
                        broken,
                        trace,
                    };
                    break;
                }
                _ => {
                    if Instant::now() > until || !tree.complicate() {
                        break 'smaller;
                    }
                }
            }
        }
    }
    let mut found = found.lock().unwrap();
    let is_smaller = |known: &Found| known.steps.len() > smallest.steps.len();
    match found.get_mut(rule) {
        Some((known, _)) if is_smaller(known) => *known = smallest,
        Some(_) => {}
        None => {
            found.insert(rule, (smallest, 1));
        }
    }
    (length, true)
}
