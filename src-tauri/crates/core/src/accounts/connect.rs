//! Signing in, switching, renaming, replacing the credential, and signing out.
//!
//! A credential is stored only after it worked: the address was probed, the token accepted, and the list of keys answered
//! or shown not to be there (guided mode). Left out: what the probe tries in which order (`pulseapi::discover`).

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use pulseapi::{BaseUrl, BearerToken, discover};
use secrecy::ExposeSecret as _;

use crate::accounts::same_user;
use crate::accounts::wire::{
    ConnectRequest, RenameRequest, ReplaceRequest, SandboxRequest, SignOutOutcome,
};
use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::{accounts_not_written, while_connecting};
use crate::base::ids::AccountId;
use crate::base::text::{collapsed, sanitized};
use crate::context::Context;
use crate::credential::secret_name;
use crate::custody::leaving::TokensOfAccount;
use crate::host::{Question, Reply};
use crate::records::accounts::{self, Account, AccountKind, Accounts};
use crate::records::journal::{self, Action, Entry};
use crate::records::names::{labelled, tokens};
use crate::records::notices::{self, NextStep};
use crate::session::Opening;
use crate::session::wire::{AppState, KeychainView};
use crate::{custody, notes, session};

/// The longest name of an account, in characters.
const MAX_LABEL_CHARS: usize = 80;

/// Probes an address with a credential; once both worked, keeps the credential and makes the account the one in
/// use. A user who is known at this address already gets the new credential in place of the old one.
///
/// # Errors
/// With [`ErrorCode::Address`] or [`ErrorCode::Credential`] at what was typed, or another code. Nothing was
/// stored.
pub(crate) async fn connect(ctx: &Context, request: &ConnectRequest) -> Result<AppState, UiError> {
    let base = BaseUrl::parse(&request.base_url)
        .map_err(|error| UiError::new(ErrorCode::Address, error.to_string(), ""))?;
    let token = BearerToken::parse(request.credential.expose_secret())
        .map_err(|error| UiError::new(ErrorCode::Credential, error.to_string(), ""))?;
    sign_in(ctx, &base, token, AccountKind::Pulseapi).await
}

/// Signs in to the server inside the app. Who is signed in to it already stays so, unless its credential has
/// stopped working.
///
/// # Errors
/// When the sandbox does not start, or its credential cannot be kept.
pub(crate) async fn try_sandbox(
    ctx: &Context,
    request: &SandboxRequest,
) -> Result<AppState, UiError> {
    let kind = request.kind();
    let session_only = ctx.vault().is_session_only();
    let known = accounts::list(ctx)
        .of_sandbox(kind, session_only)
        .map(|account| account.id);
    if let Some(id) = known
        && let Ok((_, client)) = session::signed_in(ctx, id).await
        && client.check_token().await.is_ok()
    {
        return switch(ctx, id).await;
    }
    let base = ctx.host.sandbox(kind).await?;
    let secret = ctx.host.sandbox_credential(kind).await?;
    let token = BearerToken::parse(secret.expose_secret())
        .map_err(|error| UiError::new(ErrorCode::Other, error.to_string(), ""))?;
    sign_in(ctx, &base, token, AccountKind::Sandbox).await
}

async fn sign_in(
    ctx: &Context,
    base: &BaseUrl,
    token: BearerToken,
    kind: AccountKind,
) -> Result<AppState, UiError> {
    let vault = ctx.vault();
    // Asked first: a credential that cannot be kept need not travel.
    vault.check().await?;
    let connection = discover(base, &token, &session::options(ctx, kind))
        .await
        .map_err(|error| while_connecting(&error))?;

    let (keys, user) = (connection.keys.into(), connection.user.as_ref());
    let mut account = Account::new(connection.base, kind, keys, user, &token);
    account.session_only = vault.is_session_only();
    if let Some(known) = accounts::list(ctx).same_as(&account) {
        account.id = known.id;
        account.label.clone_from(&known.label);
    }
    let id = account.id;
    let entry = session::entry(ctx, &account, Action::SignIn, "signed in");
    keep_credential(ctx, id, &token, |accounts| accounts.put(account)).await?;
    ctx.of::<Opening>().answered();
    session::clients(ctx).insert(id, connection.client);
    journal_credential(ctx, id, entry).await?;
    Ok(session::state(ctx).await)
}

