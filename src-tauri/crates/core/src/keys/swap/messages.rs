//! The words around swapping and retiring keys. The page, the journal, notifications and the card before the deletion say
//! the same, so that all of them are here.

use jiff::{SignedDuration, Timestamp};

use crate::base::error::{ErrorCode, UiError};
use crate::base::text::exact;
use crate::keys::swap::quiet::{CHOICES, LastSeen, Standing};
use crate::keys::swap::wire::{SwapStage, SwapStep, SwapStepState};
use crate::records::names::{capitalised, named_as, tail};
use crate::records::swaps::{Swap, Told, Way};
use crate::records::uses::LastUse;

pub(super) fn old(swap: &Swap) -> String {
    named_as(&swap.name, &swap.last_eight)
}

pub(super) fn sibling(swap: &Swap) -> String {
    let tail = swap.sibling.as_ref().map(|sibling| &*sibling.last_eight);
    named_as(&swap.sibling_name, tail.unwrap_or_default())
}

/// "3 days", "5 hours", "12 minutes"; whole ones that have passed.
pub(super) fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let (count, noun) = match seconds {
        ..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

pub(super) fn days(count: u16) -> String {
    match count {
        1 => "1 day".to_owned(),
        _ => format!("{count} days"),
    }
}

fn placed(swap: &Swap) -> Option<String> {
    let done = swap.places.iter().filter(|place| place.is_done).count();
    let all = swap.places.len();
    (all > 0).then(|| format!("{done} of {all}"))
}

/// Where it is, in a few words.
pub(super) fn mark(swap: &Swap, standing: &Standing) -> String {
    let way = match swap.way {
        Way::Swap => "Swap",
        Way::Retire => "Retiring",
    };
    let at = match standing.stage {
        SwapStage::Begun => "the sibling is not known to be created".to_owned(),
        SwapStage::Placing => match placed(swap) {
            Some(placed) => format!("in place ({placed})"),
            None => "sibling created".to_owned(),
        },
        SwapStage::Watching => {
            let wanted = days(swap.quiet_days);
            format!("quiet for {} of {wanted}", span(standing.quiet_for))
        }
        SwapStage::Woken => match standing.woken_at {
            Some(at) => format!("used again {}", exact(at)),
            None => "used again".to_owned(),
        },
        SwapStage::Ready => "ready to delete".to_owned(),
        SwapStage::Gone => gone(swap).to_owned(),
    };
    format!("{way}: {at}")
}

fn gone(swap: &Swap) -> &'static str {
    match (swap.deleted_at, swap.refused_at) {
        (_, Some(_)) => "deleted, 401 confirmed",
        (Some(_), None) => "deleted",
        (None, None) => "gone from the list",
    }
}

/// What is known, and what comes next.
pub(super) fn sentence(
    swap: &Swap,
    standing: &Standing,
    seen: Option<&LastSeen>,
    is_rotated: bool,
) -> String {
    if is_rotated {
        return format!(
            "{} has another token now than when this began: it was rotated meanwhile. Places with the token before that \
             are dead already.",
            capitalised(&old(swap))
        );
    }
    match standing.stage {
        SwapStage::Begun => format!(
            "It is not known whether {} was created. Pulse Keys asks again by itself; it sends nothing twice.",
            sibling(swap)
        ),
        SwapStage::Placing => format!(
            "Both keys work. Put the token of {} wherever the old one is used, then begin to watch the old one.",
            sibling(swap)
        ),
        SwapStage::Watching => match (standing.quiet_since, seen) {
            (None, Some(seen)) if !seen.is_told => format!(
                "PulseAPI does not say when {} is used, so whether it is quiet can’t be seen.",
                old(swap)
            ),
            (Some(since), Some(seen)) => format!(
                "Not used since {}, as PulseAPI said at {}. Its last use is read every 15 minutes while Pulse Keys runs.",
                exact(since),
                exact(seen.read_at)
            ),
            _ => "Its last use is read every 15 minutes while Pulse Keys runs.".to_owned(),
        },
        SwapStage::Woken => format!(
            "Something used {} at {}, after it should have been quiet. PulseAPI says when, not by what: search again.",
            old(swap),
            standing.woken_at.map_or_else(String::new, exact)
        ),
        SwapStage::Ready => format!(
            "Quiet for {}. Nothing is deleted by itself: the card and the question come first.",
            span(standing.quiet_for)
        ),
        SwapStage::Gone => match (swap.deleted_at, swap.refused_at) {
            (_, Some(at)) => format!(
                "{} was deleted, and its token got 401 at {}.",
                capitalised(&old(swap)),
                exact(at)
            ),
            (Some(at), None) => format!(
                "{} was deleted at {}. Its token was not seen to get 401.",
                capitalised(&old(swap)),
                exact(at)
            ),
            (None, None) => format!(
                "{} is not in the list any more. It was not deleted from here.",
                capitalised(&old(swap))
            ),
        },
    }
}

