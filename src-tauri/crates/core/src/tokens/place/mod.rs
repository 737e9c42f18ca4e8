//! Puts a token in custody where an older token of its key stands on this machine: look, show, ask, write down what is
//! under way, write, tell.
//!
//! 1. What the last search found is looked at again, file by file, and whatever could fail is tried. Nothing is changed.
//! 2. The page shows the plan, and names what the user ticked. It names files of the plan and never a path.
//! 3. The host asks the user; what is out of the ordinary is a question of its own.
//! 4. What a kill would leave behind is written down, and each file is written, whole or not at all (the crate `replace`).
//! 5. The journal says in how many files, and in which.
//!
//! A token whose text this app does not know is replaced where its own checksum proves it. Left out: finding the places
//! (`usage`), the words (`messages`), and what has to be restarted (`restart`).

mod candidates;
pub(crate) mod interrupted;
mod messages;
mod restart;
pub(crate) mod wire;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Mutex;

use replace::{Failure, NewToken, OldToken, Plan, Prepared, Reason};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::custody;
use crate::custody::leaving::custody_entry;
use crate::custody::records::Record;
use crate::host::Reply;
use crate::operation_lock::{self, Subject};
use crate::preferences;
use crate::preferences::search_folders::whole;
use crate::records::journal::{self, Action};
use crate::tokens::place::candidates::Candidate;
use crate::tokens::place::interrupted::{OneRun, UnderWay};
use crate::tokens::place::messages::ChosenFacts;
use crate::tokens::place::wire::{
    PlaceByHand, PlaceFile, PlaceResult, Places, PutInPlaceRequest, PutOutcome,
};
use crate::usage::kept;

/// Plans that the page shows.
#[derive(Default)]
pub(crate) struct Placing {
    shown: Mutex<HashMap<CustodyId, Vec<Planned>>>,
}

/// A file of a plan that the page shows.
struct Planned {
    candidate: Candidate,
    old: OldToken,
    plan: Plan,
}

/// Where an older token of this one's key stands, as the last search found it and as it is now. Nothing is changed.
///
/// # Errors
/// When it is not in custody any more, or the keychain or the database fails.
pub(crate) async fn places(ctx: &Context, id: CustodyId) -> Result<Places, UiError> {
    let (record, _) = custody::open_token(ctx, id).await?;
    let Some(key) = &record.key else {
        return Ok(Places::none(&record));
    };
    let Some((_, findings)) = kept::last(&ctx.database, record.account, key).await? else {
        return Ok(Places::none(&record));
    };
    let sought = candidates::sought(ctx, &record, &findings);
    let looking = UnderWay::looking(ctx, &record, &sought.files).await?;
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
    let files = shown.iter().map(|planned| shown_file(planned, &record));
    let places = Places {
        token: id,
        searched: true,
        after: record.masked.clone(),
        files: files.collect(),
        by_hand,
    };
    ctx.lock(&ctx.of::<Placing>().shown).insert(id, shown);
    Ok(places)
}

fn look(candidate: Candidate, roots: &[PathBuf]) -> Result<Planned, Box<(Candidate, Reason)>> {
    let Some(old) = candidate.old.clone() else {
        return Err(Box::new((candidate, Reason::NotThere)));
    };
    match replace::look(&candidate.path, &old, roots) {
        Ok(plan) => Ok(Planned {
            candidate,
            old,
            plan,
        }),
        Err(reason) => Err(Box::new((candidate, reason))),
    }
}

