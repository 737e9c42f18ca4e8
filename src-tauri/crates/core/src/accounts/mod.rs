//! Signing in and out: which accounts there are, and the credential of each.

pub(crate) mod connect;
pub(crate) mod wire;
