//! What is said about tokens of deleted keys until they get 401.

use crate::base::error::{ErrorCode, UiError};
use crate::records::names::{capitalised, named_as};
use crate::records::revocations::OpenRevocation;

/// Why an account is signed out once its key's token is dead.
pub(crate) const OWN_KEY_GONE: &str = "signed out: its key was deleted";

/// How the journal says that a token is not tried any more, though it never got 401.
pub(crate) fn journalled_stop(open: &OpenRevocation) -> &'static str {
    match open.trouble {
        None => "stopped trying: its token was still accepted",
        Some(_) => "stopped trying: it is not known whether its token works",
    }
}

/// A key that is gone while its token is not known to be dead.
pub(crate) fn still_open(open: &OpenRevocation) -> String {
    let name = capitalised(&named_as(&open.name, &open.last_eight));
    let signed_in = if open.own {
        " This app stays signed in with it until it gets 401."
    } else {
        ""
    };
    match &open.trouble {
        None => format!("{name} is deleted, but PulseAPI still accepts its token.{signed_in}"),
        Some(why) => {
            format!("{name} is deleted, but its token could not be tried. {why}{signed_in}")
        }
    }
}

/// The token of a deleted key got 401 at last.
pub(crate) fn token_refused(open: &OpenRevocation, signed_out: bool) -> String {
    let name = named_as(&open.name, &open.last_eight);
    if signed_out {
        format!("The token of {name} gets 401 now: this app is signed out of the account.")
    } else {
        format!("The token of {name} gets 401 now.")
    }
}

/// What is in custody for a key is no token.
pub(crate) fn not_a_token() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "What the keychain holds as a token of this key is no token.",
        "",
    )
}
