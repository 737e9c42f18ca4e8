//! Sets the secrets of CI pipelines to a token in custody. A pipeline holds no token, only the name of a secret: so no search
//! finds one there, and no file can be written.
//!
//! 1. Which repositories have pipelines that may use the key, is seen on this machine (`found`).
//! 2. The user has their secrets listed: `gh` or `glab`, with which they are signed in, asks the service for names and times.
//! 3. The user ticks some, the host asks, and each is looked at once more: one that somebody set meanwhile is left alone.
//! 4. The journal says which secrets are to be set; without that nothing is sent.
//! 5. The token goes to the program through its standard input, and the service is asked whether it shows a new time.
//! 6. The journal says of each, by repository and name, how it ended.
//!
//! Left out: running the programs (the crate `ci`), and the words (`messages`).

mod found;
mod messages;
pub(crate) mod wire;

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use ci::{Secret, Tools, Trouble};
use futures_util::future::join_all;
use secrecy::SecretString;

use crate::base::error::UiError;
use crate::base::ids::{CustodyId, KeyRequest};
use crate::context::Context;
use crate::custody;
use crate::custody::leaving::custody_entry;
use crate::custody::records::Record;
use crate::host::Reply;
use crate::operation_lock::{self, Subject};
use crate::records::journal::{self, Action};
use crate::records::{accounts, swaps};
use crate::tokens::ci::found::{Found, FoundRepository, found, is_same};
use crate::tokens::ci::messages::{ChosenSecret, SetResult};
use crate::tokens::ci::wire::{
    CiRepositories, CiSecret, CiSecrets, CiSecretsOfRepository, CiSecretsSet, SetCiOutcome,
    SetCiSecretsRequest,
};

/// The lists that the page shows, for each token.
#[derive(Default)]
pub(crate) struct Listed(Mutex<HashMap<CustodyId, Vec<ListedSecret>>>);

/// A secret as the page shows it, and as the service told of it.
#[derive(Clone)]
struct ListedSecret {
    of: FoundRepository,
    view: CiSecret,
    secret: Secret,
}

/// The repositories whose pipelines may use the key of a token, as this machine knows them. Nothing is sent.
///
/// # Errors
/// When the token is not in custody any more, or the keychain or the database fails.
pub(crate) async fn repositories(ctx: &Context, id: CustodyId) -> Result<CiRepositories, UiError> {
    let (record, _) = custody::open_token(ctx, id).await?;
    Ok(of_token(ctx, &record).await?.view())
}

