//! A clock that a window test can put forward: the machine's, and so many seconds more as stand in the file that
//! `PULSE_KEYS_CLOCK` names. Without the variable or the file it is the machine's.
//!
//! Only core goes by it; the page and the server have their own. Built for tests only, by a feature that a release leaves
//! out, since whoever moves the clock could make a key look quiet.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulseapi::{Clock, SystemClock};

/// The variable that names the file.
const VARIABLE: &str = "PULSE_KEYS_CLOCK";

/// How long a wait goes on before it looks whether the clock was moved.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// The clock of this start.
pub(crate) fn clock() -> Arc<dyn Clock> {
    match std::env::var_os(VARIABLE) {
        Some(file) => Arc::new(TestClock { file: file.into() }),
        None => Arc::new(SystemClock),
    }
}

#[derive(Clone, Debug)]
struct TestClock {
    file: PathBuf,
}

impl TestClock {
    fn ahead(&self) -> SignedDuration {
        let written = std::fs::read_to_string(&self.file).unwrap_or_default();
        SignedDuration::from_secs(written.trim().parse().unwrap_or(0))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(self.ahead()).unwrap_or(now)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        let until = SignedDuration::try_from(duration)
            .ok()
            .and_then(|duration| clock.now().checked_add(duration).ok());
        Box::pin(async move {
            let Some(until) = until else {
                return std::future::pending().await;
            };
            loop {
                let left =
                    Duration::try_from(until.duration_since(clock.now())).unwrap_or_default();
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(LOOK_INTERVAL)).await;
            }
        })
    }
}
