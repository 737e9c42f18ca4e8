//! Writing the files: what a kill would leave behind is written down, each file is written, whole or not at all, and the
//! swap and the journal say in which.

use replace::{Failure, NewToken, OldToken, Prepared, Reason};

use crate::base::error::UiError;
use crate::context::Context;
use crate::custody::leaving::custody_entry;
use crate::custody::records::Record;
use crate::records::journal::Action;
use crate::tokens::place::candidates::Candidate;
use crate::tokens::place::interrupted::{OneRun, UnderWay};
use crate::tokens::place::planned::{Planned, place};
use crate::tokens::place::purpose::{self, Purpose};
use crate::tokens::place::wire::{PlaceResult, PlacesWritten};
use crate::tokens::place::{messages, restart};

/// Writes down what is under way, writes, and journals it.
pub(super) async fn written(
    ctx: &Context,
    record: &Record,
    new: NewToken,
    planned: Vec<Planned>,
    purpose: &Purpose,
) -> Result<PlacesWritten, UiError> {
    let _one_at_a_time = ctx.of::<OneRun>().0.lock().await;
    let seen: Vec<OldToken> = planned.iter().map(|planned| planned.old.clone()).collect();
    let prepared = prepared(planned, new).await?;
    purpose::keep_old(ctx, purpose, &seen).await;
    let ready = prepared.iter().filter_map(|(candidate, prepared)| {
        let prepared = prepared.as_ref().ok()?;
        Some((place(candidate), prepared.pending().clone()))
    });
    let under_way = UnderWay::writing(ctx, record, purpose, ready.collect()).await?;
    let written = applied(prepared).await?;
    let results: Vec<PlaceResult> = written
        .iter()
        .map(|(candidate, result)| told(candidate, result, purpose))
        .collect();
    let done = written.iter().filter(|(_, result)| result.is_ok());
    let done = done.map(|(candidate, _)| place(candidate)).collect();
    let ticked = match purpose.swap() {
        Some(swap) => swap.written(ctx, done).await,
        None => Ok(()),
    };
    let outcome = messages::journalled(&results, purpose);
    let entry = custody_entry(ctx, record, Action::PutInPlace, &outcome);
    // What could not be ended stays written down.
    let is_ended = written
        .iter()
        .all(|(_, result)| !matches!(result, Err(Failure::Unfinished(_))));
    // What the swap could not be told, the next start tells it.
    let ended = match ticked {
        Ok(()) => under_way.end(ctx, is_ended, entry).await,
        not_ticked => not_ticked,
    };
    let took = (record.arrived_at, ctx.now());
    Ok(PlacesWritten {
        message: messages::ended(&results, purpose, took, ended.err().as_ref()),
        results,
    })
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
