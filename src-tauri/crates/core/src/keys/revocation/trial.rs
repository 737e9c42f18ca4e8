//! Trying the tokens of a key that this app knows: one harmless call each, and nothing is written down.

use jiff::Timestamp;
use pulseapi::{BearerToken, Error as ApiError, KeyId, RetryPolicy};
use secrecy::ExposeSecret as _;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::revocation::messages;
use crate::records::accounts::Account;
use crate::records::key::KeyRow;
use crate::records::revocations::OpenRevocation;
use crate::session::own_key;
use crate::{credential, custody};

/// The tokens of a key that this app knows.
#[derive(Default)]
pub(crate) struct KnownTokens {
    pub(super) tokens: Vec<BearerToken>,
    /// Why there may be more.
    pub(super) trouble: Option<UiError>,
}

/// What trying the tokens of a key found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trial {
    /// No token of it is known here.
    NoToken,
    /// All that are known got 401; whether the one that the key had at last is among them.
    Refused { is_current: bool },
    /// One is accepted.
    Accepted,
    /// Whether they work is not known, for this reason.
    NotKnown(String),
}

impl Trial {
    /// What is written down where it goes on being tried.
    pub(crate) fn opens(
        &self,
        account: AccountId,
        key: &KeyRow,
        at: Timestamp,
    ) -> Option<OpenRevocation> {
        let trouble = match self {
            Self::NoToken | Self::Refused { .. } => return None,
            Self::Accepted => None,
            Self::NotKnown(why) => Some(why.clone()),
        };
        Some(OpenRevocation::begun(account, key, at, trouble))
    }
}

/// The tokens of a key that are in custody, and the account's own where it is this key's. The keychain may ask the
/// user for that.
pub(crate) async fn known_tokens(
    ctx: &Context,
    account: &Account,
    key: &KeyId,
    last_eight: &str,
) -> KnownTokens {
    let mut known = KnownTokens::default();
    if account.own_key.is_token(Some(key), last_eight) {
        match credential::load(ctx, account.id).await {
            Ok(token) => known.tokens.push(token),
            Err(error) => known.trouble = Some(error),
        }
    }
    let in_custody = tokens_in_custody(ctx, account, key).await;
    known.tokens.extend(in_custody.tokens);
    known.trouble = in_custody.trouble.or(known.trouble);
    known
}

/// The tokens of a key that are in custody.
pub(super) async fn tokens_in_custody(
    ctx: &Context,
    account: &Account,
    key: &KeyId,
) -> KnownTokens {
    let mut known = KnownTokens::default();
    let custody = match custody::custody(ctx).await {
        Ok(custody) => custody.tokens,
        Err(error) => {
            known.trouble = Some(error);
            return known;
        }
    };
    let of_key = custody
        .into_iter()
        .filter(|token| token.account == account.id && token.key.as_ref() == Some(key));
    for token in of_key {
        match custody::open_token(ctx, token.id).await {
            Ok((_, secret)) => match BearerToken::parse(secret.expose_secret()) {
                Ok(token) => known.tokens.push(token),
                Err(_) => known.trouble = Some(messages::not_a_token()),
            },
            Err(error) => known.trouble = Some(error),
        }
    }
    known
}

/// Tries the tokens of a key that is gone or has another token, with one call each.
pub(crate) async fn try_tokens(
    ctx: &Context,
    account: &Account,
    last_eight: &str,
    known: &KnownTokens,
) -> Trial {
    let mut trouble = known.trouble.as_ref().map(|error| error.message.clone());
    let mut is_accepted = false;
    let mut is_current = false;
    for token in &known.tokens {
        let client = match own_key::client_of(ctx, account, token.clone()).await {
            Ok(client) => client.with_retry(RetryPolicy::none()),
            Err(error) => {
                trouble = Some(error.message);
                continue;
            }
        };
        match client.check_token().await {
            Ok(_) => is_accepted = true,
            Err(ApiError::Unauthorized) => {
                let tail = token.last_eight();
                is_current |= last_eight.is_empty() || tail.as_deref() == Some(last_eight);
            }
            Err(error) => trouble = Some(at_work(&error).message),
        }
    }
    match trouble {
        _ if is_accepted => Trial::Accepted,
        Some(why) => Trial::NotKnown(why),
        None if known.tokens.is_empty() => Trial::NoToken,
        None => Trial::Refused { is_current },
    }
}
