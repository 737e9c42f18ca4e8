//! What a user does with a token in custody: look at it, copy it, try it.
//!
//! Copying happens here and not in the page. The clipboard is cleared after a while, if it still holds what was
//! copied and the token is safe elsewhere by then: a token that exists nowhere else is never taken away. Left out:
//! how tokens enter and leave custody (`custody`), and the clipboard itself (the host).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pulseapi::{Acceptance, ApiKey, BaseUrl, BearerToken, Client, Error as ApiError, RetryPolicy};
use secrecy::{ExposeSecret as _, SecretString};

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::at_work;
use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::custody::records::Record;
use crate::custody::wire::{
    Copied, CopyForm, CopyRequest, RevealedToken, TokenTest, TokenTried, TokenVerdict,
};
use crate::custody::{self, VARIABLE};
use crate::host::ClipboardError;
use crate::preferences;
use crate::records::{accounts, own_calls};
use crate::session::{self, own_key};

/// The text of a token, for the user who pressed *Reveal*.
///
/// # Errors
/// When it is not in custody any more, or the keychain fails.
pub(crate) async fn reveal_token(ctx: &Context, id: CustodyId) -> Result<RevealedToken, UiError> {
    let (_, secret) = custody::open_token(ctx, id).await?;
    Ok(RevealedToken(secret))
}

/// Copies a token, or a line made with it.
///
/// # Errors
/// When it is not in custody any more, or keychain or clipboard fail.
pub(crate) async fn copy_token(ctx: &Context, request: &CopyRequest) -> Result<Copied, UiError> {
    let id = request.token;
    let (record, secret) = custody::open_token(ctx, id).await?;
    let text = match request.form {
        CopyForm::Curl => {
            let curl = custody::token_view(ctx, &record).curl;
            ctx.host
                .copy(SecretString::from(curl), false)
                .await
                .map_err(|error| error.told("Select the line and copy it by hand."))?;
            return Ok(Copied {
                message: format!("Copied. It takes the token from ${VARIABLE}."),
                clears_after: None,
            });
        }
        CopyForm::Token => secret,
        CopyForm::Env => env_line(&secret),
    };
    ctx.host
        .copy(text.clone(), true)
        .await
        .map_err(|error| error.told("Press Reveal and copy it by hand."))?;
    let copy = ctx.of::<Copies>().0.fetch_add(1, Ordering::SeqCst) + 1;
    if ctx.of::<InProcess>().is_only_here(id) {
        return Ok(Copied {
            message: "Copied. It stays on the clipboard, since the token exists nowhere else."
                .to_owned(),
            clears_after: None,
        });
    }
    let seconds = preferences::preferences(ctx).clipboard_seconds;
    clear_later(ctx, id, copy, text, Duration::from_secs(seconds.into()));
    Ok(Copied {
        message: format!("Copied. The clipboard is cleared in {seconds} seconds."),
        clears_after: Some(seconds.into()),
    })
}

/// How often clearing is tried: another program may hold the clipboard just then.
const CLEARING_ATTEMPTS: u32 = 3;

/// How long after a failure it is tried again.
const CLEARING_INTERVAL: Duration = Duration::from_secs(5);

fn clear_later(ctx: &Context, id: CustodyId, copy: u64, text: SecretString, after: Duration) {
    let host = Arc::clone(&ctx.host);
    let clock = Arc::clone(&ctx.options.clock);
    let copies = Arc::clone(&ctx.of::<Copies>().0);
    let in_process = ctx.of::<InProcess>().clone();
    tokio::spawn(async move {
        clock.sleep(after).await;
        for attempt in 1.. {
            let is_last = copies.load(Ordering::SeqCst) == copy;
            if !is_last || in_process.is_only_here(id) {
                return;
            }
            let Err(error) = host.clear_copied(&text).await else {
                return;
            };
            tracing::warn!("{error}");
            if attempt == CLEARING_ATTEMPTS {
                let message = not_cleared(&error);
                host.clipboard_not_cleared(&message);
                host.notify(NOT_CLEARED, &message);
                return;
            }
            clock.sleep(CLEARING_INTERVAL).await;
        }
    });
}

/// The title of the notification: the user may be in the window into which they pasted.
const NOT_CLEARED: &str = "The clipboard was not cleared";

