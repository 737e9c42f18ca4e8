//! The app's side of a write that brings a token: handing it to the custodian, and hearing what came of it.
//!
//! Before anything is sent the keychain has to show that it stores (`keychain_stores`). Without a keychain there is
//! nothing that a custodian could put the token into, and where none can be started the app sends the write itself:
//! then a crash within some milliseconds costs the token and is told, and closing the window asks first. Left out: the
//! custodian's side (`custodian`), and what is written down (`create`, `rotate`).

use std::io::{self, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use pulseapi::{BearerToken, Client, Error as ApiError};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::credential;
use crate::custody::issued::{IssuedToken, Keeper};
use crate::custody::keychain::{InKeychain, token_in_keychain};
use crate::custody::lock::{Claim, claim_within};
use crate::custody::protocol::{self, Arrived, Request, Task, WorkerReply, Write};
use crate::operation_lock::InFlightRequest;
use crate::records::accounts::Account;

/// Why a write brought no token.
pub(crate) enum WriteError {
    /// Nothing left this machine, for a reason of this machine.
    NotSent(UiError),
    /// What the service or the connection reports.
    Service(ApiError),
}

impl From<ApiError> for WriteError {
    fn from(error: ApiError) -> Self {
        Self::Service(error)
    }
}

/// Has the keychain show that it can store a secret now, unless this session goes without one. It may ask the user
/// to unlock it.
///
/// # Errors
/// When it cannot; says that nothing was sent.
pub(crate) async fn keychain_stores(ctx: &Context) -> Result<(), UiError> {
    ctx.vault().prove_store().await.map_err(|error| {
        let mut told = UiError::from(error);
        told.code = ErrorCode::Keychain;
        told.message = format!(
            "{} A fresh token could not be kept, so nothing was sent.",
            told.message
        );
        told
    })
}

/// Sends a write once, and brings back the token that came of it.
///
/// # Errors
/// [`WriteError`]. Where the custodian broke off, it is not known whether the service acted; the keychain may have
/// the token all the same.
pub(crate) async fn send_through_custodian(
    ctx: &Context,
    account: &Account,
    client: &Client,
    in_flight: &InFlightRequest<'_>,
    name: &str,
    write: Write,
) -> Result<IssuedToken, WriteError> {
    let intent = in_flight.intent();
    ctx.host.request_sent();
    if let Some(fresh) = ask_custodian(ctx, account, client, intent, name, &write).await? {
        return Ok(fresh);
    }
    in_flight.brings_token_here();
    let new = write.send(client, intent).await?;
    Ok(IssuedToken {
        key: new.key,
        request_id: new.request_id,
        token: new.token,
        is_kept: false,
        keeper: None,
    })
}

/// Has a custodian put a token into the keychain that the user has pasted: the app may be killed meanwhile. Whatever comes
/// of it, the token is here too.
pub(crate) async fn keep_through_custodian(
    ctx: &Context,
    account: &Account,
    in_flight: &InFlightRequest<'_>,
    name: &str,
    token: BearerToken,
) -> IssuedToken {
    in_flight.brings_token_here();
    let mut issued = IssuedToken {
        key: None,
        request_id: None,
        token,
        is_kept: false,
        keeper: None,
    };
    let custodian = ctx.host.custodian();
    let Some(command) = custodian.filter(|_| !ctx.vault().is_session_only()) else {
        return issued;
    };
    let request = Request {
        base: account.base_url.clone(),
        contract: ctx.options.contract.clone(),
        account: account.id,
        intent: in_flight.intent(),
        name: name.to_owned(),
        task: Task::Keep,
    };
    let token = issued.token.clone();
    let handed_over = tokio::task::spawn_blocking(move || ask(command, &request, &token)).await;
    match handed_over {
        Ok(Handover::Replied(replied)) => {
            issued.is_kept = matches!(replied.reply, WorkerReply::Kept(_));
            issued.keeper = replied.keeper;
        }
        Ok(Handover::NotStarted(error)) => {
            tracing::warn!("the custodian could not be started: {error}");
        }
        Ok(Handover::BrokeOff(reason)) => tracing::warn!("the custodian broke off: {reason}"),
        Err(stopped) => tracing::warn!("{stopped}"),
    }
    issued
}

/// None where there is no custodian, so that nothing was sent.
async fn ask_custodian(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: Uuid,
    name: &str,
    write: &Write,
) -> Result<Option<IssuedToken>, WriteError> {
    if ctx.vault().is_session_only() {
        return Ok(None);
    }
    let Some(command) = ctx.host.custodian() else {
        return Ok(None);
    };
    let credential = credential::load(ctx, account.id).await;
    let credential = credential.map_err(|mut error| {
        error.message.push_str(" Nothing was sent.");
        WriteError::NotSent(error)
    })?;
    let request = Request {
        base: client.base().clone(),
        contract: client.contract().clone(),
        account: account.id,
        intent,
        name: name.to_owned(),
        task: Task::Send(write.clone()),
    };
    let handed_over =
        tokio::task::spawn_blocking(move || ask(command, &request, &credential)).await;
    match handed_over.unwrap_or_else(|stopped| Handover::BrokeOff(stopped.to_string())) {
        Handover::NotStarted(error) => {
            tracing::warn!("the custodian could not be started: {error}");
            Ok(None)
        }
        Handover::BrokeOff(reason) => Err(broke_off(&reason).into()),
        Handover::Replied(reported) => Ok(Some(fresh(ctx, account, intent, *reported).await?)),
    }
}

async fn fresh(
    ctx: &Context,
    account: &Account,
    intent: Uuid,
    reported: Replied,
) -> Result<IssuedToken, ApiError> {
    let Replied {
        reply,
        token,
        keeper,
    } = reported;
    let (arrived, token, is_kept) = match reply {
        WorkerReply::Failed(error) => return Err(error),
        WorkerReply::Kept(arrived) => {
            match token_in_keychain(ctx, account.id, CustodyId(intent)).await {
                InKeychain::Yes(token) => (arrived, Some(token), true),
                InKeychain::No => return Err(broke_off("the keychain lost its token")),
                InKeychain::NotKnown(error) => return Err(broke_off(&error.message)),
            }
        }
        WorkerReply::Refused(arrived) => {
            let token = token.and_then(|token| BearerToken::parse(token.expose_secret()).ok());
            (arrived, token, false)
        }
    };
    let Arrived { key, request_id } = arrived;
    let token = token.ok_or_else(|| broke_off("its token is missing"))?;
    Ok(IssuedToken {
        key,
        request_id,
        token,
        is_kept,
        keeper,
    })
}

/// Keeps custodians from an intent for as long as the answer is held. None when one is at work on it and is not
/// done within `timeout` (real time).
///
/// # Errors
/// When the lock's file cannot be opened.
pub(crate) async fn claim_intent(
    ctx: &Context,
    intent: Uuid,
    timeout: Duration,
) -> Result<Option<Claim>, UiError> {
    let folder = ctx.folders.custodian_locks();
    let claimed = tokio::task::spawn_blocking(move || claim_within(&folder, intent, timeout)).await;
    claimed
        .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
        .map_err(|error| {
            UiError::new(
                ErrorCode::Other,
                format!("The app's data folder cannot be used: {error}."),
                "Check that the disk has space and the folder may be written, then try again.",
            )
        })
}

enum Handover {
    /// It did not get to read the request: nothing was sent.
    NotStarted(io::Error),
    /// It had the request and ended without a reply.
    BrokeOff(String),
    Replied(Box<Replied>),
}

/// What came of an request.
struct Replied {
    reply: WorkerReply,
    /// The token, when the keychain refused it.
    token: Option<SecretString>,
    /// The custodian, which has it too.
    keeper: Option<Keeper>,
}

fn ask(mut command: Command, request: &Request, secret: &BearerToken) -> Handover {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return Handover::NotStarted(error),
    };
    let handed_over = child
        .stdin
        .take()
        .ok_or_else(|| io::Error::other("it takes no request"))
        .and_then(|mut input| {
            protocol::write_request(&mut input, request, secret)?;
            Ok(input)
        });
    let input = match handed_over {
        Ok(input) => input,
        Err(error) => {
            // It may have ended by itself; killing what is gone fails, rightly.
            let _ = child.kill();
            let _ = child.wait();
            return Handover::NotStarted(error);
        }
    };
    let reported = child
        .stdout
        .take()
        .ok_or_else(|| io::Error::other("it reports nothing"))
        .and_then(|output| protocol::read_reply(BufReader::new(output)));
    match reported {
        Ok((reply, token)) => {
            let keeper = if matches!(reply, WorkerReply::Refused(_)) {
                Some(Keeper { input, child })
            } else {
                drop(input);
                // Its reply is what counts, not its exit code.
                let _ = child.wait();
                None
            };
            Handover::Replied(Box::new(Replied {
                reply,
                token,
                keeper,
            }))
        }
        Err(error) => {
            drop(input);
            // It may still keep a token whose reply did not arrive whole; then it must not be waited for.
            std::thread::spawn(move || child.wait());
            Handover::BrokeOff(error.to_string())
        }
    }
}

fn broke_off(reason: &str) -> ApiError {
    ApiError::ConnectionLost {
        detail: format!("the custodian broke off ({reason})"),
    }
}