/// The whole way, as far as it is known.
pub(super) fn steps(swap: &Swap, standing: &Standing) -> Vec<SwapStep> {
    let stage = standing.stage;
    let now = match stage {
        SwapStage::Begun => 0,
        SwapStage::Placing => 1,
        SwapStage::Watching | SwapStage::Woken => 2,
        SwapStage::Ready => 3,
        SwapStage::Gone => 4,
    };
    let is_troubled = matches!(stage, SwapStage::Begun | SwapStage::Woken);
    let is_ended = stage == SwapStage::Gone && swap.refused_at.is_some();
    let first = match swap.way {
        Way::Swap => (
            if swap.sibling.is_some() {
                "Sibling created"
            } else {
                "Sibling"
            }
            .to_owned(),
            sibling(swap),
        ),
        Way::Retire => (
            "Marked".to_owned(),
            format!("since {}", exact(swap.begun_at)),
        ),
    };
    let in_place = match placed(swap) {
        Some(placed) => format!("In place ({placed})"),
        None => "In place".to_owned(),
    };
    let quiet = match (stage, standing.woken_at, standing.quiet_since) {
        (SwapStage::Woken, Some(at), _) => ("Used again".to_owned(), exact(at)),
        (SwapStage::Ready, _, Some(since)) => (
            format!("Quiet for {}", span(standing.quiet_for)),
            format!("since {}", exact(since)),
        ),
        (SwapStage::Watching, _, Some(since)) => (
            format!(
                "Quiet for {} of {}",
                span(standing.quiet_for),
                days(swap.quiet_days)
            ),
            format!("since {}", exact(since)),
        ),
        _ => (
            format!("Quiet for {}", days(swap.quiet_days)),
            String::new(),
        ),
    };
    let deleted = match (stage, swap.refused_at.or(swap.deleted_at)) {
        (SwapStage::Gone, Some(at)) => (capitalised(gone(swap)), exact(at)),
        (SwapStage::Gone, None) => (capitalised(gone(swap)), String::new()),
        _ => ("Deleted, 401 confirmed".to_owned(), String::new()),
    };
    let all = [
        first,
        (in_place, String::new()),
        quiet,
        ("Ready to delete".to_owned(), String::new()),
        deleted,
    ];
    let steps = all.into_iter().enumerate();
    let steps = steps.filter(|(at, _)| swap.way == Way::Swap || *at != 1);
    let steps = steps.map(|(at, (title, detail))| SwapStep {
        title,
        detail,
        state: match at {
            // A key may be deleted before it was seen to be quiet.
            2 | 3 if stage == SwapStage::Gone && swap.told != Some(Told::Ready) => {
                SwapStepState::Ahead
            }
            at if at < now || at == now && is_ended => SwapStepState::Done,
            at if at > now => SwapStepState::Ahead,
            _ if is_troubled => SwapStepState::Trouble,
            _ => SwapStepState::Now,
        },
    });
    steps.collect()
}

pub(super) const NAME_REMARK: &str = "PulseAPI can’t rename a key, so the sibling keeps this name. It ends with the \
     month, which stays true; the next swap puts the new month in its place.";

/// Why so many days are advised.
pub(super) fn advice(uses: &[LastUse], gap: Option<SignedDuration>, advised: u16) -> String {
    let longest = CHOICES[CHOICES.len() - 1];
    match gap {
        Some(gap) => {
            let count = uses.len();
            let at_most = span(gap);
            format!(
                "{} is advised: of its {count} uses that this app knows of, no two were more than {at_most} apart.",
                capitalised(&days(advised))
            )
        }
        None if advised == longest => format!(
            "{} is advised, the longest: how often it is used is not known, and it was last used long ago.",
            capitalised(&days(advised))
        ),
        None => format!(
            "{} is advised: this app knows too few of its uses to say how often it is used.",
            capitalised(&days(advised))
        ),
    }
}

