//! The words around a deletion in the browser.

use jiff::Timestamp;

use crate::base::text::clock_time;
use crate::host::Question;
use crate::records::key::KeyRow;
use crate::records::names::{capitalised, named, tail};
use crate::records::revocations::{InBrowser, OpenRevocation};

/// Why nothing shows that the key is gone, for the native question.
fn unchecked(open: Option<&OpenRevocation>) -> String {
    match open {
        None => "Nothing here can check it: Pulse Keys knows no token of this key.".to_owned(),
        Some(open) => match &open.trouble {
            Some(why) => format!("Nothing here could check it. {why}"),
            None => format!(
                "Its token got 401 at {}, but was never seen to work here, so that proves nothing.",
                clock_time(open.tried_at)
            ),
        },
    }
}

/// The native question: only the user's word takes the key off the list.
pub(super) fn question(key: &KeyRow, open: Option<&OpenRevocation>) -> Question {
    Question {
        title: "Deleted in the browser".to_owned(),
        headline: format!("Have you deleted {} in the browser?", named(key)),
        paragraphs: vec![
            format!("Token: …{}", tail(&key.last_eight)),
            unchecked(open),
            "If it still exists, it goes on working, and this list does not show it any more. The activity says that \
             it is your word."
                .to_owned(),
        ],
        yes: "I have deleted it".to_owned(),
        alternative: None,
        no: "Cancel".to_owned(),
    }
}

/// How the journal says that the key is off the list.
pub(super) fn journalled(open: Option<&OpenRevocation>) -> &'static str {
    match open {
        None => "deleted in the browser: as you say, not checked",
        Some(OpenRevocation {
            trouble: None,
            in_browser: Some(InBrowser::RefusedUnproved),
            ..
        }) => "deleted in the browser: as you say, its token gets 401, not proved",
        Some(_) => "deleted in the browser: as you say, its token could not be tried",
    }
}

/// The toast after that.
pub(super) fn noted(key: &KeyRow, keeps_token: bool) -> String {
    let kept = if keeps_token {
        " Its token stays with Pulse Keys."
    } else {
        ""
    };
    format!(
        "{} is off your list: deleted in the browser, as you say. It was not checked.{kept}",
        capitalised(&named(key))
    )
}

/// A token is known that was not tried yet.
pub(super) fn check_first(key: &KeyRow) -> String {
    format!(
        "Pulse Keys can check this: press Check now. {} stays in your list until then.",
        capitalised(&named(key))
    )
}

/// The last try found the token accepted.
pub(super) fn still_accepted(open: &OpenRevocation) -> String {
    format!(
        "PulseAPI accepted its token at {}: the key is not deleted. Look in the browser again.",
        clock_time(open.tried_at)
    )
}

/// The list has another note of the key than the one that the card showed.
pub(super) fn noted_anew(key: &KeyRow) -> String {
    format!(
        "You have noted {} again since this card was opened. Look at it once more.",
        named(key)
    )
}

/// The user has not come here by way of the card, or the app was started anew.
pub(super) fn card_first() -> String {
    "Look at the card once more before you go on.".to_owned()
}

/// The service still has the key.
pub(super) fn still_there(key: &KeyRow, now: Timestamp) -> String {
    format!(
        "PulseAPI still had {} at {}. Look in the browser again.",
        named(key),
        clock_time(now)
    )
}

/// The service lists keys, so its list shows what became of this one.
pub(super) fn service_knows() -> String {
    "PulseAPI’s own list shows whether the key is gone: press Check now.".to_owned()
}
