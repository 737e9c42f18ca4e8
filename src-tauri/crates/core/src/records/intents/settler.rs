//! How features below reach what settles open requests.

use async_trait::async_trait;
use jiff::Timestamp;
use pulseapi::{Client, KeyId};

use crate::base::error::UiError;
use crate::context::Context;
use crate::records::accounts::Account;
use crate::records::key::KeyRow;

/// Settles what earlier requests left open, for features that are about to write or have read a list. It knows how each
/// feature finds out what became of its requests, which they must not know of each other.
#[async_trait]
pub(crate) trait Settle: Send + Sync {
    /// Before another request about a key is sent. Why nothing may be sent; none when it may.
    ///
    /// # Errors
    /// When the app's own files fail.
    async fn before_write(
        &self,
        ctx: &Context,
        account: &Account,
        key: &KeyId,
    ) -> Result<Option<UiError>, UiError>;

    /// A whole list answers questions about its account that were open before it was asked for. Whether there was one.
    ///
    /// # Errors
    /// When the app's own files fail.
    async fn by_list(
        &self,
        ctx: &Context,
        account: &Account,
        client: &Client,
        keys: &[KeyRow],
        asked_at: Timestamp,
    ) -> Result<bool, UiError>;
}
