//! The proof of a deletion in the browser: the key's own token gets 401.
//!
//! Where the service has no endpoints for keys, nothing else can show that a key is gone. So the key stands in the user's
//! own list until a token of it that is known here was refused: the account's own, one in custody, or one that the user
//! pasted, which is held in memory and never written down. A 401 proves the deletion only where the token is the key's
//! current one (its last 8 characters are those of the list) and where it could not have been wrong: a server looks a token
//! up by its record id, which no checksum covers, so that a genuine secret behind a wrong id gets 401 too. What vouches
//! for a token is that the service has accepted it here, or its checksum together with the record id that the key is known
//! by. Any other 401 is told as what it is, and leaves the decision to the user. Nor does it count where the service refuses
//! everything: at the same time it has to accept the account's own token, and where that is the key's, to refuse it twice.
//!
//! A rotation in the browser ends the token too. Nothing here could tell that from a deletion: the steps on screen say so, a
//! key that is noted with its new last 8 characters is not tried any more, and the tries can be stopped.
//!
//! Left out: the schedule and who watches it (`revocation`), and what is asked of the user before (`delete::guided`).

use std::collections::HashMap;
use std::sync::Mutex;

use pulseapi::{BearerToken, Error as ApiError, KeyId, RetryPolicy};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::list::unknown_row;
use crate::keys::revocation::outcome::{self, Watch, end, goes_on_as, proved, revocations_changed};
use crate::keys::revocation::trial::{KnownTokens, Trial, tokens_in_custody, try_tokens};
use crate::keys::revocation::wire::TokenSource;
use crate::keys::revocation::{found_place, messages};
use crate::records::accounts::{self, Account};
use crate::records::journal::{self, Action};
use crate::records::key::KeyRow;
use crate::records::notices::{self, Kept, NextStep};
use crate::records::revocations::{self, InBrowser, OpenRevocation};
use crate::records::{intents, key_cache};
use crate::{credential, custody, session};

/// Tokens that the user pasted to prove a deletion. They go with the app.
#[derive(Default)]
pub(crate) struct Pasted(Mutex<HashMap<(AccountId, KeyId), BearerToken>>);

/// A token that the user pasted, or why it can't be the key's.
///
/// # Errors
/// In words. Nothing of the text is in them.
pub(crate) fn token_of(key: &KeyRow, pasted: &SecretString) -> Result<BearerToken, String> {
    let token = BearerToken::parse(pasted.expose_secret()).map_err(|error| error.to_string())?;
    if token.last_eight().as_deref() != Some(key.last_eight.as_str()) {
        return Err(messages::ends_otherwise(key));
    }
    if is_checksum(&key.last_eight) && !is_genuine(key, &token) {
        return Err(messages::wrong_checksum());
    }
    match (token.record_id(), key.record_id()) {
        (Some(id), Some(record)) if are_numbers(id, record) && id != record => {
            Err(messages::other_record(key))
        }
        _ => Ok(token),
    }
}

/// The key is tried with this token from now on, until the app ends or the key is gone. What was seen of another one counts
/// no more.
///
/// # Errors
/// When the database fails.
pub(crate) async fn begin_with(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    token: BearerToken,
) -> Result<(), UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let before = ctx
        .lock(&ctx.of::<Pasted>().0)
        .insert((account, key.clone()), token.clone());
    let is_same = before
        .is_some_and(|before| before.secret().expose_secret() == token.secret().expose_secret());
    if is_same {
        return Ok(());
    }
    let id = key.clone();
    ctx.database
        .run(move |transaction| revocations::remove(transaction, account, &id))
        .await?;
    Ok(())
}

/// The pasted token of a key is not needed any more.
pub(crate) fn forget(ctx: &Context, account: AccountId, key: &KeyId) {
    ctx.lock(&ctx.of::<Pasted>().0)
        .remove(&(account, key.clone()));
}

/// Nobody is signed in to the account any more.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.lock(&ctx.of::<Pasted>().0)
        .retain(|(of, _), _| *of != account);
    revocations_changed(ctx);
}

