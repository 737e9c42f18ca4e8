//! The use cases about keys: list, create, rotate, swap, delete one or many, and what became of it.

pub(crate) mod bulk_delete;
pub(crate) mod changes;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod guided;
pub(crate) mod labels;
pub(crate) mod list;
pub(crate) mod revocation;
pub(crate) mod rotate;
pub(crate) mod search;
pub(crate) mod swap;
pub(crate) mod verify;
pub(crate) mod wire;

use pulseapi::{Client, Operation};

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts::{self, Account, KeyAccess};
use crate::records::{own_calls, swaps};
use crate::session;
use crate::usage;

/// An account whose service manages keys, a client that is signed in to it, and in memory what is known of the use of
/// its keys: whatever is done next may depend on that.
pub(crate) async fn signed_in(ctx: &Context, id: AccountId) -> Result<(Account, Client), UiError> {
    let account = accounts::find(ctx, id)?;
    if account.keys == KeyAccess::Guided {
        return Err(UiError::new(
            ErrorCode::Other,
            "This service has no endpoints for API keys: Pulse Keys can't do this by itself.",
            "Do it in the browser, under Settings → API Keys.",
        ));
    }
    usage::search::recall_findings(ctx, id).await?;
    own_calls::recall(ctx, id).await?;
    swaps::all(ctx).await?;
    session::signed_in(ctx, id).await
}

/// The same, for doing something that not every server has a call for.
///
/// # Errors
/// Also when the contract of the server says that it has none.
pub(crate) async fn signed_in_to(
    ctx: &Context,
    id: AccountId,
    operation: Operation,
) -> Result<(Account, Client), UiError> {
    let (account, client) = signed_in(ctx, id).await?;
    client.offers(operation).map_err(|error| at_work(&error))?;
    Ok((account, client))
}
