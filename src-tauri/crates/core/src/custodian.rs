//! The custodian: a process of its own that sends a write, and puts the token that comes of it into the keychain.
//!
//! Between a token's arrival and the keychain's yes lie some milliseconds in which it exists in one memory only. The
//! app's process has a window, a web engine and a person who may end it; this one has nothing but that errand. So the
//! app may crash or be killed at any instant: the errand is carried to its end, and the next start finds the token
//! under the name of its intent.
//!
//! An errand arrives on standard input as two lines: what to do, and the credential. One line goes back: what came of
//! it; and a second one with the token, only when the keychain refused it. Nothing secret stands in arguments,
//! environment or files. A lock on a file tells others that the custodian is at work; under it the intent is looked
//! up once more, so that one that was settled meanwhile is not sent. Left out: deciding anything (`create`,
//! `rotate`), and the app's side (`errand`).

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use pulseapi::{
    ApiKey, BaseUrl, BearerToken, Client, Error as ApiError, IdempotencyKey, KeyId, NewKey,
    NewToken, Options,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::Vault;

use crate::custody::token_name;
use crate::database::Database;
use crate::folders::Folders;
use crate::intents;
use crate::view::{AccountId, CustodyId};

/// A write that brings a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// `POST /api-keys`.
    Create(NewKey),
    /// `POST /api-keys/{id}/rotate`.
    Rotate(KeyId),
}

impl Task {
    /// Sends it, once.
    pub(crate) async fn send(&self, client: &Client, intent: Uuid) -> Result<NewToken, ApiError> {
        let idempotency = IdempotencyKey::from(intent);
        match self {
            Self::Create(new) => client.create_key(new, idempotency).await,
            Self::Rotate(id) => client.rotate_key(id, idempotency).await,
        }
    }
}

/// What the custodian is to do; the credential comes beside it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Errand {
    pub(crate) base: BaseUrl,
    pub(crate) account: AccountId,
    pub(crate) intent: Uuid,
    pub(crate) task: Task,
}

/// What came of an errand.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Report {
    /// A token came, and is in the keychain.
    Kept(Arrived),
    /// A token came, and the keychain refused it: it is in the second line.
    Refused(Arrived),
    /// No token came.
    Failed(ApiError),
}

/// What arrived beside the token.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub(crate) key: Option<ApiKey>,
    pub(crate) request_id: Option<String>,
}

/// Waits until no custodian is at work, and keeps them from beginning for as long as the file is open.
pub(crate) fn rest(lock: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock)?;
    file.lock()?;
    Ok(file)
}

/// Carries out the one errand that stands on standard input. The app's folders and keychain are those of the app that
/// sent it.
///
/// The code says whether a report could be written; what came of the errand is in the report.
pub async fn serve(folders: &Folders, vault: &Vault, options: Options) -> ExitCode {
    let (input, output) = (io::stdin(), io::stdout());
    serve_over(input.lock(), output.lock(), folders, vault, options).await
}

/// The same, for whoever reaches it over something else than its standard input and output.
pub async fn serve_over(
    input: impl io::BufRead,
    output: impl io::Write,
    folders: &Folders,
    vault: &Vault,
    options: Options,
) -> ExitCode {
    match errand_of(input) {
        Ok((errand, credential)) => {
            let (report, token) = carry_out(folders, vault, options, &errand, credential).await;
            match tell(output, &report, token.as_ref()) {
                Ok(()) => ExitCode::SUCCESS,
                // Whoever sent it is gone; what came of it is in the keychain.
                Err(_) => ExitCode::FAILURE,
            }
        }
        Err(error) => {
            tracing::error!("an errand could not be read: {error}");
            ExitCode::FAILURE
        }
    }
}

fn errand_of(mut input: impl io::BufRead) -> io::Result<(Errand, BearerToken)> {
    let mut errand = String::new();
    input.read_line(&mut errand)?;
    let mut credential = String::new();
    input.read_line(&mut credential)?;
    let credential = SecretString::from(credential);
    let errand = serde_json::from_str(&errand)?;
    let token = BearerToken::parse(credential.expose_secret()).map_err(io::Error::other)?;
    Ok((errand, token))
}

fn tell(mut out: impl io::Write, report: &Report, token: Option<&SecretString>) -> io::Result<()> {
    serde_json::to_writer(&mut out, report)?;
    out.write_all(b"\n")?;
    if let Some(token) = token {
        out.write_all(token.expose_secret().as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

async fn carry_out(
    folders: &Folders,
    vault: &Vault,
    options: Options,
    errand: &Errand,
    credential: BearerToken,
) -> (Report, Option<SecretString>) {
    let failed = |error| (Report::Failed(error), None);
    let _lock = match rest(&folders.custodian_lock()) {
        Ok(lock) => lock,
        Err(error) => return failed(not_sent(&error)),
    };
    let is_open = match Database::open_sound(&folders.database_file()) {
        Ok(database) => intents::open(&database)
            .await
            .map(|open| open.iter().any(|open| open.id() == errand.intent)),
        Err(error) => Err(error),
    };
    match is_open {
        Ok(true) => {}
        Ok(false) => return failed(not_sent(&"it was settled meanwhile")),
        Err(error) => return failed(not_sent(&error)),
    }
    let client = match Client::new(errand.base.clone(), credential, options) {
        Ok(client) => client,
        Err(error) => return failed(error),
    };
    let new = match errand.task.send(&client, errand.intent).await {
        Ok(new) => new,
        Err(error) => return failed(error),
    };
    let name = token_name(errand.account, CustodyId(errand.intent));
    let secret = new.token.secret().clone();
    let arrived = Arrived {
        key: new.key,
        request_id: new.request_id,
    };
    match vault.store(&name, secret.clone()).await {
        Ok(()) => (Report::Kept(arrived), None),
        Err(error) => {
            tracing::warn!("{error}");
            (Report::Refused(arrived), Some(secret))
        }
    }
}

/// Nothing left this machine, for a reason of this machine.
fn not_sent(reason: &dyn std::fmt::Display) -> ApiError {
    ApiError::Offline {
        detail: reason.to_string(),
    }
}
