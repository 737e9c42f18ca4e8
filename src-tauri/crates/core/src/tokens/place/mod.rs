//! Puts a token in custody where an older token of its key stands on this machine: look, show, ask, write down what is
//! under way, write, tell.
//!
//! 1. What the last search found is looked at again, file by file, and whatever could fail is tried. Nothing is changed.
//! 2. The page shows the plan, and names what the user ticked. It names files of the plan and never a path.
//! 3. The host asks the user; what is out of the ordinary is a question of its own.
//! 4. What a kill would leave behind is written down, and each file is written, whole or not at all (the crate `replace`).
//! 5. The journal says in how many files, and in which.
//!
//! A token whose text this app does not know is replaced where its own checksum proves it. The token of a sibling goes where
//! that of the old key stands, and the old one can go back: see `purpose`. Left out: finding the places (`usage`), the words
//! (`messages`), and what has to be restarted (`restart`).

mod candidates;
mod chosen;
pub(crate) mod interrupted;
mod messages;
mod planned;
mod purpose;
mod restart;
pub(crate) mod wire;
mod write;

use std::path::PathBuf;

use replace::NewToken;

use crate::base::error::UiError;
use crate::base::ids::{AccountId, CustodyId, KeyRequest};
use crate::context::Context;
use crate::custody;
use crate::custody::in_process::InProcess;
use crate::host::Reply;
use crate::operation_lock::{self, Subject};
use crate::preferences;
use crate::preferences::search_folders::whole;
use crate::records::{accounts, key_cache};
use crate::tokens::place::candidates::{Of, Sought};
use crate::tokens::place::chosen::chosen;
use crate::tokens::place::interrupted::{NamedToken, UnderWay};
use crate::tokens::place::planned::{PlanOf, Planned, look, named, place, place_by_hand};
use crate::tokens::place::purpose::Purpose;
use crate::tokens::place::wire::{PlaceFile, Places, PutInPlaceRequest, PutOutcome};
use crate::tokens::place::write::written;
use crate::usage::kept;

pub(crate) use crate::tokens::place::chosen::Chosen;
pub(crate) use crate::tokens::place::planned::Placing;

/// Where an older token of this one's key stands, as the last search found it and as it is now. Nothing is changed.
///
/// # Errors
/// When it is not in custody any more, or the keychain or the database fails.
pub(crate) async fn places(ctx: &Context, id: CustodyId) -> Result<Places, UiError> {
    let (record, _) = custody::open_token(ctx, id).await?;
    let purpose = purpose::of(ctx, &record).await?;
    let sought = match (&purpose, purpose.of_key()) {
        (Purpose::Back(swap), _) => Some(candidates::written_before(swap)),
        (_, None) => None,
        (_, Some(key)) => {
            let of = Of {
                key,
                new: Some(&record.last_eight),
                known: ctx.of::<InProcess>().token_before(id),
            };
            sought(ctx, record.account, &of).await?
        }
    };
    let Some(sought) = sought else {
        return Ok(Places::none());
    };
    let masked = Some(record.masked.as_str());
    let token = named(&record);
    planned(ctx, sought, token, masked, PlanOf::Token(id), &purpose).await
}

