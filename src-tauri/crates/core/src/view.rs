//! Everything that crosses from Rust to the page, which stands beside the use case that it belongs to.
//!
//! One secret may leave: the token of `RevealedToken`. These may come in: the pasted credential of `ConnectRequest`,
//! `ReplaceRequest` and `CheckRequest`, the tokens of `GuidedCheckRequest` and `PasteTokenRequest`, and the texts of
//! `RecogniseRequest` and `TableRequest`. None of these types prints. Times are UTC, RFC 3339.

pub use crate::accounts::check::wire::*;
pub use crate::accounts::wire::*;
pub use crate::base::error::*;
pub use crate::base::ids::*;
pub use crate::custody::wire::*;
pub use crate::handover::{FirstKeys, Handover};
pub use crate::keys::bulk_delete::wire::*;
pub use crate::keys::create::MAX_NAME_CHARS;
pub use crate::keys::create::wire::*;
pub use crate::keys::delete::guided::wire::*;
pub use crate::keys::delete::wire::*;
pub use crate::keys::guided::paste::wire::*;
pub use crate::keys::guided::wire::*;
pub use crate::keys::revocation::wire::*;
pub use crate::keys::rotate::wire::*;
pub use crate::keys::search::wire::*;
pub use crate::keys::swap::wire::*;
pub use crate::keys::wire::*;
pub use crate::notes::wire::*;
pub use crate::preferences::wire::*;
pub use crate::records::accounts::{AccountKind, AccountView, BrowserOperation, KeyAccess};
pub use crate::records::intents::RotateReason;
pub use crate::records::journal::wire::*;
pub use crate::records::key::*;
pub use crate::records::notices::{NextStep, Notice, NoticeRequest};
pub use crate::records::uses::LastUse;
pub use crate::session::wire::*;
pub use crate::tokens::ci::wire::*;
pub use crate::tokens::place::wire::*;
pub use crate::updates::wire::*;
pub use crate::usage::checklist::{Checklist, ChecklistItem, TickRequest, UnseenPlace};
pub use crate::usage::wire::*;
pub use crate::watch::wire::*;
pub use crate::window::*;