/// Puts a credential into the keychain, and what changes with it into the list of accounts. Where that cannot be
/// written, the keychain gets back what it had.
async fn keep_credential(
    ctx: &Context,
    account: AccountId,
    token: &BearerToken,
    write: impl FnOnce(&mut Accounts) -> io::Result<()>,
) -> Result<(), UiError> {
    let (vault, name) = (ctx.vault(), secret_name(account));
    let before = vault.load(&name).await.ok();
    vault.store(&name, token.secret().clone()).await?;
    let written = write(&mut accounts::list(ctx));
    if let Err(error) = written {
        match before {
            Some(before) => vault.store(&name, before).await?,
            // Nobody would ever look for it again.
            None => vault.forget(&name).await?,
        }
        return Err(accounts_not_written(&error));
    }
    Ok(())
}

/// The user has brought the other credential that a notice asked for.
async fn journal_credential(
    ctx: &Context,
    account: AccountId,
    entry: Entry,
) -> Result<(), UiError> {
    ctx.database
        .run(move |transaction| {
            let advised = NextStep::ReplaceCredential { account };
            notices::remove_advising(transaction, &advised)?;
            journal::append(transaction, &entry)
        })
        .await?;
    Ok(())
}

/// Makes an account the one in use.
///
/// # Errors
/// When it is not known any more, or the choice cannot be written down.
pub(crate) async fn switch(ctx: &Context, id: AccountId) -> Result<AppState, UiError> {
    accounts::find(ctx, id)?;
    accounts::list(ctx)
        .switch(id)
        .map_err(|error| accounts_not_written(&error))?;
    Ok(session::state(ctx).await)
}

/// Makes the account that is called so, whatever its capitals, the one in use; of several the one that was added
/// first. Asked for on the command line. False when no account is called so.
///
/// # Errors
/// When the choice cannot be written down.
pub(crate) fn begin_with(ctx: &Context, label: &str) -> io::Result<bool> {
    let mut accounts = accounts::list(ctx);
    let Some(id) = accounts.called(label) else {
        return Ok(false);
    };
    accounts.switch(id)?;
    Ok(true)
}

/// Calls an account something else.
///
/// # Errors
/// When the new name is empty or too long, the account is not known any more, or the change cannot be written.
pub(crate) async fn rename_account(
    ctx: &Context,
    request: &RenameRequest,
) -> Result<AppState, UiError> {
    let account = accounts::find(ctx, request.account)?;
    let label = collapsed(&sanitized(&request.label));
    let length = label.chars().count();
    if label.is_empty() || length > MAX_LABEL_CHARS {
        return Err(UiError::new(
            ErrorCode::Name,
            format!("A name has 1 to {MAX_LABEL_CHARS} characters; this one has {length}."),
            "",
        ));
    }
    let outcome = format!("renamed to {label}");
    let entry = session::entry(ctx, &account, Action::RenameAccount, &outcome);
    accounts::list(ctx)
        .update(account.id, |account| account.label = label)
        .map_err(|error| accounts_not_written(&error))?;
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(session::state(ctx).await)
}

/// Puts another credential of the same user in place of the account's, once it worked.
///
/// # Errors
/// With [`ErrorCode::Credential`] at what was pasted, or another code. The account still has the old one.
pub(crate) async fn replace_credential(
    ctx: &Context,
    request: &ReplaceRequest,
) -> Result<AppState, UiError> {
    let account = accounts::find(ctx, request.account)?;
    let token = BearerToken::parse(request.credential.expose_secret())
        .map_err(|error| UiError::new(ErrorCode::Credential, error.to_string(), ""))?;
    ctx.vault().check().await?;
    let base = match account.sandbox() {
        None => account.base_url.clone(),
        Some(sandbox) => ctx.host.sandbox(sandbox).await?,
    };
    let connection = discover(&base, &token, &session::options(ctx, account.kind))
        .await
        .map_err(|error| while_connecting(&error))?;
    same_user::refuse_another(ctx, &account, &connection).await?;
    let user = connection.user.as_ref();
    let described = account.described_by(connection.keys.into(), user, &token);
    keep_credential(ctx, account.id, &token, |accounts| {
        accounts.update(account.id, |account| *account = described)
    })
    .await?;
    session::clients(ctx).insert(account.id, connection.client);
    let entry = session::entry(ctx, &account, Action::ReplaceCredential, "replaced");
    journal_credential(ctx, account.id, entry).await?;
    Ok(session::state(ctx).await)
}