/// Which token of a key could be tried. The keychain is not asked; files that a search found are read.
///
/// # Errors
/// When the database fails.
pub(crate) async fn source(
    ctx: &Context,
    account: &Account,
    key: &KeyId,
    last_eight: &str,
) -> Result<Option<TokenSource>, UiError> {
    if is_pasted(ctx, account.id, key) {
        return Ok(Some(TokenSource::Pasted));
    }
    if account.own_key.is_token(Some(key), last_eight) {
        return Ok(Some(TokenSource::Own));
    }
    let in_custody = custody::custody(ctx).await?.tokens;
    let is_it = |token: &custody::wire::TokenInCustody| {
        token.account == account.id
            && token.key.as_ref() == Some(key)
            && token.last_eight == last_eight
    };
    if in_custody.into_iter().any(|token| is_it(&token)) {
        return Ok(Some(TokenSource::Custody));
    }
    let row = KeyRow {
        last_eight: last_eight.to_owned(),
        ..unknown_row(key)
    };
    let found = at_a_place(ctx, account.id, &row).await?;
    Ok(found.map(|_| TokenSource::Found))
}

/// The token of a key as it stands in a file that a search found, if its own checksum proves it.
async fn at_a_place(
    ctx: &Context,
    account: AccountId,
    key: &KeyRow,
) -> Result<Option<BearerToken>, UiError> {
    let texts = found_place::texts(ctx, account, &key.id, &key.last_eight).await?;
    let mut tokens = texts.iter().filter_map(|text| token_of(key, text).ok());
    Ok(tokens.find(|token| is_genuine(key, token)))
}

pub(super) fn is_pasted(ctx: &Context, account: AccountId, key: &KeyId) -> bool {
    ctx.lock(&ctx.of::<Pasted>().0)
        .contains_key(&(account, key.clone()))
}

/// Tries the token of a key of the user's list now, and from now on until it gets 401. False when none is known.
///
/// # Errors
/// When the database fails.
pub(crate) async fn check(ctx: &Context, account: &Account, key: &KeyRow) -> Result<bool, UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let open = revocations::find(&ctx.database, account.id, &key.id).await?;
    try_key(ctx, account, key, open).await
}

/// Tries one again that is watched already, if the list still has the key with this token.
pub(super) async fn try_again(
    ctx: &Context,
    account: &Account,
    open: OpenRevocation,
) -> Result<(), UiError> {
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let is_it = |row: &&KeyRow| row.id == open.key && row.last_eight == open.last_eight;
    let Some(key) = listed.iter().find(is_it) else {
        forget(ctx, account.id, &open.key);
        return end(ctx, &open, messages::LISTED_OTHERWISE).await;
    };
    try_key(ctx, account, key, Some(open)).await.map(drop)
}

async fn try_key(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    open: Option<OpenRevocation>,
) -> Result<bool, UiError> {
    let (known, is_vouched) = known_tokens(ctx, account, key).await?;
    let trial = try_tokens(ctx, account, &key.last_eight, &known).await;
    let trial = match trial {
        Trial::Refused { .. } => only_this_is_refused(ctx, account, key, trial, &known).await,
        trial => trial,
    };
    let now = ctx.now();
    let seen = open.as_ref().and_then(|open| open.in_browser);
    let tried = |trouble: Option<String>| match &open {
        // Told as it is called now.
        Some(open) => OpenRevocation {
            name: key.name.clone(),
            ..open.clone().tried(now, trouble)
        },
        None => OpenRevocation::begun(account.id, key, now, trouble),
    };
    let (tried, outcome) = match trial {
        Trial::NoToken => {
            if let Some(open) = &open {
                token_is_lost(ctx, open).await?;
            }
            return Ok(false);
        }
        Trial::Refused { is_current: true } if is_vouched || seen == Some(InBrowser::Accepted) => {
            is_proved(ctx, account, &tried(None)).await?;
            return Ok(true);
        }
        Trial::Refused { .. } => (
            tried(None).in_browser(InBrowser::RefusedUnproved),
            messages::REFUSED_UNPROVED.to_owned(),
        ),
        Trial::Accepted => (
            tried(None).in_browser(InBrowser::Accepted),
            messages::STILL_ACCEPTED.to_owned(),
        ),
        Trial::NotKnown(why) => {
            let outcome = messages::not_tried(&why);
            let seen = seen.unwrap_or(InBrowser::NotAccepted);
            (tried(Some(why)).in_browser(seen), outcome)
        }
    };
    goes_on_as(ctx, tried, &outcome).await?;
    Ok(true)
}

