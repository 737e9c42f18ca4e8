//! Clients that are signed in, and how the client of a service behaves.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use pulseapi::{Client, Contract, Options};

use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts::AccountKind;

/// Clients that are signed in, kept so that connections are reused; an account's goes when its credential does.
#[derive(Default)]
pub(crate) struct Clients(Mutex<HashMap<AccountId, Client>>);

pub(crate) fn clients(ctx: &Context) -> MutexGuard<'_, HashMap<AccountId, Client>> {
    ctx.lock(&ctx.of::<Clients>().0)
}

/// How a client of such a service behaves. The server inside the app is always as the built-in contract has it.
pub(crate) fn options(ctx: &Context, kind: AccountKind) -> Options {
    let options = ctx.options.clone();
    match kind {
        AccountKind::Pulseapi => options,
        AccountKind::Sandbox => Options {
            contract: Contract::built_in(),
            ..options
        },
    }
}
