//! What has to be asked before the window closes, and whether the process may end without a question.
//!
//! Left out: asking, closing, and ending.

use std::sync::{Arc, Mutex};

use crate::base::text::listed;
use crate::context::Context;
use crate::custody::in_process::{InProcess, Live, without_waiting};
use crate::host::Question;
use crate::operation_lock::{self, InFlight, Requests, any_brings_token};
use crate::records::names::{named_as, tokens};

/// So many tokens that would be lost are named in the question; the others are counted.
const MAX_NAMED: usize = 4;

/// Whether the process may end this instant. For a handler of crashes and signals: it never waits.
#[derive(Clone)]
pub struct Ending {
    in_process: InProcess,
    in_flight: Arc<Mutex<Requests>>,
}

impl Ending {
    /// True when every token is in the keychain, and none is on its way to this process. False also when that cannot
    /// be told now.
    #[must_use]
    pub fn costs_no_token(&self) -> bool {
        let expects_none =
            without_waiting(&self.in_flight).is_some_and(|requests| !any_brings_token(&requests));
        expects_none && self.in_process.holds_any() == Some(false)
    }
}

/// What an ending would cost, from now on.
#[must_use]
pub(crate) fn ending(ctx: &Context) -> Ending {
    Ending {
        in_process: ctx.of::<InProcess>().clone(),
        in_flight: Arc::clone(&ctx.of::<InFlight>().requests),
    }
}

/// What has to be asked before the window closes, because closing would lose a token: one that exists only in
/// this process, or one that is in flight here.
#[must_use]
pub(crate) fn question_before_closing(ctx: &Context) -> Option<Question> {
    let (names, are_kept) = {
        let live = ctx.of::<InProcess>().live();
        let mut only_here: Vec<&Live> =
            live.values().filter(|live| live.secret.is_some()).collect();
        only_here.sort_by_key(|live| live.record.arrived_at);
        let are_kept = only_here.iter().all(|live| live.keeper.is_some());
        let names: Vec<String> = only_here
            .iter()
            .map(|live| named_as(&live.record.name, &live.record.last_eight))
            .collect();
        (names, are_kept)
    };
    if !names.is_empty() {
        let count = tokens(names.len());
        let (headline, why, yes) = if are_kept {
            (
                format!("Close with {count} not in the keychain?"),
                "The keychain refused it. A background process keeps it and tries the keychain again until this \
                 computer is turned off. Then it would be lost: PulseAPI never shows a token twice.",
                "Close".to_owned(),
            )
        } else {
            (
                format!("Close and lose {count}?"),
                "No keychain has it: it exists only in this window, and PulseAPI never shows a token twice.",
                format!("Close and lose {count}"),
            )
        };
        return Some(Question {
            title: "Close Pulse Keys".to_owned(),
            headline,
            paragraphs: vec![
                format!("Not stored yet: {}.", listed(&names, MAX_NAMED)),
                why.to_owned(),
            ],
            yes,
            alternative: None,
            no: "Keep open".to_owned(),
        });
    }
    operation_lock::expects_token(ctx).then(|| Question {
        title: "Close Pulse Keys".to_owned(),
        headline: "Close while PulseAPI is answering?".to_owned(),
        paragraphs: vec![
            "The answer brings a fresh token, and PulseAPI never shows it twice. Closing now may lose it for good.".to_owned(),
        ],
        yes: "Close anyway".to_owned(),
        alternative: None,
        no: "Keep open".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::operation_lock::Brings;

    fn ending() -> Ending {
        Ending {
            in_process: InProcess::default(),
            in_flight: Arc::default(),
        }
    }

    #[test]
    fn a_request_that_brings_a_token_is_waited_for_and_another_is_not() {
        let ending = ending();
        assert!(ending.costs_no_token());
        let (deletion, creation) = (Uuid::from_u128(1), Uuid::from_u128(2));
        ending
            .in_flight
            .lock()
            .unwrap()
            .insert(deletion, Brings::NothingToLose);
        assert!(ending.costs_no_token());
        ending
            .in_flight
            .lock()
            .unwrap()
            .insert(creation, Brings::TokenToThisProcess);
        assert!(!ending.costs_no_token());
        ending.in_flight.lock().unwrap().remove(&creation);
        assert!(ending.costs_no_token());
    }

    /// A panic may strike while this very thread holds the lock.
    #[test]
    fn what_cannot_be_told_without_waiting_may_cost_a_token() {
        let ending = ending();
        let requests = ending.in_flight.lock().unwrap();
        assert!(!ending.costs_no_token());
        drop(requests);
        let live = ending.in_process.live();
        assert!(!ending.costs_no_token());
        drop(live);
        assert!(ending.costs_no_token());
    }
}
