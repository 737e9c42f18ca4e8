//! What is done with a token in custody.

pub(crate) mod ci;
pub(crate) mod place;
pub(crate) mod reveal;
pub(crate) mod stored;
