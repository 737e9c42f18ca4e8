//! What the window is told and what it may ask: every type that crosses from Rust to the page.
//!
//! One secret may leave: the token of [`RevealedToken`]. Two may come in: the pasted credential of [`ConnectRequest`]
//! and [`ReplaceRequest`], and the text of [`RecogniseRequest`]. None of these types prints. Times are UTC, RFC 3339. Left out: how any of it is
//! worked out (the use cases) and how it looks (the page).

mod account;
mod bulk_delete;
mod delete;
mod error;
mod journal;
mod key;
mod preferences;
mod revocation;
mod token;
mod updates;
mod usage;
mod window;

pub use account::*;
pub use bulk_delete::*;
pub use delete::*;
pub use error::*;
pub use journal::*;
pub use key::*;
pub use preferences::*;
pub use revocation::*;
pub use token::*;
pub use updates::*;
pub use usage::*;
pub use window::*;
