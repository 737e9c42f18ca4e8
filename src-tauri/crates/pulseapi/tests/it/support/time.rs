//! Time that stands still and chance that is known.

use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use pulseapi::{Clock, Jitter};

/// A clock that moves only when somebody sleeps on it, and then at once.
#[derive(Debug)]
pub(crate) struct StillClock {
    now: Mutex<Timestamp>,
    slept: Mutex<Vec<Duration>>,
}

/// Noon of a day, plus seconds: where the still clock starts.
pub(crate) fn moment(seconds: i64) -> Timestamp {
    let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    Timestamp::from_second(noon.as_second() + seconds).unwrap()
}

impl Default for StillClock {
    fn default() -> Self {
        Self {
            now: Mutex::new(moment(0)),
            slept: Mutex::default(),
        }
    }
}

impl StillClock {
    /// Every wait so far.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.slept.lock().unwrap().push(duration);
        *self.now.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

/// The same jitter each time.
#[derive(Debug)]
pub(crate) struct FixedJitter(pub(crate) f64);

impl Jitter for FixedJitter {
    fn fraction(&self) -> f64 {
        self.0
    }
}
