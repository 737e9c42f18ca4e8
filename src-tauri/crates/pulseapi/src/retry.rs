//! Runs a read under the retry policy.

use std::time::Duration;

use crate::error::Error;
use crate::options::Options;

/// Runs a read under the policy. `longest` is the bound of rule 5 or 6.
pub(crate) async fn read<T, F>(
    options: &Options,
    longest: Duration,
    mut attempt: impl FnMut() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let policy = options.retry;
    let began = options.clock.now();
    let mut retry = 0;
    loop {
        let error = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let now = options.clock.now();
        let Some(delay) = policy.delay(&error, retry, now, options.jitter.fraction()) else {
            return Err(error);
        };
        // A clock set back meanwhile counts as no time; the number of retries still bounds it.
        let spent = Duration::try_from(now.duration_since(began)).unwrap_or_default();
        if retry >= policy.max_retries || spent.saturating_add(delay) > longest {
            return Err(error);
        }
        options.clock.sleep(delay).await;
        retry += 1;
    }
}
