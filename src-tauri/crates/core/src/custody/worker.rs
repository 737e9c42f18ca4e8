//! The custodian: a process of its own that sends a write, and puts the token that comes of it into the keychain.
//!
//! Between a token's arrival and the keychain's yes lie some milliseconds in which it exists in one memory only. The
//! app's process has a window, a web engine and a person who may end it; this one has nothing but that errand. So the
//! app may crash or be killed at any instant: the errand is carried to its end, and the next start finds the token
//! under the name of its intent.
//!
//! An errand arrives on standard input as two lines: what to do, and the credential. One line goes back: what came of
//! it; and a second one with the token, only when the keychain refused it. Then the custodian keeps the token too, until
//! a line says that it is not needed any more. When standard input ends without that line, the app is gone: the
//! custodian asks the keychain again until it takes the token, as long as the machine runs, and says so by a
//! notification. Nothing secret stands in arguments, environment or files.
//!
//! A lock (`custodian_lock`) tells others that the custodian of an intent is at work; under it the intent is looked up
//! once more, so that one that was settled meanwhile is not sent. Left out: deciding anything (`create`, `rotate`), and
//! the app's side (`custody::client`).

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use pulseapi::{
    ApiKey, BaseUrl, BearerToken, Client, Clock, Error as ApiError, IdempotencyKey, KeyId, NewKey,
    NewToken, Options,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::{LockedSecret, SecretName, Vault};

use crate::base::database::Database;
use crate::base::folders::Folders;
use crate::base::ids::{AccountId, CustodyId};
use crate::custody::{lock, token_name};
use crate::records::intents;
use crate::records::names::named_as;

/// The line by which the app says that its custodian need not keep the token any more.
pub(crate) const RELEASE: &str = "release";

/// Between the first two attempts to store a token that the keychain refused. Each further wait is twice as long.
const FIRST_RETRY: Duration = Duration::from_secs(10);

/// The longest wait between two attempts: each may ask the user to unlock the keychain.
const LONGEST_RETRY: Duration = Duration::from_secs(5 * 60);

/// Shows something to the user when there is no window: a native notification.
pub trait Notifier: Send + Sync {
    /// Shows a title and a sentence or two. Where it cannot be shown, nothing else happens.
    fn notify(&self, title: &str, text: &str);
}

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
    /// The key's name, for notifications.
    pub(crate) name: String,
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

/// Carries out the one errand that stands on standard input. The app's folders and keychain are those of the app that
/// sent it. Returns once the token is in the keychain, or the app has said that it is not needed any more.
///
/// The code says whether a report could be written; what came of the errand is in the report.
pub async fn serve(
    folders: &Folders,
    vault: &Vault,
    options: Options,
    notifier: &dyn Notifier,
) -> ExitCode {
    let input = io::BufReader::new(io::stdin());
    serve_over(input, io::stdout(), folders, vault, options, notifier).await
}

/// The same, for whoever reaches it over something else than its standard input and output.
pub async fn serve_over(
    mut input: impl io::BufRead + Send + 'static,
    output: impl io::Write,
    folders: &Folders,
    vault: &Vault,
    options: Options,
    notifier: &dyn Notifier,
) -> ExitCode {
    let (errand, credential) = match errand_of(&mut input) {
        Ok(errand) => errand,
        Err(error) => {
            tracing::error!("an errand could not be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let clock = Arc::clone(&options.clock);
    let claim = lock::claim(&folders.custodian_locks(), errand.intent);
    let (report, token) = match &claim {
        Ok(Some(_)) => carry_out(folders, vault, options, &errand, credential).await,
        Ok(None) => (
            Report::Failed(not_sent(&"another process is settling it")),
            None,
        ),
        Err(error) => (Report::Failed(not_sent(error)), None),
    };
    let told = tell(output, &report, token.as_ref());
    if let Some(token) = token
        && !is_released(input).await
    {
        let kept = Kept {
            name: token_name(errand.account, CustodyId(errand.intent)),
            key: named_as(&errand.name, ""),
            token: LockedSecret::new(&token),
        };
        drop(token);
        kept.store_in_the_end(vault, &*clock, notifier).await;
    }
    drop(claim);
    match told {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever sent it is gone; what came of it is in the keychain.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Waits for the app's word, or its end. Whether it was its word.
async fn is_released(mut input: impl io::BufRead + Send + 'static) -> bool {
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        input.read_line(&mut line).map(|_| line)
    });
    matches!(line.await, Ok(Ok(line)) if line.trim_end() == RELEASE)
}

/// A token that the keychain refused and nobody else has any more.
struct Kept {
    name: SecretName,
    /// The key, as a sentence names it.
    key: String,
    token: LockedSecret,
}

impl Kept {
    async fn store_in_the_end(&self, vault: &Vault, clock: &dyn Clock, notifier: &dyn Notifier) {
        let mut wait = FIRST_RETRY;
        let mut is_told = false;
        while let Err(error) = vault.store(&self.name, self.token.copy()).await {
            tracing::warn!("a fresh token is not in the keychain yet: {error}");
            if !is_told {
                is_told = true;
                notifier.notify(
                    "A fresh token is not in the keychain yet",
                    &format!(
                        "The keychain refuses the token of {}. Unlock the keychain: Pulse Keys tries again until this \
                         computer is turned off. Then the token would be lost.",
                        self.key
                    ),
                );
            }
            clock.sleep(wait).await;
            wait = (wait * 2).min(LONGEST_RETRY);
        }
        notifier.notify(
            "A fresh token is safe",
            &format!(
                "The keychain has the token of {}. Open Pulse Keys to copy it to where it is needed.",
                self.key
            ),
        );
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
