//! Where the keys of an account are managed in a browser.

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts;

/// The address of the screen with the account's keys: as the contract has it, or the sandbox's own.
///
/// # Errors
/// When the account is not known any more, the contract can't be used, or the sandbox does not start.
pub(crate) async fn web_screen(ctx: &Context, id: AccountId) -> Result<String, UiError> {
    let account = accounts::find(ctx, id)?;
    match account.sandbox() {
        None => {
            let screen = ctx.options.contract.web_screen(&account.base_url);
            screen.map(String::from).map_err(|error| at_work(&error))
        }
        Some(sandbox) => Ok(ctx.host.sandbox_screen(sandbox).await?),
    }
}
