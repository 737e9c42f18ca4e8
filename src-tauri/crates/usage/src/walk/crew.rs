//! How many threads of a walk work at once.
//!
//! All of them while they wait for the disk, since only many waits at once make it fast. When what they read is in
//! memory, as many as there are processors: one that has a large file to read would else get the smallest part of a
//! processor, and all would wait for it at the end.

use std::time::{Duration, Instant};

use crate::threads;

/// How often it is looked whether the processors are busy.
const FIT_INTERVAL: Duration = Duration::from_millis(5);

/// The processors are busy when they worked for more than this share of the time.
const BUSY: f64 = 0.8;

/// The threads of a walk.
pub(super) struct Crew {
    /// How many work at once.
    size: usize,
    threads: usize,
    processors: usize,
    /// When it was looked last, and how long all threads had worked until then.
    since: Instant,
    worked: Option<Duration>,
}

impl Crew {
    /// All threads may work, until it is known whether they wait for the disk.
    pub(super) fn new(threads: usize, processors: usize) -> Self {
        Self {
            size: threads,
            threads,
            processors,
            since: Instant::now(),
            worked: threads::worked_by_all(),
        }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Looks whether the processors are busy, if that is some time ago.
    pub(super) fn fit(&mut self) {
        let passed = self.since.elapsed();
        if passed < FIT_INTERVAL {
            return;
        }
        let worked = threads::worked_by_all();
        // Where the system does not tell, all threads go on.
        let (Some(now), Some(before)) = (worked, self.worked) else {
            return;
        };
        self.size = self.fitting(now.saturating_sub(before), passed);
        self.since += passed;
        self.worked = worked;
    }

    /// As many as fit when so much was worked within such a time.
    fn fitting(&self, worked: Duration, passed: Duration) -> usize {
        let at_most = passed.as_secs_f64() * self.processors as f64;
        if worked.as_secs_f64() > BUSY * at_most {
            self.processors.min(self.threads)
        } else {
            self.threads
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Crew, Duration, FIT_INTERVAL};

    /// The work of so many processors all the time.
    fn fitting(crew: &Crew, busy: u32) -> usize {
        crew.fitting(FIT_INTERVAL * busy, FIT_INTERVAL)
    }

    #[test]
    fn all_work_while_they_wait_for_the_disk_and_one_for_each_processor_when_they_do_not() {
        let crew = Crew::new(8, 2);
        assert_eq!(crew.size(), 8, "until it is known, all of them");
        assert_eq!(crew.fitting(Duration::ZERO, FIT_INTERVAL), 8);
        assert_eq!(fitting(&crew, 1), 8);
        assert_eq!(fitting(&crew, 2), 2);
    }

    #[test]
    fn no_more_work_than_there_are() {
        assert_eq!(fitting(&Crew::new(1, 2), 2), 1);
    }
}
