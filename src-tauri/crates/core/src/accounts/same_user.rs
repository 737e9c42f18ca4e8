//! Whether another credential is of the same user, also where the service does not tell whose a token is.

use futures_util::StreamExt as _;
use pulseapi::{ApiKey, Connection, KeyEndpoints};

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::while_connecting;
use crate::context::Context;
use crate::records::accounts::Account;
use crate::records::key::KeyRow;
use crate::records::key_cache;

/// A credential that has just worked has to be of the account's user: as the service says, or else by its list, which is
/// personal and so has a key in common with the one that is remembered. Where the service tells neither, the user's word
/// is all there is.
///
/// # Errors
/// When it is not, and what the service or the database reports.
pub(crate) async fn refuse_another(
    ctx: &Context,
    account: &Account,
    connection: &Connection,
) -> Result<(), UiError> {
    match account.is_of(connection.user.as_ref()) {
        Some(true) => return Ok(()),
        Some(false) => return Err(another("This token belongs to somebody else.")),
        None => {}
    }
    let remembered = key_cache::cached_keys(ctx, account.id).await?.keys;
    if remembered.is_empty() || connection.keys == KeyEndpoints::Absent {
        return Ok(());
    }
    let mut pages = connection.client.keys();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| while_connecting(&error))?;
        // A key that the user wrote down has an id of its own.
        let is_remembered = |key: &ApiKey| {
            let is_it = |row: &KeyRow| row.id == key.id || row.last_eight == key.last_eight;
            remembered.iter().any(is_it)
        };
        if page.keys.iter().any(is_remembered) {
            return Ok(());
        }
    }
    Err(another(
        "This token lists none of the keys that are known of this account, so it may belong to somebody else.",
    ))
}

fn another(why: &str) -> UiError {
    UiError::new(
        ErrorCode::Credential,
        format!("{why} The account keeps the credential that it has."),
        "To use both, add it as an account of its own.",
    )
}
