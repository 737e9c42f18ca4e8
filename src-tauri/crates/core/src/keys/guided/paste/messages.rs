//! The words around a key that is made or rotated in the browser, and its token.

use crate::base::error::{ErrorCode, UiError};
use crate::base::text::exact;
use crate::custody::wire::{TokenTest, TokenVerdict};
use crate::keys::rotate::messages as rotation;
use crate::keys::rotate::wire::RotateReasonView;
use crate::records::intents::RotateReason;
use crate::records::key::KeyRow;
use crate::records::names::{named, named_as};

/// What is known of a key's use, by the user's own list.
pub(crate) fn evidence(said: &str, key: &KeyRow) -> String {
    if !key.last_use_known && !key.own {
        return "When it was last used is not known: your own list does not say it.".to_owned();
    }
    match key.noted_at {
        Some(at) => format!("{said} So says your own list, as of {}.", exact(at)),
        None => said.to_owned(),
    }
}

/// The reasons to rotate. The app can't move to the new token before the user has pasted it.
pub(crate) fn reasons(key: &KeyRow) -> Vec<RotateReasonView> {
    let of_others = KeyRow {
        own: false,
        ..key.clone()
    };
    let mut reasons = rotation::reasons(&of_others);
    if key.own {
        for each in &mut reasons {
            each.consequence.push_str(
                " Pulse Keys signs in with this key: it is locked out too until you paste the new token here.",
            );
        }
    }
    reasons
}

/// How the journal says that a key was rotated in the browser.
pub(crate) fn rotated(reason: RotateReason) -> String {
    format!(
        "{}, in the browser; its new token was pasted here",
        rotation::journalled(reason)
    )
}

/// The token before it was pasted again.
pub(crate) fn is_old(key: &KeyRow) -> String {
    format!(
        "This is the token that {} had before, not the new one. Copy the token that the web screen shows after Rotate \
         Key.",
        named(key)
    )
}

/// The token is another key's.
pub(crate) fn is_of_another(key: &KeyRow) -> String {
    format!(
        "This is the token of {}, which your list has already.",
        named(key)
    )
}

/// The token is the account's credential.
pub(crate) const IS_CREDENTIAL: &str =
    "This is the token that Pulse Keys signs in with, not a new one.";

/// The token is in custody already.
pub(crate) fn in_custody(name: &str, last_eight: &str) -> String {
    format!(
        "Pulse Keys has this token already: it is in custody as the token of {}.",
        named_as(name, last_eight)
    )
}

/// The token of an earlier one has another record id.
pub(crate) const OTHER_RECORD: &str =
    "It begins with another number than the token before it, so it may be of another key.";

/// A doubt, and what the user can do about it.
pub(crate) fn doubt(why: &str) -> String {
    format!("{why} Compare it with the web screen. If it is the new token, go on.")
}

/// The keychain did not show that it stores.
pub(crate) fn not_taken(mut error: UiError) -> UiError {
    error.code = ErrorCode::Keychain;
    error.message = format!("{} The token was not taken.", error.message);
    error.hint = format!(
        "{} Keep the web screen open: it shows the token once.",
        error.hint
    )
    .trim()
    .to_owned();
    error
}

/// How the journal says what the service made of the token, and of the one before it.
pub(crate) fn journalled(tested: &TokenTest) -> String {
    let new = match tested.new.verdict {
        TokenVerdict::Accepted => "the pasted token works".to_owned(),
        TokenVerdict::Refused => "the pasted token is refused (401)".to_owned(),
        TokenVerdict::NotKnown => format!(
            "the pasted token could not be tried: {}",
            tested.new.message
        ),
    };
    match tested.old.as_ref().map(|old| (old.verdict, &old.message)) {
        None => new,
        Some((TokenVerdict::Refused, _)) => format!("{new}; old token: 401 confirmed"),
        Some((TokenVerdict::Accepted, _)) => format!("{new}; the old token is still accepted"),
        Some((TokenVerdict::NotKnown, why)) => {
            format!("{new}; the old token could not be tried: {why}")
        }
    }
}

/// What the user has to know of a token that was tried; none where all is as it should be.
pub(crate) fn trouble(tested: &TokenTest, is_rotation: bool) -> Option<UiError> {
    let told = |message: &str, hint: &str| Some(UiError::new(ErrorCode::Other, message, hint));
    match tested.new.verdict {
        TokenVerdict::Refused => {
            return told(
                "PulseAPI refuses this token (401). It is kept all the same, and your list is as it was.",
                "Check that you copied the newest token, and from the right account. Then paste that one.",
            );
        }
        TokenVerdict::NotKnown => {
            return told(
                &format!(
                    "Whether this token works is not known. {}",
                    tested.new.message
                ),
                "It is kept. Press “Test it” later.",
            );
        }
        TokenVerdict::Accepted => {}
    }
    let old = tested.old.as_ref()?;
    match old.verdict {
        TokenVerdict::Accepted if is_rotation => told(
            "PulseAPI still accepts the old token, so the rotation may not have happened.",
            "Look at the web screen: the key’s last 8 characters must be those of the new token. Pulse Keys keeps both.",
        ),
        TokenVerdict::NotKnown => told(
            &format!(
                "Whether the old token is dead is not known. {}",
                old.message
            ),
            "Press “Test it” later.",
        ),
        TokenVerdict::Accepted | TokenVerdict::Refused => None,
    }
}

/// The account's own key: the token works, and is of somebody else.
pub(crate) fn somebody_else() -> UiError {
    UiError::new(
        ErrorCode::Credential,
        "This token belongs to another user, so Pulse Keys does not sign in with it. It is kept.",
        "Paste the token of your own key, or replace this account’s credential.",
    )
}

/// The account's own key: the app could not move to the token.
pub(crate) fn not_adopted(mut error: UiError) -> UiError {
    error.message = format!(
        "The token is kept, but Pulse Keys could not move to it yet. {}",
        error.message
    );
    "It tries again by itself. Keep the token until it works.".clone_into(&mut error.hint);
    error
}

/// The app ended before the keychain had a pasted token.
pub(crate) fn not_kept(name: &str, last_eight: &str) -> String {
    format!(
        "A token was pasted for {}, and Pulse Keys ended before the keychain had it. If the web screen still shows it, \
         paste it again. Else rotate the key again in the browser.",
        named_as(name, last_eight)
    )
}

/// The keychain can't be asked whether it has a pasted token.
pub(crate) fn still_unknown(name: &str, last_eight: &str, error: &UiError) -> String {
    format!(
        "It is not known yet whether the keychain has the token that was pasted for {}. {}",
        named_as(name, last_eight),
        error.message
    )
}