/// Where the token of a key stands before it is rotated: the same plan, made while nothing is lost yet.
///
/// # Errors
/// When the account is not known any more, or the database fails.
pub(crate) async fn places_before_rotation(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<Places, UiError> {
    let account = accounts::find(ctx, request.account)?;
    let known = key_cache::cached_keys(ctx, account.id).await?.keys;
    let Some(row) = known.into_iter().find(|key| key.id == request.key) else {
        return Ok(Places::none());
    };
    let of = Of {
        key: &row.id,
        new: None,
        known: custody::known_token_of(ctx, account.id, &row).await,
    };
    let token = NamedToken {
        name: &row.name,
        last_eight: &row.last_eight,
    };
    let Some(sought) = sought(ctx, account.id, &of).await? else {
        return Ok(Places::none());
    };
    let plan = PlanOf::Rotation(account.id, row.id.clone());
    let purpose = Purpose::Rotation(row.id.clone());
    planned(ctx, sought, token, None, plan, &purpose).await
}

/// What the last search found; none where there was none.
async fn sought(ctx: &Context, account: AccountId, of: &Of<'_>) -> Result<Option<Sought>, UiError> {
    let last = kept::last(&ctx.database, account, of.key).await?;
    Ok(last.map(|(_, findings)| candidates::sought(ctx, of, &findings)))
}

/// Looks at each file that was found, keeps the plan, and tells it.
async fn planned(
    ctx: &Context,
    sought: Sought,
    token: NamedToken<'_>,
    after: Option<&str>,
    plan: PlanOf,
    purpose: &Purpose,
) -> Result<Places, UiError> {
    let looking = UnderWay::looking(ctx, token, &sought.files).await?;
    let roots = roots(ctx);
    let looked = tokio::task::spawn_blocking(move || -> Vec<_> {
        let roots: Vec<PathBuf> = roots
            .iter()
            .filter_map(|root| root.canonicalize().ok())
            .collect();
        let files = sought.files.into_iter();
        files.map(|candidate| look(candidate, &roots)).collect()
    });
    let looked = looked.await.map_err(|_| messages::not_looked())?;
    looking.forget(ctx).await?;

    let (mut shown, mut by_hand) = (Vec::new(), sought.by_hand);
    for looked in looked {
        match looked {
            Ok(planned) => shown.push(planned),
            Err(refused) => by_hand.extend(candidates::refused(&refused.0, refused.1)),
        }
    }
    if let Purpose::Sibling(swap) = purpose {
        let files = shown.iter().map(|planned| place(&planned.candidate));
        let unwritten = by_hand.iter().filter(|place| place.needs_change);
        let unwritten = unwritten.map(place_by_hand).collect();
        purpose::learn(ctx, swap, files.collect(), unwritten).await?;
    }
    let files = shown.iter().map(|planned| shown_file(planned, after));
    let places = Places {
        searched: true,
        of_key: purpose.of_key().cloned(),
        is_back: purpose.is_back(),
        files: files.collect(),
        by_hand,
    };
    ctx.lock(&ctx.of::<Placing>().shown).insert(plan, shown);
    Ok(places)
}

fn shown_file(planned: &Planned, after: Option<&str>) -> PlaceFile {
    let Planned {
        candidate, plan, ..
    } = planned;
    PlaceFile {
        id: candidate.id.clone(),
        path: candidate.path_shown.clone(),
        short_path: candidate.short_path.clone(),
        heading: candidate.heading,
        title: messages::title(candidate.heading),
        before: candidate.mask.clone(),
        after: after.map(str::to_owned),
        spots: candidate.spots(plan),
        remarks: messages::remarks(plan),
        needs_consent: !plan.consents().is_empty(),
    }
}

/// Puts the token into the files that the user ticked, after the host's question.
///
/// # Errors
/// When the plan is not on screen any more, the token is not in custody, something is being done with the key already,
/// or the database fails before anything was written.
pub(crate) async fn put_in_place(
    ctx: &Context,
    request: &PutInPlaceRequest,
) -> Result<PutOutcome, UiError> {
    let id = request.token;
    let (record, secret) = custody::open_token(ctx, id).await?;
    let subject = record
        .key
        .clone()
        .map(|key| Subject::Key(record.account, key));
    let _lock = subject
        .map(|subject| operation_lock::lock_operation(ctx, subject))
        .transpose()?;
    let chosen = chosen(ctx, &PlanOf::Token(id), &request.files)?;
    let new = NewToken::new(&secret).map_err(messages::not_plain)?;
    let purpose = purpose::of(ctx, &record).await?;
    if ctx
        .host
        .ask(messages::question(&record, &chosen.facts, &purpose))
        .await
        != Reply::Yes
        || !chosen.consented(ctx).await
    {
        return Ok(PutOutcome::Cancelled);
    }
    written(ctx, &record, new, chosen.planned, &purpose)
        .await
        .map(PutOutcome::Ended)
}

/// The folders that may be written into without a question of its own.
fn roots(ctx: &Context) -> Vec<PathBuf> {
    let folders = preferences::preferences(ctx).search;
    let home = ctx.host.home();
    let all = folders.roots.iter().chain(&folders.extra);
    all.filter_map(|written| whole(written, home.as_deref()))
        .collect()
}

impl Places {
    /// No search has found any.
    fn none() -> Self {
        Self {
            searched: false,
            of_key: None,
            is_back: false,
            files: Vec::new(),
            by_hand: Vec::new(),
        }
    }
}
