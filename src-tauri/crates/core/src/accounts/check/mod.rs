//! The connection report: what each call that changes nothing answers at an account's server, to send to whoever can
//! help.
//!
//! The text holds no token, no name, no id, no text of the server's and no address but the server's host. It is copied
//! and written here, so that the page never sends back what it was shown. Left out: the calls (`pulseapi::Check`).

mod messages;
pub(crate) mod wire;

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use pulseapi::{ApiKey, BaseUrl, BearerToken, Client, Clock, Options, RetryPolicy};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::NamedTempFile;
use vault::Vault;

use crate::accounts::check::wire::{CheckRequest, ConnectionReport, ReportSaved};
use crate::base::contract_file;
use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::while_connecting;
use crate::base::folders::Folders;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::credential::secret_name;
use crate::host::SavePlace;
use crate::records::accounts::{self, Account, AccountKind, Accounts};
use crate::records::own_calls;
use crate::session;

/// The report that is on screen, for copying and saving it.
#[derive(Debug, Default)]
pub(crate) struct LastReport(Mutex<Option<String>>);

/// Looks at the server of an account, or at an address with a credential as typed, call by call. Nothing is stored, and
/// nothing changes at the service but when the key was last used.
///
/// # Errors
/// When what was typed cannot be used, the keychain does not give the account's credential, or the description of the
/// server is refused. Whatever the server does is in the report.
pub(crate) async fn check_connection(
    ctx: &Context,
    request: &CheckRequest,
) -> Result<ConnectionReport, UiError> {
    let client = match request {
        CheckRequest::Account { account } => session::signed_in(ctx, *account).await?.1,
        CheckRequest::Typed {
            base_url,
            credential,
        } => typed(ctx, base_url, credential)?,
    };
    let account = match request {
        CheckRequest::Account { account } => Some(*account),
        CheckRequest::Typed { .. } => None,
    };
    let before = own_key(ctx, account, &client).await;
    let check = client.check().await;
    note_own_call(ctx, account, &client, before).await;
    let report = messages::report(&check, ctx.now(), ctx.version);
    *ctx.lock(&ctx.of::<LastReport>().0) = Some(report.text.clone());
    Ok(report)
}

fn typed(ctx: &Context, base_url: &str, credential: &SecretString) -> Result<Client, UiError> {
    let base = BaseUrl::parse(base_url)
        .map_err(|error| UiError::new(ErrorCode::Address, error.to_string(), ""))?;
    let token = BearerToken::parse(credential.expose_secret())
        .map_err(|error| UiError::new(ErrorCode::Credential, error.to_string(), ""))?;
    let options = session::options(ctx, AccountKind::Pulseapi);
    Client::new(base, token, options).map_err(|error| while_connecting(&error))
}

/// The account's own key, to tell the use that a look is from others. None where it can't be had now: then the use
/// counts as anybody's.
async fn own_key(ctx: &Context, account: Option<AccountId>, client: &Client) -> Option<ApiKey> {
    let account = accounts::find(ctx, account?).ok()?;
    let last_eight = account.own_key.last_eight()?;
    let id = account.own_key.record_of(last_eight)?;
    let key = client.with_retry(RetryPolicy::none()).key(&id).await.ok()?;
    account.own_key.is(&key).then_some(key)
}

async fn note_own_call(
    ctx: &Context,
    account: Option<AccountId>,
    client: &Client,
    before: Option<ApiKey>,
) {
    if let (Some(id), Some(before)) = (account, before)
        && let Some(after) = own_key(ctx, account, client).await
        && let Err(error) = own_calls::note(ctx, id, &before, &after).await
    {
        tracing::warn!("a use of a key is not known as the app's own: {error}");
    }
}

/// Copies the report that is on screen.
///
/// # Errors
/// When there is none, or the clipboard fails.
pub(crate) async fn copy_connection_report(ctx: &Context) -> Result<(), UiError> {
    let text = SecretString::from(last(ctx)?);
    ctx.host
        .copy(text, false)
        .await
        .map_err(|error| error.told("Save it to a file."))
}

/// Writes the report that is on screen to a file that the user chooses.
///
/// # Errors
/// When there is none, or the file cannot be written; then there is no new file.
pub(crate) async fn save_connection_report(ctx: &Context) -> Result<ReportSaved, UiError> {
    let text = last(ctx)?;
    let day = ctx.now().strftime("%Y-%m-%d");
    let place = SavePlace {
        title: "Save report".to_owned(),
        file_name: format!("pulse-keys-connection-{day}.txt"),
        extension: "txt".to_owned(),
        kind: "Text".to_owned(),
    };
    let Some(path) = ctx.host.choose_file_to_save(place).await else {
        return Ok(ReportSaved::Cancelled);
    };
    let written = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || write(&path, &text)).await
    };
    match written.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
        Ok(()) => Ok(ReportSaved::Saved {
            path: path.display().to_string(),
        }),
        Err(error) => Err(UiError::new(
            ErrorCode::Other,
            format!("{} could not be written: {error}.", path.display()),
            "Choose another place.",
        )),
    }
}

/// It appears whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn last(ctx: &Context) -> Result<String, UiError> {
    let report = ctx.lock(&ctx.of::<LastReport>().0).clone();
    report.ok_or_else(|| UiError::new(ErrorCode::Other, "There is no report yet.", "Check again."))
}

/// What a look from the command line came to.
#[derive(Debug)]
pub enum Checked {
    /// There is a report.
    Report {
        /// Its text.
        text: String,
        /// Whether everything was as it should be.
        is_well: bool,
    },
    /// There is none, for this reason.
    Trouble(String),
    /// No account is called that.
    NoSuchAccount,
}

/// The same for an account by its name or id, without the app: its files are read and none is written. Asked for on the
/// command line.
pub async fn check_account(
    folders: &Folders,
    vault: &Vault,
    options: Options,
    version: &str,
    account: &str,
) -> Checked {
    let account = match Accounts::glance(&folders.accounts_file()) {
        Ok(accounts) => match accounts.named(account).cloned() {
            Some(account) => account,
            None => return Checked::NoSuchAccount,
        },
        Err(error) => {
            return Checked::Trouble(format!("The list of accounts can't be read: {error}."));
        }
    };
    match client_of(folders, vault, options, &account).await {
        Ok((client, clock)) => {
            let check = client.check().await;
            let report = messages::report(&check, clock.now(), version);
            Checked::Report {
                text: report.text,
                is_well: report.is_well,
            }
        }
        Err(reason) => Checked::Trouble(reason),
    }
}

async fn client_of(
    folders: &Folders,
    vault: &Vault,
    options: Options,
    account: &Account,
) -> Result<(Client, Arc<dyn Clock>), String> {
    if account.kind == AccountKind::Sandbox {
        return Err(messages::SANDBOX_ELSEWHERE.to_owned());
    }
    let secret = vault.load(&secret_name(account.id)).await;
    let secret = secret.map_err(|error| error.to_string())?;
    let token = BearerToken::parse(secret.expose_secret()).map_err(|error| error.to_string())?;
    let clock = Arc::clone(&options.clock);
    let options = contract_file::applied(&folders.contract_file(), options);
    let client =
        Client::new(account.base_url.clone(), token, options).map_err(|error| error.to_string())?;
    Ok((client, clock))
}
