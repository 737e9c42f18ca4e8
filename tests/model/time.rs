//! Virtual time: it passes when the model says so, for the app, its custodians, the server and the timers of tokio alike.
//!
//! The runtime's clock is paused and kept from jumping by itself, since a request on its way over a real socket would
//! look like idleness to it. Left out: deciding when time passes (`stage`).

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// One time for everybody.
pub(crate) struct Time {
    begin: Timestamp,
    passed: watch::Sender<Duration>,
    /// When those who wait will be woken, each under a number of its own.
    waiting: Mutex<BTreeMap<u64, Duration>>,
    number: AtomicU64,
}

impl Time {
    pub(crate) fn new() -> Arc<Self> {
        let begin = "2026-11-22T14:00:00Z".parse().unwrap();
        Arc::new(Self {
            begin,
            passed: watch::Sender::new(Duration::ZERO),
            waiting: Mutex::default(),
            number: AtomicU64::new(0),
        })
    }

    pub(crate) fn passed(&self) -> Duration {
        *self.passed.borrow()
    }

    pub(crate) fn at(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.passed()).unwrap();
        self.begin + passed
    }

    /// How long until the first of those who wait is woken.
    pub(crate) fn until_next(&self) -> Option<Duration> {
        let passed = self.passed();
        let waiting = self.waiting.lock().unwrap();
        let next = waiting.values().min()?;
        Some(next.saturating_sub(passed))
    }

    /// Lets so much time pass at once. Tasks that waited go on when the runtime gets to them.
    pub(crate) async fn jump(&self, time: Duration) {
        self.passed.send_modify(|passed| *passed += time);
        tokio::time::advance(time).await;
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Time({:?})", self.passed())
    }
}

impl sandbox::Clock for Time {
    fn now(&self) -> Timestamp {
        self.at()
    }
}

/// The time as a process sees it: nothing in it is ever woken once it was killed.
#[derive(Debug, Clone)]
pub(crate) struct ProcessTime {
    pub(crate) time: Arc<Time>,
    pub(crate) alive: Arc<AtomicBool>,
}

impl pulseapi::Clock for ProcessTime {
    fn now(&self) -> Timestamp {
        self.time.at()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let time = Arc::clone(&self.time);
        let alive = Arc::clone(&self.alive);
        let end = time.passed() + duration;
        let mut passed = time.passed.subscribe();
        let waits = Waits::until(&time, end);
        Box::pin(async move {
            // The sender lives in `time`, which is held here.
            let _ = passed.wait_for(|passed| *passed >= end).await;
            drop(waits);
            if !alive.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
        })
    }
}

/// Somebody who waits, until it is dropped.
struct Waits {
    time: Arc<Time>,
    number: u64,
}

impl Waits {
    fn until(time: &Arc<Time>, end: Duration) -> Self {
        let number = time.number.fetch_add(1, Ordering::SeqCst);
        time.waiting.lock().unwrap().insert(number, end);
        Self {
            time: Arc::clone(time),
            number,
        }
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.time.waiting.lock().unwrap().remove(&self.number);
    }
}