/// A 401 may be a gateway's that refuses everything: then it says nothing of the key.
async fn only_this_is_refused(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    refused: Trial,
    known: &KnownTokens,
) -> Trial {
    if account.own_key.is_token(Some(&key.id), &key.last_eight) {
        return try_tokens(ctx, account, &key.last_eight, known).await;
    }
    let client = match session::signed_in(ctx, account.id).await {
        Ok((_, client)) => client.with_retry(RetryPolicy::none()),
        Err(error) => return Trial::NotKnown(messages::no_comparison(&error.message)),
    };
    match client.check_token().await {
        Ok(_) => refused,
        Err(ApiError::Unauthorized) => Trial::NotKnown(messages::refuses_everything()),
        Err(error) => Trial::NotKnown(messages::no_comparison(&at_work(&error).message)),
    }
}

/// The tokens of the key that can be tried, only those that it has now; and whether something vouches for one of them.
async fn known_tokens(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
) -> Result<(KnownTokens, bool), UiError> {
    let mut known = KnownTokens::default();
    let pasted = ctx
        .lock(&ctx.of::<Pasted>().0)
        .get(&(account.id, key.id.clone()))
        .cloned();
    if let Some(token) = pasted {
        let is_vouched = vouches(key, &token);
        known.tokens.push(token);
        return Ok((known, is_vouched));
    }
    match source(ctx, account, &key.id, &key.last_eight).await? {
        // The service accepted it when the account was added.
        Some(TokenSource::Own) => {
            match credential::load(ctx, account.id).await {
                Ok(token) => known.tokens.push(token),
                Err(error) => known.trouble = Some(error),
            }
            Ok((known, true))
        }
        Some(TokenSource::Custody) => {
            known = tokens_in_custody(ctx, account, &key.id).await;
            let has_tail = |token: &BearerToken| {
                token.last_eight().as_deref() == Some(key.last_eight.as_str())
            };
            known.tokens.retain(has_tail);
            let is_vouched = known.tokens.iter().any(|token| vouches(key, token));
            Ok((known, is_vouched))
        }
        Some(TokenSource::Found) => {
            let token = at_a_place(ctx, account.id, key).await?;
            let is_vouched = token.as_ref().is_some_and(|token| vouches(key, token));
            known.tokens.extend(token);
            Ok((known, is_vouched))
        }
        Some(TokenSource::Pasted) | None => Ok((known, false)),
    }
}

/// Whether a 401 to it can have no other reason than that the key is gone, though it was never seen to be accepted.
fn vouches(key: &KeyRow, token: &BearerToken) -> bool {
    is_genuine(key, token)
        && token
            .record_id()
            .is_some_and(|id| key.record_id() == Some(id))
}

fn is_genuine(key: &KeyRow, token: &BearerToken) -> bool {
    let Ok(searched) = usage::SearchKey::new(key.id.as_str(), &key.last_eight) else {
        return false;
    };
    let text = token.secret().expose_secret().as_bytes();
    usage::recognise(text, &[searched])
        .iter()
        .any(|found| found.level == usage::Level::ThisKey)
        && is_checksum(&key.last_eight)
}

