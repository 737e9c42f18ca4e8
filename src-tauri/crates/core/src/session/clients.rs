//! Clients that are signed in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use pulseapi::Client;

use crate::base::ids::AccountId;
use crate::context::Context;

/// Clients that are signed in, kept so that connections are reused; an account's goes when its credential does.
#[derive(Default)]
pub(crate) struct Clients(Mutex<HashMap<AccountId, Client>>);

pub(crate) fn clients(ctx: &Context) -> MutexGuard<'_, HashMap<AccountId, Client>> {
    ctx.lock(&ctx.of::<Clients>().0)
}
