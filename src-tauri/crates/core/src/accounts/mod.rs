//! Signing in and out: which accounts there are, and the credential of each.

pub(crate) mod connect;
pub(crate) mod own_key;
pub(crate) mod session;
pub(crate) mod wire;
