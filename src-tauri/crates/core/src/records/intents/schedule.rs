//! When an open intent is looked at again: a request that brought no answer may take effect long after.
//!
//! "As it was before" proves nothing right after a timeout. So the record is looked at now, after 10 s, 30 s, 2 min and
//! 10 min, and at the next start; only the look after 10 min may call the request not done.

use jiff::{SignedDuration, Timestamp};

/// After how long an open intent is looked at again, counted from when its outcome became unknown.
const LOOKS: [SignedDuration; 4] = [
    SignedDuration::from_secs(10),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
];

/// Between two looks at an intent whose custodian is still at work, or whose last look is past and was no proof.
pub(crate) const RETRY_INTERVAL: SignedDuration = SignedDuration::from_secs(30);

/// For so long after it was called not done a request may show to be done after all.
pub(crate) const CORRECTED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Until when an effect may have taken place that a look after the last one shows: the clocks of two machines differ.
pub(crate) fn latest_effect(open_since: Timestamp) -> Timestamp {
    let watched = LOOKS[LOOKS.len() - 1] + SignedDuration::from_mins(2);
    open_since.checked_add(watched).unwrap_or(Timestamp::MAX)
}

/// When an intent that has been open since then is looked at next.
pub(crate) fn next_look(open_since: Timestamp, now: Timestamp) -> Timestamp {
    LOOKS
        .iter()
        .filter_map(|&after| open_since.checked_add(after).ok())
        .find(|&look| look > now)
        .unwrap_or_else(|| now.checked_add(RETRY_INTERVAL).unwrap_or(Timestamp::MAX))
}

/// Whether "as it was before", seen now, means that the request was not done.
pub(crate) fn is_over(open_since: Timestamp, now: Timestamp) -> bool {
    let last = LOOKS[LOOKS.len() - 1];
    open_since.checked_add(last).is_ok_and(|end| now >= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    #[test]
    fn looks_come_after_ten_seconds_half_a_minute_two_and_ten_minutes() {
        let since = at(0);
        let looks = [(0, 10), (9, 10), (10, 30), (31, 120), (120, 600)];
        for (now, next) in looks {
            assert_eq!(next_look(since, at(now)), at(next), "{now}");
        }
        assert_eq!(next_look(since, at(600)), at(630));
    }

    #[test]
    fn only_the_last_look_may_call_a_request_not_done() {
        assert!(!is_over(at(0), at(599)));
        assert!(is_over(at(0), at(600)));
        assert!(!is_over(at(0), at(-5)), "a clock that went backwards");
    }
}
