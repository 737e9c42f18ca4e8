//! What is said of a deletion, whatever showed it.

/// Who deleted a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletedBy {
    /// This app.
    Us,
    /// The user, in the browser, led there by this app.
    UserInBrowser,
    SomebodyElse,
}