/// Signs out, after the user has said yes. The key itself stays alive. Tokens in custody stay or go, as the
/// user chooses in the same question.
///
/// # Errors
/// When the account is not known any more, or its credential cannot be taken out of the keychain; then the
/// account is still signed in.
pub(crate) async fn sign_out(ctx: &Context, id: AccountId) -> Result<SignOutOutcome, UiError> {
    let account = accounts::find(ctx, id)?;
    loop {
        let asked = custody::leaving::tokens_of(ctx, &account).await?;
        let notes = notes::count(ctx, id).await?;
        let reply = ctx.host.ask(question(&account, &asked, notes)).await;
        if reply == Reply::No {
            return Ok(SignOutOutcome::Cancelled);
        }
        // One may have arrived while the question was on screen, which then named too few.
        if custody::leaving::tokens_of(ctx, &account).await? != asked {
            continue;
        }
        if reply == Reply::Yes {
            custody::leaving::forget_tokens(ctx, &asked.in_custody).await?;
        }
        break;
    }
    session::forget_account(ctx, &account, "signed out").await?;
    Ok(SignOutOutcome::SignedOut {
        state: Box::new(session::state(ctx).await),
    })
}

fn question(account: &Account, of_account: &TokensOfAccount, notes: usize) -> Question {
    let in_custody = of_account.in_custody.len();
    let what_goes = match account.kind {
        AccountKind::Pulseapi => {
            "Its credential is taken out of the keychain. The key itself stays valid: delete it in the list if \
             nothing needs it. To come back you need the token again."
        }
        AccountKind::Sandbox => {
            "The sandbox is stopped and its keys are removed. The next one starts afresh."
        }
    };
    let mut question = Question {
        title: "Sign out".to_owned(),
        headline: format!("Sign out of {}?", labelled(&account.label)),
        paragraphs: vec![what_goes.to_owned()],
        yes: "Sign out".to_owned(),
        alternative: None,
        no: "Stay signed in".to_owned(),
    };
    if notes > 0 {
        let what = if notes == 1 {
            "Your note about 1 key goes"
        } else {
            &format!("Your notes about {notes} keys go")
        };
        question.paragraphs.push(format!(
            "{what} with the account. To keep what you wrote, export it first: “Export notes” in the menu."
        ));
    }
    if in_custody > 0 {
        let count = tokens(in_custody);
        question.paragraphs.push(format!(
            "{count} of this account in custody: PulseAPI never shows a token twice. Kept, it stays within reach here \
             after signing out."
        ));
        question.yes = format!("Sign out, forget {count}");
        question.alternative = Some(format!("Sign out, keep {count}"));
    }
    if of_account.in_flight > 0 {
        question.paragraphs.push(format!(
            "{} of this account in flight: PulseAPI or the keychain has not answered yet. Pulse Keys keeps what arrives \
             within reach here.",
            tokens(of_account.in_flight)
        ));
    }
    question
}

/// A user who is signed in nowhere yet begins in the sandbox, not with the form. Asked for on the command line.
pub(crate) fn begin_in_sandbox(ctx: &Context) {
    ctx.of::<BeginsInSandbox>().0.store(true, Ordering::Relaxed);
}

/// What the window shows when it opens: what the app's own files say, at once.
pub(crate) async fn first_state(ctx: &Context) -> AppState {
    let state = session::state(ctx).await;
    AppState {
        begins_in_sandbox: state.keychain == KeychainView::Waiting
            && state.accounts.is_empty()
            && ctx.of::<BeginsInSandbox>().0.load(Ordering::Relaxed),
        ..state
    }
}

/// The same with the keychain's answer. Where the sandbox was asked for and cannot be had, that is the form, or what is
/// missing for a keychain.
pub(crate) async fn state(ctx: &Context) -> AppState {
    session::open(ctx).await;
    let state = session::state(ctx).await;
    let wants_sandbox = ctx.of::<BeginsInSandbox>().0.swap(false, Ordering::Relaxed);
    if !wants_sandbox || !state.accounts.is_empty() {
        return state;
    }
    let whole = SandboxRequest {
        has_key_endpoints: true,
    };
    match try_sandbox(ctx, &whole).await {
        Ok(state) => state,
        Err(error) => {
            tracing::warn!("{}", error.message);
            state
        }
    }
}

/// Whether the window begins in the sandbox where no account is signed in.
#[derive(Debug, Default)]
pub(crate) struct BeginsInSandbox(AtomicBool);
