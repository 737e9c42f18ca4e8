//! What is said of tokens in custody.

use crate::records::names::{capitalised, named_as};

/// How the journal says that the token of an interrupted creation was safe.
pub(crate) const CREATION_FOUND: &str = "created: interrupted, the token was in the keychain";

/// How the journal says that the token of an interrupted rotation was safe.
pub(crate) const ROTATION_FOUND: &str = "rotated: interrupted, the token was in the keychain";

/// The token left custody before the app itself could move to it.
pub(crate) fn left_behind(name: &str, last_eight: &str) -> String {
    format!(
        "{} was rotated, and its new token left custody before Pulse Keys could move to it. Replace this account’s \
         credential with it.",
        capitalised(&named_as(name, last_eight))
    )
}
