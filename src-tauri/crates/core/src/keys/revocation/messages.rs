//! What is said about tokens of deleted keys until they get 401.

use crate::base::error::{ErrorCode, UiError};
use crate::records::key::KeyRow;
use crate::records::names::{capitalised, named, named_as};
use crate::records::revocations::{InBrowser, OpenRevocation};

/// Why an account is signed out once its key's token is dead.
pub(crate) const OWN_KEY_GONE: &str = "signed out: its key was deleted";

/// How the journal says that a try found the token accepted.
pub(crate) const STILL_ACCEPTED: &str = "its token is still accepted";

/// How it says that a token got 401 for which nothing vouches.
pub(crate) const REFUSED_UNPROVED: &str =
    "its token gets 401, but was never seen to be accepted: not proved";

/// How it says that a key which was deleted in the browser is gone.
pub(crate) const DELETED_IN_BROWSER: &str = "deleted in the browser: 401 confirmed";

/// How it says that a try does not count, because the key is not in the list as it was.
pub(crate) const LISTED_OTHERWISE: &str =
    "not tried any more: the list has another token for it, or not the key";

/// How it says that there is nothing left to try.
pub(crate) const TOKEN_IS_LOST: &str = "not tried any more: the token is no longer here";

/// How it says that a try found out nothing.
pub(crate) fn not_tried(why: &str) -> String {
    format!("its token could not be tried: {why}")
}

/// How the journal says that a token is not tried any more, though it never got 401.
pub(crate) fn journalled_stop(open: &OpenRevocation) -> &'static str {
    match open.trouble {
        None if open.in_browser == Some(InBrowser::RefusedUnproved) => {
            "stopped trying: its token gets 401, which proves nothing"
        }
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
    match (open.in_browser, &open.trouble) {
        (None, _) => {}
        (Some(_), Some(why)) => {
            return format!(
                "It is not known whether {} is deleted: its token could not be tried. {why}",
                named_as(&open.name, &open.last_eight)
            );
        }
        (Some(InBrowser::RefusedUnproved), None) => return refused_unproved(open),
        (Some(_), None) => {
            return format!("{name} is not deleted: PulseAPI still accepts its token.");
        }
    }
    match &open.trouble {
        None => format!("{name} is deleted, but PulseAPI still accepts its token.{signed_in}"),
        Some(why) => {
            format!("{name} is deleted, but its token could not be tried. {why}{signed_in}")
        }
    }
}

/// A 401 that may have another reason than that the key is gone.
fn refused_unproved(open: &OpenRevocation) -> String {
    format!(
        "The token that is known here for {} gets 401, but PulseAPI was never seen to accept it. With a wrong beginning \
         it would get 401 too, so this does not prove that the key is deleted.",
        named_as(&open.name, &open.last_eight)
    )
}

/// The app knows no token any more with which the deletion could be seen.
pub(crate) fn token_is_lost(open: &OpenRevocation) -> String {
    format!(
        "It is not known whether {} was deleted in the browser: the token to check it with is no longer here. A token \
         that is pasted for that goes when the app is closed. The key is still in your list.",
        named_as(&open.name, &open.last_eight)
    )
}

/// The token got 401, and so does this app's own.
pub(crate) fn refuses_everything() -> String {
    "It gets 401, but so does this app’s own token: that says nothing about the key.".to_owned()
}

/// The token got 401, and whether that is for this key alone could not be seen.
pub(crate) fn no_comparison(why: &str) -> String {
    format!("It gets 401, but whether PulseAPI refuses every token now could not be seen. {why}")
}

/// What was pasted is the token of another key, or not whole.
pub(crate) fn ends_otherwise(key: &KeyRow) -> String {
    format!(
        "This is not the token of {}: that ends in …{}. It was not tried.",
        named(key),
        key.last_eight
    )
}

/// What was pasted ends as the token does, and is not it.
pub(crate) fn wrong_checksum() -> String {
    "This token is not whole: its checksum is wrong. Copy it again. It was not tried.".to_owned()
}

/// What was pasted has the number of another record.
pub(crate) fn other_record(key: &KeyRow) -> String {
    format!(
        "The number before the bar is not that of {} ({}). Copy the whole token. It was not tried.",
        named(key),
        key.id.as_str()
    )
}

/// The token of a deleted key got 401 at last.
pub(crate) fn token_refused(open: &OpenRevocation, signed_out: bool) -> String {
    let name = named_as(&open.name, &open.last_eight);
    if open.in_browser.is_some() {
        return if signed_out {
            format!("The token of {name} gets 401: this app is signed out of the account.")
        } else {
            format!("The token of {name} gets 401: the key has left your list as deleted.")
        };
    }
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
        "The keychain’s entry for the token of this key is not a token.",
        "",
    )
}
