//! Time that passes when a test says so.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulseapi::Clock;
use sandbox::ManualClock;
use tokio::sync::watch;

/// The machine's time, in which nobody ever waits, unless the test says that it wants to say how time passes.
#[derive(Debug)]
pub(crate) struct Time {
    pub(crate) passed: watch::Sender<Duration>,
    pub(crate) is_kept: AtomicBool,
    /// The server's clock too, which stands still but for what the app waits.
    pub(crate) shared: Option<Arc<ManualClock>>,
    /// How far it is ahead of the machine's time, where it is not shared.
    pub(crate) ahead: Mutex<SignedDuration>,
}

impl Time {
    /// It is later now, for the app alone.
    pub(crate) fn is_later(&self, by: SignedDuration) {
        *self.ahead.lock().unwrap() += by;
    }

    /// From now on waits end when [`Time::passes`] says so.
    pub(crate) fn is_kept(&self) {
        self.is_kept.store(true, Ordering::SeqCst);
    }

    /// Time passes, and tasks that waited for it go on.
    pub(crate) async fn passes(&self, time: Duration) {
        self.advance(time);
        self.passed.send_modify(|passed| *passed += time);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    /// Whether somebody waits for time to pass.
    pub(crate) fn is_waited_for(&self) -> bool {
        self.passed.receiver_count() > 0
    }

    fn advance(&self, time: Duration) {
        if let Some(shared) = &self.shared {
            shared.advance(SignedDuration::try_from(time).unwrap());
        }
    }
}

impl Clock for Time {
    fn now(&self) -> Timestamp {
        self.shared.as_ref().map_or_else(
            || Timestamp::now() + *self.ahead.lock().unwrap(),
            |shared| sandbox::Clock::now(&**shared),
        )
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if !self.is_kept.load(Ordering::SeqCst) {
            self.advance(time);
            return Box::pin(std::future::ready(()));
        }
        let mut passed = self.passed.subscribe();
        let end = *passed.borrow() + time;
        Box::pin(async move {
            // Nobody tells the time any more: then nobody waits for it either.
            let _ = passed.wait_for(|passed| *passed >= end).await;
        })
    }
}