fn is_checksum(last_eight: &str) -> bool {
    last_eight.len() == 8
        && last_eight
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn are_numbers(one: &str, other: &str) -> bool {
    [one, other]
        .iter()
        .all(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The 401 was seen: the key leaves the list, if that still has it with this token, and what is dead goes.
async fn is_proved(ctx: &Context, account: &Account, open: &OpenRevocation) -> Result<(), UiError> {
    let at = ctx.now();
    let named = outcome::key_named(open);
    let deleted = journal::Entry {
        at,
        key: Some(named.clone()),
        ..session::entry(
            ctx,
            account,
            Action::DeleteKey,
            messages::DELETED_IN_BROWSER,
        )
    };
    let listed_otherwise = journal::Entry {
        at,
        key: Some(named),
        ..session::entry(ctx, account, Action::TryToken, messages::LISTED_OTHERWISE)
    };
    let (of, id, last_eight) = (open.account, open.key.clone(), open.last_eight.clone());
    let is_gone = ctx
        .database
        .run(move |transaction| {
            revocations::remove(transaction, of, &id)?;
            // The user may have described the key anew, or taken it off the list, while it was tried.
            if !key_cache::has(transaction, of, id.as_str(), &last_eight)? {
                journal::append(transaction, &listed_otherwise)?;
                return Ok(false);
            }
            intents::settle_of_key(transaction, of, &id)?;
            key_cache::remove_key(transaction, of, id.as_str())?;
            notices::remove_of_key(transaction, of, id.as_str())?;
            journal::append(transaction, &deleted)?;
            Ok(true)
        })
        .await?;
    forget(ctx, open.account, &open.key);
    if is_gone {
        return proved(ctx, open, at).await;
    }
    revocations_changed(ctx);
    Ok(())
}

/// There is nothing left to try it with: the app was closed, or the token left custody. The key stays in the list.
async fn token_is_lost(ctx: &Context, open: &OpenRevocation) -> Result<(), UiError> {
    let notice = Kept {
        id: Uuid::new_v4(),
        at: ctx.now(),
        account: open.account,
        key: Some(open.key.clone()),
        message: messages::token_is_lost(open),
        next: Some(NextStep::DeleteKey {
            account: open.account,
            key: open.key.clone(),
        }),
        is_calm: false,
    };
    let entry = outcome::try_entry(ctx, open, ctx.now(), messages::TOKEN_IS_LOST);
    let (account, key) = (open.account, open.key.clone());
    ctx.database
        .run(move |transaction| {
            if revocations::remove(transaction, account, &key)? {
                notices::add(transaction, &notice)?;
                journal::append(transaction, &entry)?;
            }
            Ok(())
        })
        .await?;
    revocations_changed(ctx);
    Ok(())
}

/// Ends the tries for which an earlier run of the app held the token in memory, and writes down that it did.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end_lost(ctx: &Context) -> Result<(), UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let open = revocations::all(&ctx.database).await?;
    for open in open.iter().filter(|open| open.in_browser.is_some()) {
        let Ok(account) = accounts::find(ctx, open.account) else {
            continue;
        };
        let source = source(ctx, &account, &open.key, &open.last_eight).await?;
        if source.is_none() {
            token_is_lost(ctx, open).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::row;

    const TOKEN: &str = "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";

    fn key(id: &str) -> KeyRow {
        KeyRow {
            last_eight: "cb4a95b9".to_owned(),
            ..row(id, "CI")
        }
    }

    fn taken(key: &KeyRow, text: &str) -> Result<bool, String> {
        token_of(key, &SecretString::from(text)).map(|token| vouches(key, &token))
    }

    #[test]
    fn only_a_whole_genuine_token_of_the_key_is_taken() {
        assert_eq!(taken(&key("1042"), TOKEN), Ok(true));
        let wrong = [
            // Another key's last 8, a character that was lost, another key's number.
            (
                key("1042"),
                "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b0",
            ),
            (
                key("1042"),
                "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8cb4a95b9",
            ),
            (
                key("1042"),
                "042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9",
            ),
            (key("1042"), "cb4a95b9"),
        ];
        for (key, text) in wrong {
            let why = taken(&key, text).unwrap_err();
            assert!(!why.contains("aB3dE5"), "{why}");
        }
    }

    #[test]
    fn a_401_alone_proves_nothing_where_the_number_of_the_token_is_not_known() {
        let noted = key("noted-6fa459ea-ee8a-4ca4-894e-db77e160355e");
        assert_eq!(taken(&noted, TOKEN), Ok(false));
        // A selection that began one character late: the service would not find it, and the key would live.
        assert_eq!(taken(&noted, &TOKEN[1..]), Ok(false));
        assert_eq!(taken(&key("1042"), &TOKEN[5..]), Ok(false));
    }

    #[test]
    fn a_token_without_a_checksum_is_known_by_its_last_eight_only() {
        let old = KeyRow {
            last_eight: "Zz9bC2eF".to_owned(),
            ..row("1042", "CI")
        };
        assert_eq!(
            taken(&old, "1042|aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eFZz9bC2eF"),
            Ok(false)
        );
    }
}
