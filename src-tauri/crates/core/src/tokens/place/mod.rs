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
pub(crate) mod interrupted;
mod messages;
mod purpose;
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
use crate::tokens::place::candidates::{Candidate, Of, Sought};
use crate::tokens::place::interrupted::{NamedToken, OneRun, UnderWay};
use crate::tokens::place::messages::ChosenFacts;
use crate::tokens::place::purpose::{Place, Purpose};
use crate::tokens::place::wire::{
    PlaceByHand, PlaceFile, PlaceResult, Places, PlacesWritten, PutInPlaceRequest, PutOutcome,
};
use crate::usage::kept;
use crate::usage::wire::FindingHeading;

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

fn named(record: &Record) -> NamedToken<'_> {
    NamedToken {
        name: &record.name,
        last_eight: &record.last_eight,
    }
}

fn place(candidate: &Candidate) -> Place {
    Place {
        path: candidate.path.clone(),
        short_path: candidate.short_path.clone(),
        heading: word(candidate.heading),
    }
}

fn place_by_hand(place: &PlaceByHand) -> Place {
    Place {
        path: PathBuf::from(&place.path),
        short_path: place.short_path.clone(),
        heading: word(FindingHeading::Elsewhere),
    }
}

/// As the page and the database write it.
fn word(heading: FindingHeading) -> String {
    let word = serde_json::to_value(heading).ok();
    let word = word.as_ref().and_then(|word| word.as_str());
    word.unwrap_or_default().to_owned()
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
    written(ctx, &record, new, chosen, &purpose)
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
        let purpose = purpose::of(ctx, &record).await?;
        written(ctx, &record, new, self, &purpose).await
    }
}

/// Writes down what is under way, writes, and journals it.
async fn written(
    ctx: &Context,
    record: &Record,
    new: NewToken,
    chosen: Chosen,
    purpose: &Purpose,
) -> Result<PlacesWritten, UiError> {
    let _one_at_a_time = ctx.of::<OneRun>().0.lock().await;
    let planned = chosen.planned.iter();
    let seen: Vec<OldToken> = planned.map(|planned| planned.old.clone()).collect();
    let prepared = prepared(chosen.planned, new).await?;
    let kept = purpose::keep_old(ctx, purpose, &seen).await;
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
        .map(|(candidate, result)| told(candidate, result, purpose))
        .collect();
    let done = written.iter().filter(|(_, result)| result.is_ok());
    let done = done.map(|(candidate, _)| place(candidate)).collect();
    purpose::written(ctx, purpose, done, kept).await?;
    let outcome = messages::journalled(&results, purpose);
    let entry = custody_entry(ctx, record, Action::PutInPlace, &outcome);
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(PlacesWritten {
        message: messages::ended(&results, purpose, record.arrived_at, ctx.now()),
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

fn told(candidate: &Candidate, result: &Result<(), Failure>, purpose: &Purpose) -> PlaceResult {
    PlaceResult {
        id: candidate.id.clone(),
        path: candidate.path_shown.clone(),
        short_path: candidate.short_path.clone(),
        heading: candidate.heading,
        title: messages::title(candidate.heading),
        done: result.is_ok(),
        message: match result {
            Ok(()) => messages::in_place(purpose).to_owned(),
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
            of_key: None,
            is_back: false,
            files: Vec::new(),
            by_hand: Vec::new(),
        }
    }
}
