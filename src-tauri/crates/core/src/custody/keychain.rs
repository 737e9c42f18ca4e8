//! Tokens in the keychain, by the name that their intent gives them.

use pulseapi::BearerToken;
use secrecy::ExposeSecret as _;
use vault::{SecretName, VaultError};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::{AccountId, CustodyId};
use crate::context::Context;
use crate::records::accounts;

/// Whether the keychain has the token that an interrupted request may have brought.
pub(crate) enum InKeychain {
    Yes(BearerToken),
    /// It says no. It may be another keychain than the one that was given the token.
    No,
    /// It cannot be asked.
    NotKnown(UiError),
}

pub(crate) fn token_name(account: AccountId, id: CustodyId) -> SecretName {
    SecretName::token(&account.0.to_string(), &id.0.to_string())
}

/// Whether the keychain holds the token that a request brought, whatever is written down about it.
pub(crate) async fn token_in_keychain(
    ctx: &Context,
    account: AccountId,
    id: CustodyId,
) -> InKeychain {
    let vault = ctx.vault();
    if vault.is_session_only() {
        // What an account of this session brings is in memory. Of all others the keychain may have it.
        let of_this_session = accounts::list(ctx)
            .find(account)
            .is_some_and(|account| account.session_only);
        return if of_this_session {
            InKeychain::No
        } else {
            InKeychain::NotKnown(not_asked())
        };
    }
    match vault.load(&token_name(account, id)).await {
        Ok(secret) => match BearerToken::parse(secret.expose_secret()) {
            Ok(token) => InKeychain::Yes(token),
            Err(error) => {
                InKeychain::NotKnown(UiError::new(ErrorCode::Other, error.to_string(), ""))
            }
        },
        Err(VaultError::None) => InKeychain::No,
        // Two of one name: one of them is the token.
        Err(error) => InKeychain::NotKnown(error.into()),
    }
}

/// This session goes without the keychain that may have a token.
fn not_asked() -> UiError {
    UiError::new(
        ErrorCode::Keychain,
        "The keychain, which may have the token, is not asked in this session.",
        "",
    )
}