pub(super) fn own_key() -> String {
    "Pulse Keys itself signs in with this key and uses it with each request, so it is never quiet. Rotate it instead."
        .to_owned()
}

pub(super) fn no_sibling_here() -> String {
    "This service has no call that creates a key, so a sibling can’t be created from here."
        .to_owned()
}

pub(super) fn is_guided() -> String {
    "This service lists no keys to programs, so whether a key is quiet can’t be seen.".to_owned()
}

pub(super) fn under_way(name: &str, last_eight: &str) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!(
            "{} is being swapped or retired already.",
            capitalised(&named_as(name, last_eight))
        ),
        "Open it from the list.",
    )
}

pub(super) fn of_later_version() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "A later version of Pulse Keys swaps or retires this key in a way that this one does not know. Nothing was changed.",
        "Use that version.",
    )
}

pub(super) fn outcome_open(name: &str) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!(
            "It is not known yet whether {} was created, so another one is not created.",
            named_as(name, "")
        ),
        "Pulse Keys asks again by itself.",
    )
}

pub(super) fn not_under_way() -> UiError {
    UiError::new(
        ErrorCode::Stale,
        "This key is not being swapped or retired any more.",
        "",
    )
}

pub(super) fn not_listed() -> UiError {
    UiError::new(
        ErrorCode::Stale,
        "The list does not have this key any more.",
        "Refresh the list.",
    )
}

pub(super) fn refused(obstacle: String) -> UiError {
    UiError::new(ErrorCode::Other, obstacle, "Nothing was changed.")
}

// What the journal says.

pub(super) fn journalled_begun(swap: &Swap) -> String {
    match &swap.sibling {
        Some(made) => format!(
            "begun: sibling {} …{} made",
            sibling(swap),
            tail(&made.last_eight)
        ),
        None => format!("retiring: to be quiet for {}", days(swap.quiet_days)),
    }
}

pub(super) fn journalled_watch(swap: &Swap) -> String {
    format!("watched: to be quiet for {}", days(swap.quiet_days))
}

pub(super) const JOURNALLED_BACK: &str = "not watched: back to its places";

pub(super) fn journalled_woken(at: Timestamp) -> String {
    format!("used after it should have been quiet: {}", exact(at))
}

pub(super) fn journalled_ready(standing: &Standing) -> String {
    let since = standing.quiet_since.map_or_else(String::new, exact);
    format!("quiet for {}, since {since}", span(standing.quiet_for))
}

pub(super) const JOURNALLED_STOP: &str = "stopped: both keys stay as they are";
pub(super) const JOURNALLED_STOP_RETIRING: &str = "stopped: the key stays as it is";

// What the desktop shows.

pub(super) fn notification(swap: &Swap, standing: &Standing) -> (String, String) {
    let title = capitalised(&old(swap));
    match standing
        .woken_at
        .filter(|_| standing.stage == SwapStage::Woken)
    {
        Some(at) => (
            format!("{title} was used again"),
            format!("At {}, after it should have been quiet.", exact(at)),
        ),
        None => (
            format!("{title} is ready to delete"),
            format!("It has been quiet for {}.", span(standing.quiet_for)),
        ),
    }
}

/// What the watch says on the card before a deletion.
pub(super) fn proof(swap: &Swap, standing: &Standing, used_at: Option<Timestamp>) -> String {
    let last = used_at.map_or_else(
        || "never used, as far as PulseAPI knows".to_owned(),
        |used| format!("last used {}", exact(used)),
    );
    match standing.stage {
        SwapStage::Ready => {
            let place = match swap.way {
                Way::Swap => format!(" {} has taken its place.", capitalised(&sibling(swap))),
                Way::Retire => String::new(),
            };
            format!("Quiet for {}: {last}.{place}", span(standing.quiet_for))
        }
        SwapStage::Woken => format!(
            "Used again at {}, after it should have been quiet.",
            standing.woken_at.map_or_else(String::new, exact)
        ),
        SwapStage::Watching => format!(
            "Quiet for {} of the {} that you asked for: {last}.",
            span(standing.quiet_for),
            days(swap.quiet_days)
        ),
        SwapStage::Placing | SwapStage::Begun | SwapStage::Gone => match placed(swap) {
            Some(placed) => format!(
                "{} is to take its place, and does so in {placed} places.",
                capitalised(&sibling(swap))
            ),
            None => format!("{} is to take its place.", capitalised(&sibling(swap))),
        },
    }
}
