//! Time and chance, passed in, so that tests neither wait nor guess.
//!
//! The timeouts of a single request are not here: they belong to the socket and run on real time.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// What the retry policy knows of time.
pub trait Clock: Debug + Send + Sync {
    /// The time of day (UTC).
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of this machine; sleeps on tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Where the spread of waits comes from.
pub trait Jitter: Debug + Send + Sync {
    /// A number from 0 (included) to 1 (excluded).
    fn fraction(&self) -> f64;
}

/// Jitter from the thread's random number generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomJitter;

impl Jitter for RandomJitter {
    fn fraction(&self) -> f64 {
        rand::random()
    }
}
