//! The part of a text that is at hand while it is searched.

/// How many bytes before an anchor must be at hand, so that proof and name can be read.
pub(crate) const BEHIND: usize = 1024;

/// How many bytes from an anchor's beginning on must be at hand.
pub(crate) const AHEAD: usize = 96;

/// A part of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'text> {
    /// The bytes at hand.
    pub(crate) text: &'text [u8],
    /// What begins before this was judged before.
    pub(crate) from: usize,
    /// Whether the text ends here; otherwise what begins in the last [`AHEAD`] bytes is left for the next window.
    pub(crate) last: bool,
}
