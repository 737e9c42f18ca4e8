//! When an open intent is looked at again: a request that brought no answer may take effect long after.
//!
//! "As it was before" proves nothing right after a timeout. So the record is looked at now, after 10 s, 30 s, 2 min and
//! 10 min, and at the next start; only the look after 10 min may call the request not done. Left out: looking itself
//! (`reconcile`).

use std::convert::Infallible;
use std::time::Duration;

use crate::context::Context;
use crate::records::intents::schedule::{self, next_look};
use crate::records::intents::{self, OutcomeUnknown};
use crate::{custody, operation_lock, reconcile};

/// Looks at open intents when it is time, for as long as this is polled. After each look `on_change` is called: what
/// the window shows may have changed, and [`PulseKeys::reconcile`](crate::PulseKeys::reconcile) has something to tell.
pub(crate) async fn watch_open_intents(
    ctx: &Context,
    on_change: impl Fn() + Send + Sync,
) -> Infallible {
    loop {
        let changed = ctx.of::<OutcomeUnknown>().0.notified();
        let now = ctx.now();
        let next = match intents::open(&ctx.database).await {
            Ok(open) => open
                .iter()
                .filter(|open| {
                    !operation_lock::is_in_flight(ctx, open.id())
                        && !custody::is_held(ctx, open.id())
                })
                .map(|open| next_look(open.open_since(), now))
                .min(),
            Err(error) => {
                tracing::warn!("open intents cannot be read: {error}");
                now.checked_add(schedule::RETRY_INTERVAL).ok()
            }
        };
        let Some(next) = next else {
            changed.await;
            continue;
        };
        let wait = Duration::try_from(next.duration_since(now)).unwrap_or_default();
        tokio::select! {
            () = changed => continue,
            () = ctx.options.clock.sleep(wait) => {}
        }
        match reconcile::look_again(ctx).await {
            Ok(()) => on_change(),
            Err(error) => tracing::warn!("open intents were not settled: {}", error.message),
        }
    }
}
