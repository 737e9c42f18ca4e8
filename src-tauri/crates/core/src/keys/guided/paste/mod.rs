//! A key that the user makes or rotates in the browser, since the service has no endpoints for that, and whose new token
//! is pasted here.
//!
//! 1. The token is looked at offline: by its form, its checksum, and what is known of the list. What can't be it is
//!    refused; what only may not be it is asked about.
//! 2. The keychain shows that it can store, and an intent is noted.
//! 3. The token goes into custody before anything else happens to it: by the custodian, so that the app may be killed.
//! 4. Intent, list, journal and custody change in one transaction.
//! 5. The token is tried once; so is the one before it, where it is known here. Only a 401 lets that one go. A token that
//!    is refused is kept all the same, and the list is as it was.
//! 6. Was it the app's own key, the account moves to the new token once that worked.
//!
//! Nothing is sent but those tries: what happened at the service, the user has done. Left out: the form of a token
//! (`form`), the words (`messages`), and an intent that a crash left open (`reconcile`).

mod before;
pub(crate) mod begun;
pub(crate) mod form;
pub(crate) mod messages;
mod objection;
pub(crate) mod wire;

use pulseapi::{BearerToken, KeyId};
use uuid::Uuid;

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::at_work;
use crate::base::ids::{CustodyId, KeyRequest};
use crate::context::Context;
use crate::custody::arrival::{self, record_of_creation, record_of_rotation, with_token};
use crate::custody::client::keep_through_custodian;
use crate::custody::in_process::InProcess;
use crate::custody::records::Record;
use crate::custody::wire::{TokenTest, TokenTried, TokenVerdict};
use crate::custody::{self, Arrival};
use crate::keys::delete::messages::evidence_without_own;
use crate::keys::guided::fields;
use crate::keys::guided::paste::before::old_token;
use crate::keys::guided::paste::form::Pasted;
use crate::keys::guided::paste::objection::{objection, refused};
use crate::keys::guided::paste::wire::{
    MadeInBrowser, PasteField, PasteOutcome, PasteProblem, PasteTokenRequest,
};
use crate::keys::rotate::wire::RotateCard;
use crate::operation_lock::{self, InFlightRequest, Subject};
use crate::records::accounts::{self, Account, BrowserOperation};
use crate::records::intents::{
    self, AccountWas, Creation, Intent, KnownToken, RotateReason, Rotation,
};
use crate::records::journal::{self, Action, Entry};
use crate::records::key::KeyRow;
use crate::records::{key_cache, own_calls};
use crate::session::{self, in_browser, own_key};
use crate::tokens::reveal;
use crate::usage;
use crate::usage::searches::Searches;

