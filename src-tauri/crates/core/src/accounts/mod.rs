//! Signing in and out: which accounts there are, and the credential of each.

pub(crate) mod check;
pub(crate) mod connect;
mod same_user;
pub(crate) mod web_screen;
pub(crate) mod wire;
