//! The app's side of a write that brings a token: handing it to the custodian, and hearing what came of it.
//!
//! Without a keychain there is nothing that a custodian could put the token into, and where none can be started the
//! app does the errand itself: then a crash within some milliseconds costs the token, and is told. Left out: the
//! custodian's side (`custodian`), and what is written down (`create`, `rotate`).

use std::fs::File;
use std::io::{self, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;

use pulseapi::{ApiKey, BearerToken, Client, Error as ApiError};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;
use vault::VaultError;

use crate::accounts::Account;
use crate::app::PulseKeys;
use crate::custodian::{self, Arrived, Errand, Report, Task};
use crate::view::{CustodyId, ErrorCode, UiError};

/// What a write brought.
pub(crate) struct Fresh {
    pub(crate) key: Option<ApiKey>,
    pub(crate) request_id: Option<String>,
    pub(crate) token: BearerToken,
    /// Whether the keychain has it already.
    pub(crate) is_kept: bool,
}

impl PulseKeys {
    /// Whether the end of this process would cost a token that is on its way here.
    pub(crate) fn does_its_own_errands(&self) -> bool {
        self.vault().is_session_only() || self.host.custodian().is_none()
    }

    /// Sends a write once, and brings back the token that came of it.
    ///
    /// # Errors
    /// What the service reports. Where the custodian broke off, it is not known whether the service acted; the
    /// keychain may have the token all the same.
    pub(crate) async fn run_errand(
        &self,
        account: &Account,
        client: &Client,
        intent: Uuid,
        task: Task,
    ) -> Result<Fresh, ApiError> {
        if let Some(report) = self.ask_custodian(account, client, intent, &task).await {
            return report;
        }
        let new = task.send(client, intent).await?;
        Ok(Fresh {
            key: new.key,
            request_id: new.request_id,
            token: new.token,
            is_kept: false,
        })
    }

    /// Nothing where there is no custodian, so that nothing was sent.
    async fn ask_custodian(
        &self,
        account: &Account,
        client: &Client,
        intent: Uuid,
        task: &Task,
    ) -> Option<Result<Fresh, ApiError>> {
        if self.vault().is_session_only() {
            return None;
        }
        let command = self.host.custodian()?;
        let credential = self.credential(account.id).await.ok()?;
        let errand = Errand {
            base: client.base().clone(),
            account: account.id,
            intent,
            task: task.clone(),
        };
        let asked = tokio::task::spawn_blocking(move || ask(command, &errand, &credential)).await;
        let report = match asked.unwrap_or_else(|stopped| Asked::BrokeOff(stopped.to_string())) {
            Asked::NotStarted(error) => {
                tracing::warn!("the custodian could not be started: {error}");
                return None;
            }
            Asked::BrokeOff(reason) => return Some(Err(broke_off(&reason))),
            Asked::Reported(report, token) => (*report, token),
        };
        Some(self.fresh(account, intent, report).await)
    }

    async fn fresh(
        &self,
        account: &Account,
        intent: Uuid,
        (report, token): (Report, Option<SecretString>),
    ) -> Result<Fresh, ApiError> {
        let (arrived, token, is_kept) = match report {
            Report::Failed(error) => return Err(error),
            Report::Kept(arrived) => {
                let found = self.token_in_keychain(account.id, CustodyId(intent)).await;
                (arrived, found.map_err(|error| unreadable(&error))?, true)
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
        })
    }

    /// Waits until no custodian is at work, one of an earlier run included, and keeps them from beginning as long as
    /// the answer is held. Who holds it already within this process shares it.
    ///
    /// # Errors
    /// When the lock's file cannot be opened.
    pub(crate) async fn custodian_rests(&self) -> Result<Arc<File>, UiError> {
        let mut shared = self.resting.lock().await;
        if let Some(file) = shared.upgrade() {
            return Ok(file);
        }
        let path = self.custodian_lock.clone();
        let locked = tokio::task::spawn_blocking(move || custodian::rest(&path)).await;
        let file = locked
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
            .map_err(|error| {
                UiError::new(
                    ErrorCode::Other,
                    format!("The app's data folder cannot be used: {error}."),
                    "Check that the disk has space and the folder may be written, then try again.",
                )
            })?;
        let file = Arc::new(file);
        *shared = Arc::downgrade(&file);
        Ok(file)
    }
}

enum Asked {
    /// It did not get to read the errand: nothing was sent.
    NotStarted(io::Error),
    /// It had the errand and ended without a report.
    BrokeOff(String),
    /// What came of it, and the token that the keychain refused.
    Reported(Box<Report>, Option<SecretString>),
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
            input.write_all(b"\n")
        });
    if let Err(error) = handed_over {
        // It may have ended by itself; killing what is gone fails, rightly.
        let _ = child.kill();
        let _ = child.wait();
        return Asked::NotStarted(error);
    }
    let reported = child
        .stdout
        .take()
        .ok_or_else(|| io::Error::other("it reports nothing"))
        .and_then(|output| report_of(BufReader::new(output)));
    // Its report is what counts, not its exit code.
    let _ = child.wait();
    match reported {
        Ok((report, token)) => Asked::Reported(Box::new(report), token),
        Err(error) => Asked::BrokeOff(error.to_string()),
    }
}

fn report_of(mut output: impl io::BufRead) -> io::Result<(Report, Option<SecretString>)> {
    let mut report = String::new();
    output.read_line(&mut report)?;
    let report = serde_json::from_str(&report)?;
    let mut token = String::new();
    output.read_line(&mut token)?;
    let token = (!token.is_empty()).then(|| SecretString::from(token));
    Ok((report, token))
}

fn broke_off(reason: &str) -> ApiError {
    ApiError::ConnectionLost {
        detail: format!("the custodian broke off ({reason})"),
    }
}

fn unreadable(error: &VaultError) -> ApiError {
    broke_off(&error.to_string())
}