fn shown_file(planned: &Planned, record: &Record) -> PlaceFile {
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
        after: record.masked.clone(),
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
    let _one_at_a_time = ctx.of::<OneRun>().0.lock().await;
    let new = NewToken::new(&secret).map_err(messages::not_plain)?;
    let chosen = chosen(ctx, request)?;

    if ctx
        .host
        .ask(messages::question(&record, &chosen.facts))
        .await
        != Reply::Yes
    {
        return Ok(PutOutcome::Cancelled);
    }
    if let Some(question) = messages::question_of_consent(&chosen.facts)
        && ctx.host.ask(question).await != Reply::Yes
    {
        return Ok(PutOutcome::Cancelled);
    }

    let prepared = prepared(chosen.planned, new).await?;
    let ready = prepared
        .iter()
        .filter_map(|(_, prepared)| prepared.as_ref().ok());
    let under_way = UnderWay::writing(ctx, &record, ready.map(Prepared::pending)).await?;
    let written = applied(prepared).await?;
    // What could not be ended stays written down.
    let ended = written
        .iter()
        .all(|(_, result)| !matches!(result, Err(Failure::Unfinished(_))));
    if ended {
        under_way.forget(ctx).await?;
    }
    let results: Vec<PlaceResult> = written
        .iter()
        .map(|(candidate, result)| told(candidate, result))
        .collect();
    let outcome = messages::journalled(&results);
    let entry = custody_entry(ctx, &record, Action::PutInPlace, &outcome);
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(PutOutcome::Ended {
        message: messages::ended(&results, record.arrived_at, ctx.now()),
        results,
    })
}

/// What the user ticked.
struct Chosen {
    planned: Vec<Planned>,
    facts: ChosenFacts,
}

/// Takes the ticked files out of the plan on screen: what is not ticked now is looked at again another time.
fn chosen(ctx: &Context, request: &PutInPlaceRequest) -> Result<Chosen, UiError> {
    let shown = ctx
        .lock(&ctx.of::<Placing>().shown)
        .remove(&request.token)
        .unwrap_or_default();
    let wanted: BTreeSet<&String> = request.files.iter().collect();
    let planned: Vec<Planned> = shown
        .into_iter()
        .filter(|planned| wanted.contains(&planned.candidate.id))
        .collect();
    if planned.is_empty() || planned.len() != wanted.len() {
        return Err(UiError::new(
            ErrorCode::Other,
            "This plan is not the newest any more. Nothing was changed.",
            "Look again, and choose.",
        ));
    }
    let consents = planned.iter().flat_map(|planned| {
        let consents = planned.plan.consents().iter();
        consents.map(|consent| (*consent, planned.candidate.short_path.clone()))
    });
    let facts = ChosenFacts {
        files: planned
            .iter()
            .map(|planned| planned.candidate.short_path.clone())
            .collect(),
        consents: consents.collect(),
    };
    Ok(Chosen { planned, facts })
}

/// All new contents, in memory.
async fn prepared(
    planned: Vec<Planned>,
    new: NewToken,
) -> Result<Vec<(Candidate, Result<Prepared, Reason>)>, UiError> {
    let prepare = move || {
        let planned = planned.into_iter();
        let prepared = planned.map(
            |Planned {
                 candidate,
                 old,
                 plan,
             }| {
                let prepared = plan.prepare(&old, &new);
                (candidate, prepared)
            },
        );
        prepared.collect()
    };
    tokio::task::spawn_blocking(prepare)
        .await
        .map_err(|_| messages::not_looked())
}

type Written = (Candidate, Result<(), Failure>);

async fn applied(
    prepared: Vec<(Candidate, Result<Prepared, Reason>)>,
) -> Result<Vec<Written>, UiError> {
    let apply = move || {
        let prepared = prepared.into_iter();
        let written = prepared.map(|(candidate, prepared)| {
            let result = prepared.map_err(Failure::Refused).and_then(Prepared::apply);
            (candidate, result)
        });
        written.collect()
    };
    tokio::task::spawn_blocking(apply)
        .await
        .map_err(|_| messages::broke_off())
}

fn told(candidate: &Candidate, result: &Result<(), Failure>) -> PlaceResult {
    PlaceResult {
        id: candidate.id.clone(),
        path: candidate.path_shown.clone(),
        short_path: candidate.short_path.clone(),
        heading: candidate.heading,
        title: messages::title(candidate.heading),
        done: result.is_ok(),
        message: match result {
            Ok(()) => messages::IN_PLACE.to_owned(),
            Err(failure) => messages::failed(failure),
        },
        restart: result.is_ok().then(|| restart::after(candidate)).flatten(),
    }
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
    fn none(record: &Record) -> Self {
        Self {
            token: record.id,
            searched: false,
            after: record.masked.clone(),
            files: Vec::new(),
            by_hand: Vec::<PlaceByHand>::new(),
        }
    }
}
