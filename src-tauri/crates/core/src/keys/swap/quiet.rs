//! How quiet a key is, and how long it has to be. Pure: what is known of its use and a time in.
//!
//! A key counts as quiet only up to the last time at which the service was asked: what nobody has read proves nothing.

use jiff::{SignedDuration, Timestamp};

use crate::keys::swap::wire::SwapStage;
use crate::records::swaps::{Swap, Way};
use crate::records::uses::LastUse;

/// For how many days a key can be asked to be quiet.
pub(crate) const CHOICES: [u16; 5] = [1, 3, 7, 14, 30];

/// So many times the longest gap between two uses is quiet enough.
const GAPS: i32 = 3;

/// With fewer known uses than this nobody knows its gaps.
const MIN_USES: usize = 3;

/// What is advised then, at least.
const DAYS_WITHOUT_GAPS: u16 = 7;

/// What the service says of a key that is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LastSeen {
    /// The last use by anybody but this app.
    pub(crate) used_at: Option<Timestamp>,
    /// Whether the service tells.
    pub(crate) is_told: bool,
    /// When it was asked.
    pub(crate) read_at: Timestamp,
}

/// How far a swap is, with what follows from its last use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) stage: SwapStage,
    /// Since when it is quiet; none where it is not watched, or nothing tells.
    pub(crate) quiet_since: Option<Timestamp>,
    /// A use after it should have been quiet.
    pub(crate) woken_at: Option<Timestamp>,
    /// For how long it was seen to be quiet.
    pub(crate) quiet_for: SignedDuration,
}

/// How far it is. `seen`: none where the key was not read since, or the list does not have it.
pub(crate) fn standing(swap: &Swap, seen: Option<&LastSeen>, is_listed: bool) -> Standing {
    let at = |stage| Standing {
        stage,
        quiet_since: None,
        woken_at: None,
        quiet_for: SignedDuration::ZERO,
    };
    if swap.deleted_at.is_some() || !is_listed {
        return at(SwapStage::Gone);
    }
    if swap.way == Way::Swap && swap.sibling.is_none() {
        return at(SwapStage::Begun);
    }
    let Some(watched_since) = swap.watched_since else {
        return at(SwapStage::Placing);
    };
    let Some(seen) = seen.filter(|seen| seen.is_told) else {
        return at(SwapStage::Watching);
    };
    let woken_at = seen.used_at.filter(|used| *used > watched_since);
    let quiet_since = woken_at.unwrap_or(watched_since);
    let quiet_for = seen
        .read_at
        .duration_since(quiet_since)
        .max(SignedDuration::ZERO);
    let stage = if quiet_for >= days(swap.quiet_days) {
        SwapStage::Ready
    } else if woken_at.is_some() {
        SwapStage::Woken
    } else {
        SwapStage::Watching
    };
    Standing {
        stage,
        quiet_since: Some(quiet_since),
        woken_at,
        quiet_for,
    }
}

pub(crate) fn days(count: u16) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}

/// The longest time between two of its uses that are known; none where too few are.
pub(crate) fn longest_gap(uses: &[LastUse]) -> Option<SignedDuration> {
    let mut times: Vec<Timestamp> = uses.iter().map(|used| used.used_at).collect();
    times.sort();
    times.dedup();
    if times.len() < MIN_USES {
        return None;
    }
    let gaps = times.windows(2).map(|two| two[1].duration_since(two[0]));
    gaps.max()
}

/// For how many days a key should be quiet: at least three times its longest gap, the one that goes on now included.
pub(crate) fn advised_days(uses: &[LastUse], now: Timestamp) -> u16 {
    let newest = uses.iter().map(|used| used.used_at).max();
    let since = newest.map_or(SignedDuration::ZERO, |newest| now.duration_since(newest));
    let known = longest_gap(uses);
    let wanted = known.unwrap_or(SignedDuration::ZERO).max(since);
    let wanted = wanted.checked_mul(GAPS).unwrap_or(SignedDuration::MAX);
    let least = if known.is_some() {
        CHOICES[0]
    } else {
        DAYS_WITHOUT_GAPS
    };
    let fits = |choice: &&u16| **choice >= least && days(**choice) >= wanted;
    let longest = CHOICES[CHOICES.len() - 1];
    CHOICES.iter().find(fits).copied().unwrap_or(longest)
}

/// A count of days that can be chosen; the next longer one for any other.
pub(crate) fn choice(wanted: u16) -> u16 {
    let longest = CHOICES[CHOICES.len() - 1];
    let mut choices = CHOICES.iter().copied();
    choices.find(|choice| *choice >= wanted).unwrap_or(longest)
}
