//! The app's side of a write that brings a token: handing it to the custodian, and hearing what came of it.
//!
//! Before anything is sent the keychain has to show that it stores (`keychain_stores`). Without a keychain there is
//! nothing that a custodian could put the token into, and where none can be started the app sends the write itself:
//! then a crash within some milliseconds costs the token and is told, and closing the window asks first. Left out: the
//! custodian's side (`custodian`), and what is written down (`create`, `rotate`).

use std::io::{self, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use pulseapi::{ApiKey, BearerToken, Client, Error as ApiError};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::credential;
use crate::custody::lock::{Claim, claim_within};
use crate::custody::worker::{Arrived, Errand, RELEASE, Report, Task};
use crate::custody::{self, InKeychain};
use crate::operation_lock::OnItsWay;
use crate::records::accounts::Account;

/// What a write brought.
pub(crate) struct Fresh {
    pub(crate) key: Option<ApiKey>,
    pub(crate) request_id: Option<String>,
    pub(crate) token: BearerToken,
    /// Whether the keychain has it already.
    pub(crate) is_kept: bool,
    /// The process that has it too, when the keychain refused it.
    pub(crate) keeper: Option<Keeper>,
}

impl Fresh {
    /// A token that the keychain has, found there.
    pub(crate) fn in_keychain(token: BearerToken) -> Self {
        Self {
            key: None,
            request_id: None,
            token,
            is_kept: true,
            keeper: None,
        }
    }
}

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

/// A custodian that keeps a token which the keychain refused. When this is dropped without a release, or this process
/// ends, it goes on to ask the keychain by itself.
pub(crate) struct Keeper {
    input: ChildStdin,
    child: Child,
}

impl Keeper {
    /// The token is safe elsewhere, or nobody needs it any more.
    pub(crate) fn release(self) {
        let Self {
            mut input,
            mut child,
        } = self;
        if let Err(error) = writeln!(input, "{RELEASE}") {
            tracing::debug!("the custodian was gone already: {error}");
        }
        drop(input);
        // It ends at once. Waited for, so that no dead process is left behind.
        std::thread::spawn(move || child.wait());
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
pub(crate) async fn run_errand(
    ctx: &Context,
    account: &Account,
    client: &Client,
    way: &OnItsWay<'_>,
    name: &str,
    task: Task,
) -> Result<Fresh, WriteError> {
    let intent = way.intent();
    ctx.host.request_sent();
    if let Some(fresh) = ask_custodian(ctx, account, client, intent, name, &task).await? {
        return Ok(fresh);
    }
    way.brings_token_here();
    let new = task.send(client, intent).await?;
    Ok(Fresh {
        key: new.key,
        request_id: new.request_id,
        token: new.token,
        is_kept: false,
        keeper: None,
    })
}

/// None where there is no custodian, so that nothing was sent.
async fn ask_custodian(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: Uuid,
    name: &str,
    task: &Task,
) -> Result<Option<Fresh>, WriteError> {
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
    let errand = Errand {
        base: client.base().clone(),
        account: account.id,
        intent,
        name: name.to_owned(),
        task: task.clone(),
    };
    let asked = tokio::task::spawn_blocking(move || ask(command, &errand, &credential)).await;
    match asked.unwrap_or_else(|stopped| Asked::BrokeOff(stopped.to_string())) {
        Asked::NotStarted(error) => {
            tracing::warn!("the custodian could not be started: {error}");
            Ok(None)
        }
        Asked::BrokeOff(reason) => Err(broke_off(&reason).into()),
        Asked::Reported(reported) => Ok(Some(fresh(ctx, account, intent, *reported).await?)),
    }
}

async fn fresh(
    ctx: &Context,
    account: &Account,
    intent: Uuid,
    reported: Reported,
) -> Result<Fresh, ApiError> {
    let Reported {
        report,
        token,
        keeper,
    } = reported;
    let (arrived, token, is_kept) = match report {
        Report::Failed(error) => return Err(error),
        Report::Kept(arrived) => {
            match custody::token_in_keychain(ctx, account.id, CustodyId(intent)).await {
                InKeychain::Yes(token) => (arrived, Some(token), true),
                InKeychain::No => return Err(broke_off("the keychain lost its token")),
                InKeychain::NotKnown(error) => return Err(broke_off(&error.message)),
            }
        }
        Report::Refused(arrived) => {
            let token = token.and_then(|token| BearerToken::parse(token.expose_secret()).ok());
            (arrived, token, false)
        }
    };
    let Arrived { key, request_id } = arrived;
    let token = token.ok_or_else(|| broke_off("its token is missing"))?;
    Ok(Fresh {
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

enum Asked {
    /// It did not get to read the errand: nothing was sent.
    NotStarted(io::Error),
    /// It had the errand and ended without a report.
    BrokeOff(String),
    Reported(Box<Reported>),
}

/// What came of an errand.
struct Reported {
    report: Report,
    /// The token, when the keychain refused it.
    token: Option<SecretString>,
    /// The custodian, which has it too.
    keeper: Option<Keeper>,
}

fn ask(mut command: Command, errand: &Errand, credential: &BearerToken) -> Asked {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return Asked::NotStarted(error),
    };
    let handed_over = child
        .stdin
        .take()
        .ok_or_else(|| io::Error::other("it takes no errand"))
        .and_then(|mut input| {
            let mut lines = serde_json::to_vec(errand)?;
            lines.push(b'\n');
            input.write_all(&lines)?;
            input.write_all(credential.secret().expose_secret().as_bytes())?;
            // The errand counts once this last byte is there.
            input.write_all(b"\n")?;
            Ok(input)
        });
    let input = match handed_over {
        Ok(input) => input,
        Err(error) => {
            // It may have ended by itself; killing what is gone fails, rightly.
            let _ = child.kill();
            let _ = child.wait();
            return Asked::NotStarted(error);
        }
    };
    let reported = child
        .stdout
        .take()
        .ok_or_else(|| io::Error::other("it reports nothing"))
        .and_then(|output| report_of(BufReader::new(output)));
    match reported {
        Ok((report, token)) => {
            let keeper = if matches!(report, Report::Refused(_)) {
                Some(Keeper { input, child })
            } else {
                drop(input);
                // Its report is what counts, not its exit code.
                let _ = child.wait();
                None
            };
            Asked::Reported(Box::new(Reported {
                report,
                token,
                keeper,
            }))
        }
        Err(error) => {
            drop(input);
            // It may still keep a token whose report did not arrive whole; then it must not be waited for.
            std::thread::spawn(move || child.wait());
            Asked::BrokeOff(error.to_string())
        }
    }
}

/// The report, and the token in the line after it when the keychain refused it.
fn report_of(mut output: impl io::BufRead) -> io::Result<(Report, Option<SecretString>)> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    let report = serde_json::from_str(&line)?;
    if !matches!(report, Report::Refused(_)) {
        return Ok((report, None));
    }
    let mut token = String::new();
    output.read_line(&mut token)?;
    // Without its end it may be cut off.
    let token = token
        .ends_with('\n')
        .then(|| SecretString::from(token.trim_end()));
    Ok((report, token))
}

fn broke_off(reason: &str) -> ApiError {
    ApiError::ConnectionLost {
        detail: format!("the custodian broke off ({reason})"),
    }
}