/// The same for a key that is not rotated yet.
///
/// # Errors
/// When the account is not known any more, or the database fails.
pub(crate) async fn repositories_before_rotation(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<CiRepositories, UiError> {
    let account = accounts::find(ctx, request.account)?;
    let keys = std::slice::from_ref(&request.key);
    Ok(found(ctx, account.id, keys).await?.view())
}

/// A sibling's token goes where that of the old key is, so what was found of both counts.
async fn of_token(ctx: &Context, record: &Record) -> Result<Found, UiError> {
    let Some(key) = &record.key else {
        return Ok(Found::default());
    };
    let mut keys = vec![key.clone()];
    if let Some(swap) = swaps::find(ctx, record.account, key).await? {
        keys.push(swap.key.clone());
        keys.extend(swap.sibling.map(|sibling| sibling.key));
    }
    keys.sort_unstable();
    keys.dedup();
    found(ctx, record.account, &keys).await
}

/// The secrets of these repositories, by name: the services are asked, through the user's own programs.
///
/// # Errors
/// When the token is not in custody any more, or the keychain or the database fails. What a service or a program says is a
/// result.
pub(crate) async fn secrets(ctx: &Context, id: CustodyId) -> Result<CiSecrets, UiError> {
    let (record, _) = custody::open_token(ctx, id).await?;
    let found = of_token(ctx, &record).await?;
    let tools = ctx.host.ci_tools();
    let asked = found.repositories.into_iter().map(|found| {
        let tools = tools.clone();
        async move {
            let secrets = tools.secrets(&found.repository).await;
            (found, secrets)
        }
    });
    let (mut repositories, mut listed) = (Vec::new(), Vec::new());
    for (found, secrets) in join_all(asked).await {
        let of = of_repository(&found, secrets);
        repositories.push(of.0);
        listed.extend(of.1);
    }
    ctx.lock(&ctx.of::<Listed>().0).insert(id, listed);
    Ok(CiSecrets { repositories })
}

fn of_repository(
    found: &FoundRepository,
    secrets: Result<Vec<Secret>, Trouble>,
) -> (CiSecretsOfRepository, Vec<ListedSecret>) {
    let FoundRepository {
        repository, view, ..
    } = found;
    let mut of = CiSecretsOfRepository {
        repository: view.clone(),
        secrets: Vec::new(),
        remark: None,
        trouble: None,
    };
    let secrets = match secrets {
        Ok(secrets) => secrets,
        Err(trouble) => {
            of.trouble = Some(messages::trouble(repository, trouble));
            return (of, Vec::new());
        }
    };
    let mut listed: Vec<ListedSecret> = secrets
        .into_iter()
        .map(|secret| {
            let mut named = view.named.iter();
            let named = named.find(|named| is_same(repository.service, &named.name, &secret.name));
            ListedSecret {
                of: found.clone(),
                view: CiSecret {
                    id: format!(
                        "{} {} {}",
                        view.id,
                        secret.name,
                        secret.scope.as_deref().unwrap_or("*")
                    ),
                    name: secret.name.clone(),
                    scope: secret.scope.clone(),
                    updated_at: secret.updated_at,
                    places: named.map(|named| named.places.clone()).unwrap_or_default(),
                    is_same_name: named.is_some_and(|named| named.is_same_name),
                },
                secret,
            }
        })
        .collect();
    listed.sort_by_cached_key(|listed| {
        let CiSecret {
            is_same_name,
            places,
            id,
            ..
        } = &listed.view;
        (!is_same_name, places.is_empty(), id.clone())
    });
    let is_own = |name: &str| {
        let mut own = listed.iter();
        own.any(|listed| is_same(repository.service, &listed.secret.name, name))
    };
    let missing = view.named.iter().filter(|named| named.is_same_name);
    let missing: Vec<&str> = missing
        .map(|named| named.name.as_str())
        .filter(|name| !is_own(name))
        .collect();
    of.remark = Some(messages::remark(repository.service, &missing));
    of.secrets = listed.iter().map(|listed| listed.view.clone()).collect();
    (of, listed)
}

/// Sets the secrets that the user ticked to the token, after the host's question.
///
/// # Errors
/// When the list is not on screen any more, the token is not in custody, something is being done with the key already, or
/// the journal can't be written before the first is set. Whatever comes later is a result.
pub(crate) async fn set_secrets(
    ctx: &Context,
    request: &SetCiSecretsRequest,
) -> Result<SetCiOutcome, UiError> {
    let (record, token) = custody::open_token(ctx, request.token).await?;
    let subject = record
        .key
        .clone()
        .map(|key| Subject::Key(record.account, key));
    let _lock = subject
        .map(|subject| operation_lock::lock_operation(ctx, subject))
        .transpose()?;
    let chosen = chosen(ctx, request)?;
    let told: Vec<ChosenSecret<'_>> = chosen
        .iter()
        .map(|listed| ChosenSecret {
            repository: &listed.of.repository,
            secret: &listed.view,
        })
        .collect();
    if ctx.host.ask(messages::question(&record, &told)).await != Reply::Yes {
        return Ok(SetCiOutcome::Cancelled);
    }
    // Before anything is sent: after a kill, the journal says which secrets may have the token.
    write_down(ctx, &record, &messages::journalled_begun(&told))
        .await
        .map_err(messages::not_begun)?;
    let tools = ctx.host.ci_tools();
    let mut results = Vec::new();
    let mut trouble: Option<UiError> = None;
    for (listed, told) in chosen.iter().zip(&told) {
        let outcome = match trouble {
            None => set(&tools, listed, &token).await,
            Some(_) => SetResult::NotBegun,
        };
        let result = messages::result(told, &outcome, listed.secret.is_masked);
        // One row for each, as soon as it is known: the next may take its time.
        let row = messages::journalled(std::slice::from_ref(&result));
        if trouble.is_none() {
            trouble = write_down(ctx, &record, &row).await.err();
        }
        results.push(result);
    }
    Ok(SetCiOutcome::Ended(CiSecretsSet {
        message: messages::ended(&results, trouble.as_ref()),
        results,
    }))
}

async fn write_down(ctx: &Context, record: &Record, outcome: &str) -> Result<(), UiError> {
    let entry = custody_entry(ctx, record, Action::SetSecret, outcome);
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(())
}

/// Takes the ticked secrets out of the list on screen: what is not ticked now is listed again another time.
fn chosen(ctx: &Context, request: &SetCiSecretsRequest) -> Result<Vec<ListedSecret>, UiError> {
    let shown = ctx
        .lock(&ctx.of::<Listed>().0)
        .remove(&request.token)
        .unwrap_or_default();
    let wanted: BTreeSet<&String> = request.secrets.iter().collect();
    let chosen: Vec<ListedSecret> = shown
        .into_iter()
        .filter(|listed| wanted.contains(&listed.view.id))
        .collect();
    if chosen.is_empty() || chosen.len() != wanted.len() {
        return Err(messages::not_newest());
    }
    Ok(chosen)
}

/// Looks once more, sets it, and looks whether it shows.
async fn set(tools: &Tools, listed: &ListedSecret, token: &SecretString) -> SetResult {
    let now = match current(tools, listed).await {
        Ok(Some(now)) => now,
        Ok(None) => return SetResult::Gone,
        Err(trouble) => return SetResult::NotAsked(trouble),
    };
    if now.updated_at != listed.secret.updated_at {
        return SetResult::ChangedSince;
    }
    let set = tools.set(&listed.of.repository, &now, token).await;
    let is_open = match set {
        Ok(()) => None,
        Err(trouble @ (Trouble::TimedOut | Trouble::Unreachable | Trouble::Failed)) => {
            Some(trouble)
        }
        Err(trouble) => return SetResult::NotSet(trouble),
    };
    // A newer time is proof. The same one is none: a service may tell whole seconds, or no time at all.
    let after = current(tools, listed).await;
    let newer = after.ok().flatten().and_then(|after| after.updated_at);
    match (newer.filter(|newer| Some(*newer) > now.updated_at), is_open) {
        (Some(at), _) => SetResult::Confirmed(at),
        (None, None) => SetResult::Set,
        (None, Some(trouble)) => SetResult::Unknown(trouble),
    }
}

/// The secret as the service tells of it now; none where it is gone.
async fn current(tools: &Tools, listed: &ListedSecret) -> Result<Option<Secret>, Trouble> {
    let secrets = tools.secrets(&listed.of.repository).await?;
    let Secret { name, scope, .. } = &listed.secret;
    let mut same = secrets.into_iter();
    Ok(same.find(|secret| secret.name == *name && secret.scope == *scope))
}
