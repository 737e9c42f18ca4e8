//! Tokens in custody.

use crate::app::PulseKeys;
use crate::view::*;
use crate::{custody, tokens};

impl PulseKeys {
    /// The tokens in custody: those that wait first, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn custody(&self) -> Result<Custody, UiError> {
        custody::custody(&self.ctx).await
    }

    /// The text of a token, for the user who pressed *Reveal*.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain fails.
    pub async fn reveal_token(&self, id: CustodyId) -> Result<RevealedToken, UiError> {
        tokens::reveal::reveal_token(&self.ctx, id).await
    }

    /// Copies a token, or a line made with it.
    ///
    /// # Errors
    /// When it is not in custody any more, or keychain or clipboard fail.
    pub async fn copy_token(&self, request: &CopyRequest) -> Result<Copied, UiError> {
        tokens::reveal::copy_token(&self.ctx, request).await
    }

    /// Tries a token with one harmless call, and the one before it, where it is known, with another.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain fails. Whatever the service says is a result.
    pub async fn test_token(&self, id: CustodyId) -> Result<TokenTest, UiError> {
        tokens::reveal::test_token(&self.ctx, id).await
    }

    /// The user has stored the token elsewhere: it leaves the keychain or the memory that held it.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails; then it is still in custody.
    pub async fn token_stored(&self, id: CustodyId) -> Result<Custody, UiError> {
        tokens::stored::token_stored(&self.ctx, id).await
    }

    /// Where an older token of this one's key stands, and what of that can be written. Nothing is changed.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails.
    pub async fn places(&self, id: CustodyId) -> Result<Places, UiError> {
        tokens::place::places(&self.ctx, id).await
    }

    /// Where the token of a key stands before it is rotated, and what of that can be written. Nothing is changed.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub async fn places_before_rotation(&self, request: &KeyRequest) -> Result<Places, UiError> {
        tokens::place::places_before_rotation(&self.ctx, request).await
    }

    /// Puts a token into files of the plan that was shown, after a native question.
    ///
    /// # Errors
    /// When the plan is not on screen any more, the token is not in custody, or the database fails before anything was
    /// written.
    pub async fn put_in_place(&self, request: &PutInPlaceRequest) -> Result<PutOutcome, UiError> {
        tokens::place::put_in_place(&self.ctx, request).await
    }

    /// The repositories whose pipelines may use the key of a token, as this machine knows them. Nothing is sent.
    ///
    /// # Errors
    /// When the token is not in custody any more, or the keychain or the database fails.
    pub async fn ci_repositories(&self, id: CustodyId) -> Result<CiRepositories, UiError> {
        tokens::ci::repositories(&self.ctx, id).await
    }

    /// The same for a key that is not rotated yet.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub async fn ci_repositories_before_rotation(
        &self,
        request: &KeyRequest,
    ) -> Result<CiRepositories, UiError> {
        tokens::ci::repositories_before_rotation(&self.ctx, request).await
    }

    /// The secrets of these repositories, by name, through the user's own `gh` and `glab`.
    ///
    /// # Errors
    /// When the token is not in custody any more, or the keychain or the database fails.
    pub async fn ci_secrets(&self, id: CustodyId) -> Result<CiSecrets, UiError> {
        tokens::ci::secrets(&self.ctx, id).await
    }

    /// Sets secrets of the list that was shown to a token, after a native question.
    ///
    /// # Errors
    /// When the list is not on screen any more, the token is not in custody, or the database fails.
    pub async fn set_ci_secrets(
        &self,
        request: &SetCiSecretsRequest,
    ) -> Result<SetCiOutcome, UiError> {
        tokens::ci::set_secrets(&self.ctx, request).await
    }

    /// The token stays in the keychain until the user takes it out.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails; then it is where it was.
    pub async fn keep_token(&self, id: CustodyId) -> Result<Custody, UiError> {
        tokens::stored::keep_token(&self.ctx, id).await
    }
}
