//! Accounts: signing in and out, and which one is in use.

use std::io;

use crate::app::PulseKeys;
use crate::view::*;
use crate::{accounts, handover, session};

impl PulseKeys {
    /// Probes an address with a credential; once both worked, keeps the credential and makes the account the one in
    /// use. A user who is known at this address already gets the new credential in place of the old one.
    ///
    /// # Errors
    /// With [`ErrorCode::Address`] or [`ErrorCode::Credential`] at what was typed, or another code. Nothing was
    /// stored.
    pub async fn connect(&self, request: &ConnectRequest) -> Result<AppState, UiError> {
        accounts::connect::connect(&self.ctx, request).await
    }

    /// Signs in to the server inside the app. Who is signed in to it already stays so, unless its credential has
    /// stopped working.
    ///
    /// # Errors
    /// When the sandbox does not start, or its credential cannot be kept.
    pub async fn try_sandbox(&self, request: &SandboxRequest) -> Result<AppState, UiError> {
        accounts::connect::try_sandbox(&self.ctx, request).await
    }

    /// The address of the web screen with the account's keys, to be opened in a browser.
    ///
    /// # Errors
    /// When the account is not known any more, or the sandbox does not start.
    pub async fn web_screen(&self, account: AccountId) -> Result<String, UiError> {
        accounts::web_screen::web_screen(&self.ctx, account).await
    }

    /// A user who is signed in nowhere yet begins in the sandbox, not with the form. Asked for on the command line.
    pub fn begin_in_sandbox(&self) {
        accounts::connect::begin_in_sandbox(&self.ctx);
    }

    /// What the window shows when it opens: what the app's own files say, at once.
    pub async fn first_state(&self) -> AppState {
        accounts::connect::first_state(&self.ctx).await
    }

    /// Everything the window shows before any list, with the keychain's first answer, which is waited for. Where the
    /// sandbox was asked for and cannot be had, that is the form, or what is missing for a keychain.
    pub async fn state(&self) -> AppState {
        accounts::connect::state(&self.ctx).await
    }

    /// What the page is given before it can ask.
    pub async fn handover(&self) -> Handover {
        handover::handover(&self.ctx).await
    }

    /// From now on secrets live in this process only. Accounts of the keychain stay there, unshown, until the next
    /// start.
    pub async fn continue_for_this_session(&self) -> AppState {
        session::continue_for_this_session(&self.ctx).await
    }

    /// Looks at the server of an account, or at an address with a credential as typed, call by call. Nothing is stored,
    /// and nothing changes at the service but when the key was last used.
    ///
    /// # Errors
    /// When what was typed cannot be used, the keychain does not give the account's credential, or the description of
    /// the server is refused. Whatever the server does is in the report.
    pub async fn check_connection(
        &self,
        request: &CheckRequest,
    ) -> Result<ConnectionReport, UiError> {
        accounts::check::check_connection(&self.ctx, request).await
    }

    /// Copies the report of the last look.
    ///
    /// # Errors
    /// When there is none, or the clipboard fails.
    pub async fn copy_connection_report(&self) -> Result<(), UiError> {
        accounts::check::copy_connection_report(&self.ctx).await
    }

    /// Writes the report of the last look to a file, after a native save dialog.
    ///
    /// # Errors
    /// When there is none, or the file cannot be written; then there is no new file.
    pub async fn save_connection_report(&self) -> Result<ReportSaved, UiError> {
        accounts::check::save_connection_report(&self.ctx).await
    }

    /// Makes an account the one in use.
    ///
    /// # Errors
    /// When it is not known any more, or the choice cannot be written down.
    pub async fn switch_account(&self, id: AccountId) -> Result<AppState, UiError> {
        accounts::connect::switch(&self.ctx, id).await
    }

    /// Makes the account that is called so, whatever its capitals, the one in use; of several the one that was added
    /// first. Asked for on the command line. False when no account is called so.
    ///
    /// # Errors
    /// When the choice cannot be written down.
    pub fn begin_with(&self, label: &str) -> io::Result<bool> {
        accounts::connect::begin_with(&self.ctx, label)
    }

    /// Calls an account something else.
    ///
    /// # Errors
    /// When the new name is empty or too long, the account is not known any more, or the change cannot be written.
    pub async fn rename_account(&self, request: &RenameRequest) -> Result<AppState, UiError> {
        accounts::connect::rename_account(&self.ctx, request).await
    }

    /// Puts another credential of the same user in place of the account's, once it worked.
    ///
    /// # Errors
    /// With [`ErrorCode::Credential`] at what was pasted, or another code. The account still has the old one.
    pub async fn replace_credential(&self, request: &ReplaceRequest) -> Result<AppState, UiError> {
        accounts::connect::replace_credential(&self.ctx, request).await
    }

    /// Signs out, after the user has said yes. The key itself stays alive. Tokens in custody stay or go, as the
    /// user chooses in the same question.
    ///
    /// # Errors
    /// When the account is not known any more, or its credential cannot be taken out of the keychain; then the
    /// account is still signed in.
    pub async fn sign_out(&self, id: AccountId) -> Result<SignOutOutcome, UiError> {
        accounts::connect::sign_out(&self.ctx, id).await
    }
}
