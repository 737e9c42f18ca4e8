//! What is said of tokens in custody.

use crate::records::names::{capitalised, named_as};

/// How the journal says that the token of an interrupted creation was safe.
pub(crate) const CREATION_FOUND: &str = "created: interrupted, the token was in the keychain";

/// How the journal says that the token of an interrupted rotation was safe.
pub(crate) const ROTATION_FOUND: &str = "rotated: interrupted, the token was in the keychain";

/// How the journal says that a key was made in the browser, and its token pasted.
pub(crate) const CREATION_PASTED: &str = "created in the browser, pasted here";

/// The same, where the app ended in the middle.
pub(crate) const CREATION_PASTED_FOUND: &str =
    "created in the browser, pasted here: interrupted, the token was in the keychain";

/// How the journal says that a key was rotated in the browser and the app ended after its token was pasted.
pub(crate) const ROTATION_PASTED_FOUND: &str =
    "rotated in the browser, pasted here: interrupted, the token was in the keychain";

/// The token left custody before the app itself could move to it.
pub(crate) fn left_behind(name: &str, last_eight: &str) -> String {
    format!(
        "{} was rotated, and its new token left custody before Pulse Keys could move to it. Replace this account’s \
         credential with it.",
        capitalised(&named_as(name, last_eight))
    )
}
