//! What the window is told and what it may ask: every type that crosses from Rust to the page.
//!
//! Nothing here holds a secret on its way out; the one secret on its way in is the pasted credential of
//! [`ConnectRequest`], a type that does not print. Times are UTC, RFC 3339. Left out: how any of it is
//! worked out (the use cases) and how it looks (the page).

mod account;
mod delete;
mod error;
mod key;

pub use account::*;
pub use delete::*;
pub use error::*;
pub use key::*;
