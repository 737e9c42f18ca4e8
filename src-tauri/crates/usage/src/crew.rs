//! Several threads at the same work. A system that gives fewer threads than were asked for makes it slower, not wrong.

use std::thread;

/// Room on the stack of each: nothing here calls itself deeper than archives may stand in each other.
const STACK: usize = 1 << 20;

/// Does the work on so many threads, this one included, and waits for all.
pub(crate) fn run(threads: usize, work: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 1..threads {
            let helper = thread::Builder::new().stack_size(STACK);
            // No memory or no number left for another: the others do its part.
            if helper.spawn_scoped(scope, &work).is_err() {
                break;
            }
        }
        work();
    });
}
