//! The custodian: a process of its own that sends a write, and puts the token that comes of it into the keychain; or
//! one that the user has pasted, where the service has no endpoints for keys.
//!
//! Between a token's arrival and the keychain's yes lie some milliseconds in which it exists in one memory only. The
//! app's process has a window, a web engine and a user who may end it; this one has nothing but that request. So the
//! app may crash or be killed at any instant: the request is carried to its end, and the next start finds the token
//! under the name of its intent.
//!
//! How they speak is in `protocol`. When the app is gone while the custodian holds a token, the
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

use pulseapi::{BearerToken, Client, Clock, Error as ApiError, NewToken, Options};
use secrecy::SecretString;
use vault::{LockedSecret, SecretName, Vault};

use crate::base::database::Database;
use crate::base::folders::Folders;
use crate::base::ids::CustodyId;
use crate::custody::keychain::token_name;
use crate::custody::protocol::{Arrived, Request, Task, WorkerReply};
use crate::custody::{lock, protocol};
use crate::records::intents;
use crate::records::names::named_as;

/// Between the first two attempts to store a token that the keychain refused. Each further wait is twice as long.
const FIRST_RETRY_INTERVAL: Duration = Duration::from_secs(10);

/// The longest wait between two attempts: each may ask the user to unlock the keychain.
const MAX_RETRY_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Shows something to the user when there is no window: a native notification.
pub trait Notifier: Send + Sync {
    /// Shows a title and a sentence or two. Where it cannot be shown, nothing else happens.
    fn notify(&self, title: &str, text: &str);
}

/// Carries out the one request that stands on standard input. The app's folders and keychain are those of the app that
/// sent it. Returns once the token is in the keychain, or the app has said that it is not needed any more.
///
/// The code says whether a report could be written; what came of the request is in the report.
pub async fn serve(
    folders: &Folders,
    vault: &Vault,
    options: Options,
    notifier: &dyn Notifier,
) -> ExitCode {
    let input = io::BufReader::new(io::stdin());
    serve_over(input, io::stdout(), folders, vault, options, notifier).await
}

/// The same, for a caller that reaches it over something else than its standard input and output.
pub async fn serve_over(
    mut input: impl io::BufRead + Send + 'static,
    output: impl io::Write,
    folders: &Folders,
    vault: &Vault,
    options: Options,
    notifier: &dyn Notifier,
) -> ExitCode {
    let (request, secret) = match protocol::read_request(&mut input) {
        Ok(request) => request,
        Err(error) => {
            tracing::error!("a request could not be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let clock = Arc::clone(&options.clock);
    let claim = lock::claim(&folders.custodian_locks(), request.intent);
    let (reply, token) = match &claim {
        Ok(Some(_)) => carry_out(folders, vault, options, &request, secret).await,
        Ok(None) => (
            WorkerReply::Failed(not_sent(&"another process is settling it")),
            None,
        ),
        Err(error) => (WorkerReply::Failed(not_sent(error)), None),
    };
    let told = protocol::write_reply(output, &reply, token.as_ref());
    if let Some(token) = token
        && !tokio::task::spawn_blocking(move || protocol::is_released(input))
            .await
            .unwrap_or(false)
    {
        let kept = Kept {
            name: token_name(request.account, CustodyId(request.intent)),
            key: named_as(&request.name, ""),
            token: LockedSecret::new(&token),
        };
        drop(token);
        kept.store_in_the_end(vault, &*clock, notifier).await;
    }
    drop(claim);
    match told {
        Ok(()) => ExitCode::SUCCESS,
        // The sender is gone; what came of it is in the keychain.
        Err(_) => ExitCode::FAILURE,
    }
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
        let mut wait = FIRST_RETRY_INTERVAL;
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
            wait = (wait * 2).min(MAX_RETRY_INTERVAL);
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

async fn carry_out(
    folders: &Folders,
    vault: &Vault,
    options: Options,
    request: &Request,
    secret: BearerToken,
) -> (WorkerReply, Option<SecretString>) {
    let failed = |error| (WorkerReply::Failed(error), None);
    let is_open = match Database::open_sound(&folders.database_file()) {
        Ok(database) => intents::open(&database)
            .await
            .map(|open| open.iter().any(|open| open.id() == request.intent)),
        Err(error) => Err(error),
    };
    match is_open {
        Ok(true) => {}
        Ok(false) => return failed(not_sent(&"it was settled meanwhile")),
        Err(error) => return failed(not_sent(&error)),
    }
    let new = match &request.task {
        Task::Keep => NewToken {
            key: None,
            token: secret,
            request_id: None,
        },
        Task::Send(write) => {
            let options = Options {
                contract: request.contract.clone(),
                ..options
            };
            let client = match Client::new(request.base.clone(), secret, options) {
                Ok(client) => client,
                Err(error) => return failed(error),
            };
            match write.send(&client, request.intent).await {
                Ok(new) => new,
                Err(error) => return failed(error),
            }
        }
    };
    let name = token_name(request.account, CustodyId(request.intent));
    let secret = new.token.secret().clone();
    let arrived = Arrived {
        key: new.key,
        request_id: new.request_id,
    };
    match vault.store(&name, secret.clone()).await {
        Ok(()) => (WorkerReply::Kept(arrived), None),
        Err(error) => {
            tracing::warn!("{error}");
            (WorkerReply::Refused(arrived), Some(secret))
        }
    }
}

/// Nothing left this machine, for a reason of this machine.
fn not_sent(reason: &dyn std::fmt::Display) -> ApiError {
    ApiError::Offline {
        detail: reason.to_string(),
    }
}