/// What is shown before the user rotates a key in the browser, by the user's own list.
///
/// # Errors
/// When the account is not guided, the list does not have the key any more, or the database fails.
pub(crate) async fn rotate_card(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<RotateCard, UiError> {
    let account = in_browser::account(ctx, request.account, BrowserOperation::Rotate)?;
    usage::search::recall_findings(ctx, account.id).await?;
    own_calls::recall(ctx, account.id).await?;
    let key = begun::begin(ctx, &account, &request.key).await?;
    ctx.of::<Searches>().looked_at(account.id, &key);
    let now = ctx.now();
    let said = evidence_without_own(&own_calls::by_others(ctx, account.id, &key), now);
    Ok(RotateCard {
        evidence: messages::evidence(&said, &key),
        reasons: messages::reasons(&key),
        asked_at: now,
        key,
    })
}

/// Takes a new token that the user pastes into custody, and tries it.
///
/// # Errors
/// When the account is not guided, the list does not have the key any more, something is being done with it already, the
/// keychain does not show that it stores, or the app's own files fail before the token was taken: then it was not. From
/// then on everything is an outcome.
pub(crate) async fn paste_token(
    ctx: &Context,
    request: PasteTokenRequest,
) -> Result<PasteOutcome, UiError> {
    let (operation, subject) = match &request.made {
        MadeInBrowser::Created { .. } => {
            (BrowserOperation::Create, Subject::NewKey(request.account))
        }
        MadeInBrowser::Rotated { key, .. } => (
            BrowserOperation::Rotate,
            Subject::Key(request.account, key.clone()),
        ),
    };
    let account = in_browser::account(ctx, request.account, operation)?;
    let _lock = operation_lock::lock_operation(ctx, subject)?;
    let pasted = form::read(&request.token);
    match request.made {
        MadeInBrowser::Created {
            name,
            abilities,
            team,
        } => {
            let read = created(&name, &abilities, pasted);
            let (name, abilities, pasted) = match read {
                Ok(read) => read,
                Err(problems) => return Ok(PasteOutcome::Refused { problems }),
            };
            if let Some(outcome) =
                objection(ctx, &account, None, &pasted, request.despite_doubt).await?
            {
                return Ok(outcome);
            }
            let what = Creation {
                pasted: Some(id_of(ctx, &account, &pasted).await?),
                name,
                abilities,
                team,
                known: Vec::new(),
                all_known: false,
            };
            take_created(ctx, &account, what, pasted).await
        }
        MadeInBrowser::Rotated { key, reason } => {
            let key = begun::key_before(ctx, &account, &key).await?;
            let pasted = match pasted {
                Ok(pasted) => pasted,
                Err(message) => return Ok(refused(message)),
            };
            if let Some(outcome) =
                objection(ctx, &account, Some(&key), &pasted, request.despite_doubt).await?
            {
                return Ok(outcome);
            }
            take_rotated(ctx, &account, key, reason, pasted).await
        }
    }
}

async fn take_created(
    ctx: &Context,
    account: &Account,
    what: Creation,
    pasted: Pasted,
) -> Result<PasteOutcome, UiError> {
    // Where the service lists keys, its list may have the new one already.
    let listed = listed_with(ctx, account, &pasted.last_eight).await?;
    let name = what.name.clone();
    let intent = Intent::new(account, ctx.now(), what);
    let in_flight = operation_lock::in_flight_request(ctx, intent.id);
    prove_store(ctx).await?;
    intents::note(&ctx.database, &intent).await?;
    let record = record_of_creation(&intent, &AccountWas::of(account), &pasted.token, ctx.now());
    let entry = arrival::creation_entry(
        ctx,
        &intent,
        Some(&record),
        custody::messages::CREATION_PASTED,
    );
    let arrival = Arrival {
        row: match &listed {
            Some(_) => None,
            None => arrival::row_of_pasted(ctx, &intent, &record),
        },
        record: record.clone(),
        entry,
        settles: true,
    };
    let trouble = take_in(ctx, account, &in_flight, &name, &pasted.token, arrival).await;
    let tested = reveal::test_token(ctx, record.id).await;
    let after = After {
        row_if_refused: listed,
        old: None,
        trouble,
        moved: None,
    };
    finish(ctx, account, &record, tested, after).await
}

async fn take_rotated(
    ctx: &Context,
    account: &Account,
    key: KeyRow,
    reason: RotateReason,
    pasted: Pasted,
) -> Result<PasteOutcome, UiError> {
    let old = old_token(ctx, account, &key).await;
    let what = Rotation {
        token: KnownToken::of(&key),
        key,
        reason,
        pasted: true,
    };
    let intent = Intent::new(account, ctx.now(), what);
    let before = &intent.what.key;
    let in_flight = operation_lock::in_flight_request(ctx, intent.id);
    prove_store(ctx).await?;
    intents::note(&ctx.database, &intent).await?;
    let record = record_of_rotation(&intent, &AccountWas::of(account), &pasted.token, ctx.now());
    let row = with_token(before, &record, before.own);
    ctx.of::<Searches>().looked_at(account.id, &row);
    let arrival = Arrival {
        entry: Entry {
            key: Some((&row).into()),
            ..session::entry(ctx, account, Action::RotateKey, &messages::rotated(reason))
        },
        row: Some(row),
        record: record.clone(),
        // The account has yet to move to the token of its own key.
        settles: !before.own,
    };
    let trouble = take_in(
        ctx,
        account,
        &in_flight,
        &before.name,
        &pasted.token,
        arrival,
    )
    .await;
    if let Some((token, _)) = &old {
        let in_process = ctx.of::<InProcess>();
        in_process.remember_token_before(record.id, token.clone());
    }
    let tested = reveal::test_token(ctx, record.id).await;
    let moved = match &tested {
        Ok(tested) if before.own => Some(move_account(ctx, account, &pasted.token, tested).await),
        _ => None,
    };
    let after = After {
        row_if_refused: Some(before.clone()),
        old: old.and_then(|(_, in_custody)| in_custody),
        trouble,
        moved,
    };
    begun::end(ctx, account.id, &intent.what.key.id);
    finish(ctx, account, &record, tested, after).await
}

/// Whether the keychain can store. Until it has shown that, the web screen alone has the token.
async fn prove_store(ctx: &Context) -> Result<(), UiError> {
    let proved = ctx.vault().prove_store().await;
    proved.map_err(|error| messages::not_taken(error.into()))
}

/// Custody first, then everything that is written down. What went wrong; the token is safe or in memory whatever it is.
async fn take_in(
    ctx: &Context,
    account: &Account,
    in_flight: &InFlightRequest<'_>,
    name: &str,
    token: &BearerToken,
    arrival: Arrival,
) -> Option<UiError> {
    let mut issued = keep_through_custodian(ctx, account, in_flight, name, token.clone()).await;
    let trouble = custody::take_in(ctx, &arrival.record, &mut issued).await;
    let not_written = custody::write_down_arrival(ctx, arrival).await;
    trouble.or(not_written)
}

/// How far an account is that was to move to a new token of its own key.
enum Moved {
    Yes,
    /// It stays with what it has.
    No(Option<UiError>),
    /// It tries again by itself.
    NotYet(UiError),
}

/// The account moves to the new token of its own key, once that has worked and where it is of the same user.
async fn move_account(
    ctx: &Context,
    account: &Account,
    token: &BearerToken,
    tested: &TokenTest,
) -> Moved {
    match tested.new.verdict {
        TokenVerdict::Accepted => {}
        TokenVerdict::Refused => return Moved::No(None),
        TokenVerdict::NotKnown => {
            let why = UiError::new(ErrorCode::Other, tested.new.message.clone(), "");
            return Moved::NotYet(messages::not_adopted(why));
        }
    }
    let moved = async {
        let client = own_key::client_of(ctx, account, token.clone()).await?;
        let asked = client.check_token().await;
        let user = asked.map_err(|error| at_work(&error))?.user();
        if account.is_of(user.as_ref()) == Some(false) {
            return Ok(false);
        }
        own_key::store_credential(ctx, account, token).await?;
        session::clients(ctx).insert(account.id, client);
        Ok(true)
    };
    match moved.await {
        Ok(true) => Moved::Yes,
        Ok(false) => Moved::No(Some(messages::somebody_else())),
        Err(error) => {
            // The old one is dead: the next use case that needs a client finishes the move first.
            session::clients(ctx).remove(&account.id);
            Moved::NotYet(messages::not_adopted(error))
        }
    }
}

/// What there is to do once a token was tried.
struct After {
    /// The row that comes back where the token is refused; none where the key was new to the list.
    row_if_refused: Option<KeyRow>,
    /// The token before it, where it is in custody.
    old: Option<CustodyId>,
    /// What went wrong until then.
    trouble: Option<UiError>,
    /// None where it is not the app's own key.
    moved: Option<Moved>,
}

/// Writes down what the service said. The token is in custody already, so whatever fails from here on is told beside it.
async fn finish(
    ctx: &Context,
    account: &Account,
    record: &Record,
    tested: Result<TokenTest, UiError>,
    after: After,
) -> Result<PasteOutcome, UiError> {
    let tested = tested.unwrap_or_else(|error| TokenTest {
        new: TokenTried {
            verdict: TokenVerdict::NotKnown,
            message: error.message,
            at: ctx.now(),
        },
        old: None,
    });
    let told = messages::trouble(&tested, after.row_if_refused.is_some());
    let mut trouble = after.trouble;
    let mut settles = false;
    match after.moved {
        Some(Moved::Yes) => settles = true,
        Some(Moved::No(error)) => {
            settles = true;
            trouble = trouble.or(error);
        }
        Some(Moved::NotYet(error)) => trouble = trouble.or(Some(error)),
        None => {}
    }
    trouble = trouble.or(told);
    let written = write_down_test(ctx, account, record, &tested, after.row_if_refused, settles);
    if let Err(error) = written.await {
        trouble = trouble.or(Some(error));
    }
    let is_old_dead = tested
        .old
        .as_ref()
        .is_some_and(|old| old.verdict == TokenVerdict::Refused);
    if let Some(old) = after.old.filter(|_| is_old_dead)
        && let Err(error) = custody::leaving::forget_tokens(ctx, &[old]).await
    {
        tracing::warn!("{}", error.message);
    }
    Ok(PasteOutcome::Taken {
        token: Box::new(custody::token_view(ctx, record)),
        tested,
        trouble,
        list: key_cache::cached_keys(ctx, account.id).await?,
    })
}

/// Journal, list and intent change together.
async fn write_down_test(
    ctx: &Context,
    account: &Account,
    record: &Record,
    tested: &TokenTest,
    row_if_refused: Option<KeyRow>,
    settles: bool,
) -> Result<(), UiError> {
    let entry = custody::leaving::custody_entry(
        ctx,
        record,
        Action::TryToken,
        &messages::journalled(tested),
    );
    let account = accounts::find(ctx, account.id)?;
    let is_refused = tested.new.verdict == TokenVerdict::Refused;
    let settles = settles && !ctx.of::<InProcess>().is_only_here(record.id);
    let (id, key) = (record.id, record.key.clone());
    let (of, own_key) = (account.id, account.own_key.clone());
    let listed = key_cache::cached_keys(ctx, of).await?.keys;
    let now = listed.into_iter().find(|row| Some(&row.id) == key.as_ref());
    ctx.database
        .run(move |transaction| {
            if settles {
                intents::settle(transaction, id.0)?;
            }
            match (is_refused, row_if_refused, now) {
                (true, Some(before), _) => key_cache::put_key(transaction, of, &before)?,
                (true, None, Some(row)) => {
                    key_cache::remove_key(transaction, of, row.id.as_str())?;
                }
                (false, _, Some(row)) => {
                    let own = own_key.is_token(Some(&row.id), &row.last_eight);
                    key_cache::put_key(transaction, of, &KeyRow { own, ..row })?;
                }
                _ => {}
            }
            journal::append(transaction, &entry)
        })
        .await?;
    Ok(())
}

/// What is typed about a new key, read.
fn created(
    name: &str,
    abilities: &str,
    pasted: Result<Pasted, String>,
) -> Result<(String, Vec<String>, Pasted), Vec<PasteProblem>> {
    let mut problems = Vec::new();
    let mut refuse = |field: PasteField, message: String| {
        problems.push(PasteProblem { field, message });
    };
    let name = fields::name(name).unwrap_or_else(|problem| {
        refuse(PasteField::Name, problem);
        "-".to_owned()
    });
    if name.is_empty() {
        refuse(PasteField::Name, "Give the key its name.".to_owned());
    }
    let abilities = fields::abilities(abilities).unwrap_or_else(|problem| {
        refuse(PasteField::Abilities, problem);
        Vec::new()
    });
    match pasted {
        Ok(pasted) if problems.is_empty() => Ok((name, abilities, pasted)),
        Ok(_) => Err(problems),
        Err(message) => {
            problems.push(PasteProblem {
                field: PasteField::Token,
                message,
            });
            Err(problems)
        }
    }
}

/// Under which id a new key gets into the list: that of its record where the token tells it and the list has no other
/// such key.
async fn id_of(ctx: &Context, account: &Account, pasted: &Pasted) -> Result<KeyId, UiError> {
    if let Some(row) = listed_with(ctx, account, &pasted.last_eight).await? {
        return Ok(row.id);
    }
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let record = pasted
        .token
        .record_id()
        .and_then(|id| KeyId::parse(id).ok());
    match record.filter(|id| listed.iter().all(|row| row.id != *id)) {
        Some(id) => Ok(id),
        None => KeyRow::id_without_record(Uuid::new_v4()),
    }
}

/// The key of the list that has this token.
async fn listed_with(
    ctx: &Context,
    account: &Account,
    last_eight: &str,
) -> Result<Option<KeyRow>, UiError> {
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    Ok(listed.into_iter().find(|row| row.last_eight == last_eight))
}
