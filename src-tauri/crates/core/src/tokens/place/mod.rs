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

use pulseapi::KeyId;
use replace::{Failure, NewToken, OldToken, Plan, Prepared, Reason};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::{AccountId, CustodyId, KeyRequest};
use crate::context::Context;
use crate::custody;
use crate::custody::in_process::InProcess;
use crate::custody::leaving::custody_entry;
use crate::custody::records::Record;
use crate::host::Reply;
use crate::operation_lock::{self, Subject};
use crate::preferences;
use crate::preferences::search_folders::whole;
use crate::records::journal::{self, Action};
use crate::records::{accounts, key_cache};
use crate::tokens::place::candidates::{Candidate, Of};
use crate::tokens::place::interrupted::{NamedToken, OneRun, UnderWay};
use crate::tokens::place::messages::ChosenFacts;
use crate::tokens::place::wire::{
    PlaceFile, PlaceResult, Places, PlacesWritten, PutInPlaceRequest, PutOutcome,
};
use crate::usage::kept;

/// Plans that the page shows.
#[derive(Default)]
pub(crate) struct Placing {
    shown: Mutex<HashMap<PlanOf, Vec<Planned>>>,
}

/// Which token a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum PlanOf {
    /// One in custody.
    Token(CustodyId),
    /// The one that a rotation of this key will bring.
    Rotation(AccountId, KeyId),
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
        return Ok(Places::none());
    };
    let of = Of {
        key,
        new: Some(&record.last_eight),
        known: ctx.of::<InProcess>().token_before(id),
    };
    let masked = Some(record.masked.as_str());
    let token = named(&record);
    planned(ctx, record.account, &of, token, masked, PlanOf::Token(id)).await
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
    let plan = PlanOf::Rotation(account.id, row.id.clone());
    planned(ctx, account.id, &of, token, None, plan).await
}

/// Looks at each file that the last search found, keeps the plan, and tells it.
async fn planned(
    ctx: &Context,
    account: AccountId,
    of: &Of<'_>,
    token: NamedToken<'_>,
    after: Option<&str>,
    plan: PlanOf,
) -> Result<Places, UiError> {
    let Some((_, findings)) = kept::last(&ctx.database, account, of.key).await? else {
        return Ok(Places::none());
    };
    let sought = candidates::sought(ctx, of, &findings);
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
    let files = shown.iter().map(|planned| shown_file(planned, after));
    let places = Places {
        searched: true,
        files: files.collect(),
        by_hand,
    };
    ctx.lock(&ctx.of::<Placing>().shown).insert(plan, shown);
    Ok(places)
}

fn named(record: &Record) -> NamedToken<'_> {
    NamedToken {
        name: &record.name,
        last_eight: &record.last_eight,
    }
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
    if ctx
        .host
        .ask(messages::question(&record, &chosen.facts))
        .await
        != Reply::Yes
        || !chosen.consented(ctx).await
    {
        return Ok(PutOutcome::Cancelled);
    }
    written(ctx, &record, new, chosen)
        .await
        .map(PutOutcome::Ended)
}

/// Files of a plan that the user ticked.
pub(crate) struct Chosen {
    planned: Vec<Planned>,
    facts: ChosenFacts,
}

impl Chosen {
    /// Takes the ticked files out of the plan that is shown beside a rotation; nothing where none is ticked.
    ///
    /// # Errors
    /// When the plan is not on screen any more.
    pub(crate) fn before_rotation(
        ctx: &Context,
        account: AccountId,
        key: &KeyId,
        files: &[String],
    ) -> Result<Option<Self>, UiError> {
        if files.is_empty() {
            return Ok(None);
        }
        chosen(ctx, &PlanOf::Rotation(account, key.clone()), files).map(Some)
    }

    /// What the question about the rotation says of them.
    pub(crate) fn in_question(&self) -> String {
        messages::in_question(&self.facts)
    }

    /// What the button says beside "Rotate key".
    pub(crate) fn count(&self) -> usize {
        self.planned.len()
    }

    /// Asks about what is out of the ordinary, if anything is.
    pub(crate) async fn consented(&self, ctx: &Context) -> bool {
        match messages::question_of_consent(&self.facts) {
            None => true,
            Some(question) => ctx.host.ask(question).await == Reply::Yes,
        }
    }

    /// Looks once more whether each file is what was planned on.
    ///
    /// # Errors
    /// With the first that is not.
    pub(crate) async fn check(self) -> Result<Self, UiError> {
        let check = move || {
            let refused = self.planned.iter().find_map(|planned| {
                let reason = planned.plan.check().err()?;
                Some(messages::changed_since(
                    &planned.candidate.short_path,
                    reason,
                ))
            });
            refused.map_or(Ok(self), Err)
        };
        tokio::task::spawn_blocking(check)
            .await
            .map_err(|_| messages::not_looked())?
    }

    /// Puts the token of a rotation that has just been made into them. The user has said yes to both at once.
    ///
    /// # Errors
    /// When the token is not in custody, or the database fails before anything was written.
    pub(crate) async fn put(self, ctx: &Context, id: CustodyId) -> Result<PlacesWritten, UiError> {
        let (record, secret) = custody::open_token(ctx, id).await?;
        let new = NewToken::new(&secret).map_err(messages::not_plain)?;
        written(ctx, &record, new, self).await
    }
}

/// Writes down what is under way, writes, and journals it.
async fn written(
    ctx: &Context,
    record: &Record,
    new: NewToken,
    chosen: Chosen,
) -> Result<PlacesWritten, UiError> {
    let _one_at_a_time = ctx.of::<OneRun>().0.lock().await;
    let prepared = prepared(chosen.planned, new).await?;
    let ready = prepared
        .iter()
        .filter_map(|(_, prepared)| prepared.as_ref().ok());
    let under_way = UnderWay::writing(ctx, named(record), ready.map(Prepared::pending)).await?;
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
    let entry = custody_entry(ctx, record, Action::PutInPlace, &outcome);
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(PlacesWritten {
        message: messages::ended(&results, record.arrived_at, ctx.now()),
        results,
    })
}

/// Takes the ticked files out of the plan on screen: what is not ticked now is looked at again another time.
fn chosen(ctx: &Context, plan: &PlanOf, files: &[String]) -> Result<Chosen, UiError> {
    let shown = ctx
        .lock(&ctx.of::<Placing>().shown)
        .remove(plan)
        .unwrap_or_default();
    let wanted: BTreeSet<&String> = files.iter().collect();
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
    fn none() -> Self {
        Self {
            searched: false,
            files: Vec::new(),
            by_hand: Vec::new(),
        }
    }
}
