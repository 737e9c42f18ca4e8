//! What is done with a token in custody.

pub(crate) mod reveal;
pub(crate) mod stored;