fn not_cleared(error: &ClipboardError) -> String {
    format!("{error} It may still hold the token that you copied: copy something else over it.")
}

/// Tries a token with one harmless call, and the one before it, where it is known, with another.
///
/// # Errors
/// When it is not in custody any more, or the keychain fails. Whatever the service says is a result.
pub(crate) async fn test_token(ctx: &Context, id: CustodyId) -> Result<TokenTest, UiError> {
    let (record, secret) = custody::open_token(ctx, id).await?;
    let token = BearerToken::parse(secret.expose_secret())
        .map_err(|error| UiError::new(ErrorCode::Other, error.to_string(), ""))?;
    let before = look(ctx, &record).await;
    let new = try_token(ctx, &record, token, &NEW).await;
    let old = match ctx.of::<InProcess>().token_before(id) {
        Some(token) => Some(try_token(ctx, &record, token, &OLD).await),
        None => None,
    };
    if let Some(before) = before
        && let Some(after) = look(ctx, &record).await
        && let Err(error) = own_calls::note(ctx, record.account, &before, &after).await
    {
        tracing::warn!("a use of a key is not known as the app's own: {error}");
    }
    Ok(TokenTest { new, old })
}

/// The record of a token's key, to tell the use that a test is from others. None where it can't be had now: then the use
/// counts as anybody's.
async fn look(ctx: &Context, record: &Record) -> Option<ApiKey> {
    let key = record.key.as_ref()?;
    let (_, client) = session::signed_in(ctx, record.account).await.ok()?;
    let once = client.with_retry(RetryPolicy::none());
    once.key(key).await.ok()
}

async fn try_token(ctx: &Context, record: &Record, token: BearerToken, said: &Said) -> TokenTried {
    let asked = match client_for(ctx, record, token).await {
        Ok(client) => client.check_token().await,
        Err(error) => {
            return TokenTried {
                verdict: TokenVerdict::NotKnown,
                message: error.message,
                at: ctx.now(),
            };
        }
    };
    let at = ctx.now();
    let (verdict, message) = match asked {
        Ok(Acceptance::Works(_)) => (TokenVerdict::Accepted, format!("200: {}", said.accepted)),
        Ok(Acceptance::NotForThis { .. }) => (
            TokenVerdict::Accepted,
            format!(
                "403: {} It lacks the abilities for what was asked.",
                said.accepted
            ),
        ),
        Err(ApiError::Unauthorized) => (TokenVerdict::Refused, format!("401: {}", said.refused)),
        Err(error) => (TokenVerdict::NotKnown, at_work(&error).message),
    };
    TokenTried {
        verdict,
        message,
        at,
    }
}

async fn client_for(ctx: &Context, record: &Record, token: BearerToken) -> Result<Client, UiError> {
    if let Ok(account) = accounts::find(ctx, record.account) {
        return own_key::client_of(ctx, &account, token).await;
    }
    let base = BaseUrl::parse(&record.base_url)
        .map_err(|error| UiError::new(ErrorCode::Other, error.to_string(), ""))?;
    Client::new(base, token, ctx.options.clone()).map_err(|error| at_work(&error))
}

struct Said {
    accepted: &'static str,
    refused: &'static str,
}

const NEW: Said = Said {
    accepted: "this token works.",
    refused: "this token does not work. The key was rotated or deleted since.",
};

const OLD: Said = Said {
    accepted: "the token before it still works, which it should not.",
    refused: "the token before it is refused, as it should be.",
};

/// The token's line in an `.env` file. Quoted, since a shell takes `|` for a pipe.
fn env_line(secret: &SecretString) -> SecretString {
    let quoted = secret.expose_secret().replace('\'', "'\\''");
    SecretString::from(format!("{VARIABLE}='{quoted}'"))
}

/// How often something secret was copied: only the last copy's timer clears the clipboard.
#[derive(Debug, Default)]
pub(crate) struct Copies(Arc<AtomicU64>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_env_is_one_word_to_a_shell() {
        let line = env_line(&SecretString::from("7|ab'c"));
        assert_eq!(line.expose_secret(), "PULSEAPI_TOKEN='7|ab'\\''c'");
    }
}
