//! What of an account's keys is done in the browser: everything where the service has no endpoints for keys, else what
//! the contract says that it has no call for, and what it refused in this run because it has none.
//!
//! What was learned from a refusal is not written down: a server may get the call, and then a new start finds it.

use std::collections::HashSet;
use std::sync::Mutex;

use pulseapi::{Error as ApiError, Operation};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts::{self, Account, BrowserOperation, KeyAccess};
use crate::session::clients::options;

/// Calls that a server was seen not to have.
#[derive(Default)]
pub(crate) struct NotOffered(Mutex<HashSet<(AccountId, BrowserOperation)>>);

/// Nobody is signed in to the account any more, or it is asked anew.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.lock(&ctx.of::<NotOffered>().0)
        .retain(|(of, _)| *of != account);
}

/// What of an account's keys the user does in the browser.
pub(crate) fn operations(ctx: &Context, account: &Account) -> Vec<BrowserOperation> {
    let contract = options(ctx, account.kind).contract;
    // A contract that can't be used says nothing: each call fails with the reason.
    let is_readable = contract.problem().is_none();
    let seen = ctx.lock(&ctx.of::<NotOffered>().0);
    BrowserOperation::ALL
        .into_iter()
        .filter(|operation| {
            account.keys == KeyAccess::Guided
                || (is_readable && !contract.offers(Operation::from(*operation)))
                || seen.contains(&(account.id, *operation))
        })
        .collect()
}

/// An account in which this is done in the browser.
///
/// # Errors
/// When it is not known any more, or its service has a call for it.
pub(crate) fn account(
    ctx: &Context,
    id: AccountId,
    operation: BrowserOperation,
) -> Result<Account, UiError> {
    let account = accounts::find(ctx, id)?;
    if operations(ctx, &account).contains(&operation) {
        return Ok(account);
    }
    Err(UiError::new(
        ErrorCode::Other,
        "The service of this account does that itself.",
        "Refresh the list.",
    ))
}

/// What a refused request tells of its call: where the service has none, the page leads to the browser.
pub(crate) fn told(
    ctx: &Context,
    account: &Account,
    operation: BrowserOperation,
    refusal: &ApiError,
    error: UiError,
) -> UiError {
    if !refusal.says_no_such_call() {
        return error;
    }
    ctx.lock(&ctx.of::<NotOffered>().0)
        .insert((account.id, operation));
    UiError {
        code: ErrorCode::InBrowser,
        ..error
    }
}
