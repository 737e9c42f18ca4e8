//! The credential that an account signs in with: under which name the keychain has it, and reading it.

use pulseapi::BearerToken;
use secrecy::ExposeSecret as _;
use vault::SecretName;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::context::Context;

/// The stored credential of an account.
pub(crate) async fn load(ctx: &Context, id: AccountId) -> Result<BearerToken, UiError> {
    let secret = ctx.vault().load(&secret_name(id)).await?;
    BearerToken::parse(secret.expose_secret()).map_err(|_| {
        UiError::new(
            ErrorCode::Unauthorized,
            "The keychain’s entry for this account is not a token.",
            "Sign in again.",
        )
    })
}

/// Under which name an account's credential is kept.
pub(crate) fn secret_name(id: AccountId) -> SecretName {
    SecretName::account(&id.0.to_string())
}
