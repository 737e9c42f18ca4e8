//! The app without its window in a process of its own, to be killed at any instant; see `support::custody`.
//!
//! `custody-probe FOLDER [--custodian]`: with the option it is the custodian of the one without. Otherwise one order per line on standard input. Answers are lines of JSON. The user says yes
//! to everything. Secrets never are arguments; the one that is shown here is what a user would have copied.

use std::io::{BufRead as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use pulse_keys_core::folders::Folders;
use pulse_keys_core::host::{
    ClipboardError, Host, OpenPlace, Question, Reply, SandboxError, SandboxKind, SavePlace,
    ShowError, Showing,
};
use pulse_keys_core::view::{
    AccountId, BeginSwapRequest, ConnectRequest, CreateOutcome, CreateRequest, ErrorCode,
    PutInPlaceRequest, ReplaceRequest, RotateOutcome, RotateReason, RotateRequest, SearchTier,
    SwapBegun, TokenInCustody, TokenRequest, UiError, UsageRequest,
};
use pulse_keys_core::{PulseKeys, custodian};
use pulseapi::{BaseUrl, Clock, KeyId, Options};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use vault::Vault;

/// The longest that is waited for anything: a second look at the service must not make 1,000 runs long.
const MAX_SLEEP: Duration = Duration::from_millis(150);

const CUSTODIAN: &str = "--custodian";

#[derive(Debug)]
struct Hasty;

impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time.min(MAX_SLEEP)))
    }
}

/// A user who says yes.
struct Willing {
    folder: String,
}

#[async_trait]
impl Host for Willing {
    async fn ask(&self, _: Question) -> Reply {
        Reply::Yes
    }

    async fn choose_file_to_save(&self, _: SavePlace) -> Option<PathBuf> {
        None
    }

    async fn choose_to_open(&self, _: OpenPlace) -> Option<PathBuf> {
        None
    }

    async fn show(&self, _: &Path, _: Showing) -> Result<(), ShowError> {
        Ok(())
    }

    async fn copy(&self, _: SecretString, _: bool) -> Result<(), ClipboardError> {
        Ok(())
    }

    async fn clear_copied(&self, _: &SecretString) -> Result<bool, ClipboardError> {
        Ok(false)
    }

    fn custodian(&self) -> Option<Command> {
        let mut command = Command::new("/proc/self/exe");
        command.arg(&self.folder).arg(CUSTODIAN).process_group(0);
        Some(command)
    }

    async fn sandbox(&self, _: SandboxKind) -> Result<BaseUrl, SandboxError> {
        Err(no_sandbox())
    }

    async fn sandbox_credential(&self, _: SandboxKind) -> Result<SecretString, SandboxError> {
        Err(no_sandbox())
    }

    async fn sandbox_screen(&self, _: SandboxKind) -> Result<String, SandboxError> {
        Err(no_sandbox())
    }

    async fn discard_sandbox(&self, _: SandboxKind) {}
}

fn no_sandbox() -> SandboxError {
    SandboxError {
        reason: "the server runs elsewhere".to_owned(),
    }
}

/// Notifications, as lines of a file.
struct Written(PathBuf);

