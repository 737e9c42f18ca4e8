//! Several threads at the same work, and how long each has worked. A system that gives fewer threads than were asked
//! for makes it slower, not wrong.

use std::thread;
use std::time::Duration;

/// Room on the stack of each: nothing here calls itself deeper than archives may stand in each other.
const STACK_BYTES: usize = 1 << 20;

/// Does the work on so many threads, this one included, and waits for all.
pub(crate) fn run(threads: usize, work: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 1..threads {
            let helper = thread::Builder::new().stack_size(STACK_BYTES);
            // No memory or no number left for another: the others do its part.
            if helper.spawn_scoped(scope, &work).is_err() {
                break;
            }
        }
        work();
    });
}

/// How long all threads of this process together have worked.
#[cfg(unix)]
pub(crate) fn worked_by_all() -> Option<Duration> {
    Some(time_of(rustix::time::ClockId::ProcessCPUTime))
}

/// This system is not asked.
#[cfg(not(unix))]
pub(crate) fn worked_by_all() -> Option<Duration> {
    None
}

#[cfg(unix)]
fn time_of(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// How long this thread has worked since some time in the past. Waiting is no work: a search of low priority on a busy
/// machine must not give up on what it would have read on an idle one.
#[cfg(unix)]
pub(crate) fn worked() -> Duration {
    time_of(rustix::time::ClockId::ThreadCPUTime)
}

/// How long ago it is that this was asked first; this system is not asked how long a thread has worked.
#[cfg(not(unix))]
pub(crate) fn worked() -> Duration {
    static BEGUN: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    BEGUN.elapsed()
}
