//! The tokens in custody: shown, copied, tried, and let go.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{
    Copied, CopyRequest, Custody, RevealedToken, TokenRequest, TokenTest, UiError,
};

pub(super) async fn custody_list(core: &PulseKeys) -> Result<Custody, UiError> {
    core.custody().await
}

pub(super) async fn token_reveal(
    core: &PulseKeys,
    request: TokenRequest,
) -> Result<RevealedToken, UiError> {
    core.reveal_token(request.token).await
}

pub(super) async fn token_copy(core: &PulseKeys, request: CopyRequest) -> Result<Copied, UiError> {
    core.copy_token(&request).await
}

pub(super) async fn token_test(
    core: &PulseKeys,
    request: TokenRequest,
) -> Result<TokenTest, UiError> {
    core.test_token(request.token).await
}

pub(super) async fn token_stored(
    core: &PulseKeys,
    request: TokenRequest,
) -> Result<Custody, UiError> {
    core.token_stored(request.token).await
}

pub(super) async fn token_keep(
    core: &PulseKeys,
    request: TokenRequest,
) -> Result<Custody, UiError> {
    core.keep_token(request.token).await
}