impl custodian::Notifier for Written {
    fn notify(&self, title: &str, text: &str) {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0);
        let written = file.and_then(|mut file| writeln!(file, "{title}: {text}"));
        if let Err(error) = written {
            eprintln!("not notified: {error}");
        }
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_default();
    let folders = Folders::below(Path::new(&folder));
    let options = Options {
        clock: Arc::new(Hasty),
        ..Options::default()
    };
    if std::env::args().nth(2).as_deref() == Some(CUSTODIAN) {
        let notifier = Written(Path::new(&folder).join("notified"));
        return Ok(custodian::serve(&folders, &Vault::keychain(), options, &notifier).await);
    }
    let app = PulseKeys::start(
        &folders,
        Vault::keychain(),
        Arc::new(Willing { folder }),
        options,
        "0.0.0-probe",
    )?;
    say(&json!("ready"))?;
    for line in std::io::stdin().lock().lines() {
        let answer = match obey(&app, &line?).await {
            Ok(answer) => answer,
            Err(error) => json!({ "error": error }),
        };
        say(&answer)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Each line leaves at once: whoever kills this process wants to know how far it came.
fn say(answer: &Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}")?;
    out.flush()
}

async fn obey(app: &PulseKeys, order: &str) -> Result<Value, UiError> {
    let (order, rest) = order.split_once(' ').unwrap_or((order, ""));
    match order {
        "connect" => {
            let (base_url, credential) = rest.split_once(' ').unwrap_or((rest, ""));
            let request = ConnectRequest {
                base_url: base_url.to_owned(),
                credential: SecretString::from(credential),
            };
            app.connect(&request).await?;
            Ok(json!("connected"))
        }
        "create" => create(app, rest).await,
        "rotate" => rotate(app, rest).await,
        "reconcile" => reconcile(app).await,
        "list" => {
            let account = account(app).await?;
            let list = app.refresh_keys(account, |_| {}).await?;
            Ok(json!({ "total": list.total }))
        }
        "replace" => {
            let request = ReplaceRequest {
                account: account(app).await?,
                credential: SecretString::from(rest),
            };
            app.replace_credential(&request).await?;
            Ok(json!("replaced"))
        }
        "dismiss" => {
            app.dismiss_notice(rest).await?;
            Ok(json!("dismissed"))
        }
        "search" => {
            let request = UsageRequest {
                account: account(app).await?,
                keys: vec![key(rest)?],
                tier: SearchTier::Folders,
            };
            app.usage_search(&request, |_| {}).await?;
            Ok(json!("searched"))
        }
        "swap" => {
            let request = BeginSwapRequest {
                account: account(app).await?,
                key: key(rest)?,
                name: format!("{rest} (new)"),
                quiet_days: 3,
            };
            Ok(match app.begin_swap(&request).await? {
                SwapBegun::Begun { token, .. } => json!({ "token": token.id }),
                other => json!({ "outcome": other }),
            })
        }
        "place" => {
            let token: TokenRequest = serde_json::from_value(json!({ "token": rest }))
                .map_err(|error| unusable(&error.to_string()))?;
            let places = app.places(token.token).await?;
            let files = places.files.into_iter().map(|file| file.id).collect();
            // From here on files are written.
            say(&json!("looked")).map_err(|error| unusable(&error.to_string()))?;
            let request = PutInPlaceRequest {
                token: token.token,
                files,
            };
            let outcome = app.put_in_place(&request).await?;
            Ok(json!({ "outcome": outcome }))
        }
        "swaps" => Ok(json!(app.swaps().await?)),
        "placed" => {
            let rows = app.journal().await?.rows.into_iter();
            let outcomes = rows.filter(|row| row.action == "put_in_place");
            Ok(json!(outcomes.map(|row| row.outcome).collect::<Vec<_>>()))
        }
        "store" => {
            let request: TokenRequest = serde_json::from_value(json!({ "token": rest }))
                .map_err(|error| unusable(&error.to_string()))?;
            app.token_stored(request.token).await?;
            Ok(json!("stored"))
        }
        other => Err(unusable(other)),
    }
}

fn key(id: &str) -> Result<KeyId, UiError> {
    KeyId::parse(id).map_err(|error| unusable(&error.to_string()))
}

async fn account(app: &PulseKeys) -> Result<AccountId, UiError> {
    app.state()
        .await
        .active
        .ok_or_else(|| unusable("no account"))
}

fn unusable(what: &str) -> UiError {
    UiError {
        code: ErrorCode::Other,
        message: format!("The probe cannot do this: {what}."),
        hint: String::new(),
    }
}

/// The whole way of a user: make a key, reveal its token, say that it is stored.
async fn create(app: &PulseKeys, name: &str) -> Result<Value, UiError> {
    let request = CreateRequest {
        account: account(app).await?,
        name: name.to_owned(),
        abilities: vec!["monitors:read".to_owned()],
        team: None,
    };
    match app.create_key(&request).await? {
        CreateOutcome::Created { token } => see_and_store(app, &token).await,
        other => Ok(json!({ "outcome": other })),
    }
}

async fn rotate(app: &PulseKeys, key: &str) -> Result<Value, UiError> {
    let request = RotateRequest {
        account: account(app).await?,
        key: self::key(key)?,
        reason: RotateReason::Routine,
        files: Vec::new(),
    };
    match app.rotate_key(&request).await? {
        RotateOutcome::Rotated { token, .. } => see_and_store(app, &token).await,
        other => Ok(json!({ "outcome": other })),
    }
}

async fn see_and_store(app: &PulseKeys, token: &TokenInCustody) -> Result<Value, UiError> {
    // A pipe that nobody reads any more ends the story: the killer was faster.
    let told = |line: Value| say(&line).map_err(|error| unusable(&error.to_string()));
    told(json!({ "arrived": token.id }))?;
    let revealed = app.reveal_token(token.id).await?;
    told(json!({ "revealed": revealed.0.expose_secret() }))?;
    app.token_stored(token.id).await?;
    Ok(json!("stored"))
}

/// What the app says at its start: notices, and each token in custody with what the service makes of it.
async fn reconcile(app: &PulseKeys) -> Result<Value, UiError> {
    let notices = app.reconcile().await?;
    let mut tokens = Vec::new();
    for token in app.custody().await?.tokens {
        let tried = app.test_token(token.id).await?;
        tokens.push(json!({ "token": token, "tried": tried.new }));
    }
    let last = app.journal().await?.rows.pop();
    Ok(json!({ "notices": notices, "tokens": tokens, "journal": last.map(|row| row.outcome) }))
}
