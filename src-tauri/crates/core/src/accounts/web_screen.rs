//! Where the keys of an account are managed in a browser.

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts;

/// PulseAPI's own screen. The vendor documents it below Settings → API Keys.
const PULSEAPI: &str = "https://pulseapi.io/settings/api-keys";

/// The address of the screen with the account's keys.
///
/// # Errors
/// When the account is not known any more, or the sandbox does not start.
pub(crate) async fn web_screen(ctx: &Context, id: AccountId) -> Result<String, UiError> {
    match accounts::find(ctx, id)?.sandbox() {
        None => Ok(PULSEAPI.to_owned()),
        Some(sandbox) => Ok(ctx.host.sandbox_screen(sandbox).await?),
    }
}
