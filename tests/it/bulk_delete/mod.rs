//! Deleting several keys against a real server: what is asked first, what is sent and in which order, what is true
//! afterwards, and how a run through many keys lives with a rate limit.

mod alone;
mod cancelling;
mod card;
mod limits;
mod many;
mod outcomes;

use std::time::Duration;

use pulse_keys_core::view::{
    AccountId, BulkCard, BulkCardRequest, BulkDeleteRequest, BulkOutcome, BulkResult,
    BulkResultKind, BulkRow,
};
use pulseapi::KeyId;

use crate::world::World;

use BulkResultKind::{Changed, Deleted, GoneAlready, NotDeleted, NotTried, Unknown};

fn key(id: i64) -> KeyId {
    KeyId::parse(&id.to_string()).unwrap()
}

fn keys(ids: &[i64]) -> Vec<KeyId> {
    ids.iter().map(|id| key(*id)).collect()
}

fn path(id: i64) -> String {
    format!("/api-keys/{id}")
}

/// The end of a run.
#[derive(Debug)]
struct Ended {
    results: Vec<BulkResult>,
    cancelled: bool,
    message: String,
}

impl Ended {
    fn of(outcome: BulkOutcome) -> Self {
        match outcome {
            BulkOutcome::Finished {
                results,
                cancelled,
                message,
            } => Self {
                results,
                cancelled,
                message,
            },
            other => panic!("{other:?}"),
        }
    }

    fn kinds(&self) -> Vec<BulkResultKind> {
        self.results.iter().map(|result| result.kind).collect()
    }

    fn count(&self, kind: BulkResultKind) -> usize {
        self.kinds().iter().filter(|found| **found == kind).count()
    }
}

impl World {
    /// Idle keys, so that no phrase is asked.
    async fn idle_keys(&self, count: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.idle_key(200).await.id);
        }
        ids
    }

    async fn bulk_card(&self, account: AccountId, ids: &[i64]) -> BulkCard {
        let keys = keys(ids);
        let request = BulkCardRequest { account, keys };
        self.app.bulk_card(&request).await.unwrap()
    }

    /// Deletes what a card showed before.
    async fn delete_shown(
        &self,
        account: AccountId,
        ids: &[i64],
        typed: Option<&str>,
    ) -> BulkOutcome {
        let request = deletion(account, ids, typed);
        self.app.delete_keys(&request, |_| {}).await.unwrap()
    }

    /// Opens a card and deletes all of it, with the phrase.
    async fn delete_all(&self, account: AccountId, ids: &[i64]) -> Ended {
        self.bulk_card(account, ids).await;
        let phrase = format!("delete {} keys", ids.len());
        Ended::of(self.delete_shown(account, ids, Some(&phrase)).await)
    }

    /// What the app sent to delete a key, as the server saw it: what it came to, and what it answered.
    fn deletes_of(&self, id: i64) -> Vec<(Option<u16>, Option<u16>)> {
        let requests = self.faults().requests();
        requests
            .iter()
            .filter(|seen| seen.method == "DELETE" && seen.path.ends_with(&path(id)))
            // The test's own requests have none.
            .filter(|seen| seen.idempotency_key.is_some())
            .map(|seen| (seen.acted, seen.answered))
            .collect()
    }

    /// How many requests reached the server, by what they asked.
    fn asked(&self, method: &str, is_meant: impl Fn(&str) -> bool) -> usize {
        let requests = self.faults().requests();
        requests
            .iter()
            .filter(|seen| seen.method == method && is_meant(&seen.path))
            .count()
    }
}

fn deletion(account: AccountId, ids: &[i64], typed: Option<&str>) -> BulkDeleteRequest {
    BulkDeleteRequest {
        account,
        keys: keys(ids),
        typed: typed.map(str::to_owned),
    }
}

fn row(card: &BulkCard, id: i64) -> &BulkRow {
    card.rows.iter().find(|row| row.key.id == key(id)).unwrap()
}

fn changed(outcome: BulkOutcome) -> (BulkCard, String) {
    match outcome {
        BulkOutcome::CardChanged { card, message } => (card, message),
        other => panic!("{other:?}"),
    }
}

fn ticked(card: &BulkCard) -> Vec<KeyId> {
    let rows = card.rows.iter().filter(|row| row.ticked);
    rows.map(|row| row.key.id.clone()).collect()
}

async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn ids_of(ended: &Ended, kinds: &[BulkResultKind]) -> Vec<i64> {
    let results = ended.results.iter();
    results
        .filter(|result| kinds.contains(&result.kind))
        .map(|result| result.key.as_str().parse().unwrap())
        .collect()
}

/// What was told is so: at the server, in the cached list and in the journal; and nothing is in doubt.
async fn is_true(world: &World, account: AccountId, ended: &Ended) {
    let cached = world.cached(account).await;
    let journal = world.app.journal().await.unwrap();
    assert_eq!(journal.broken_at, None);
    for result in &ended.results {
        let is_gone = matches!(result.kind, Deleted | GoneAlready);
        let id: i64 = result.key.as_str().parse().unwrap();
        assert_eq!(world.exists(id).await, !is_gone, "{result:?}");
        let is_cached = cached.iter().any(|row| row.id == result.key);
        assert_eq!(is_cached, !is_gone, "{result:?}");
        let mut rows = journal.rows.iter().filter(|row| {
            row.action == "delete_key" && row.key_id.as_deref() == Some(result.key.as_str())
        });
        let outcome = rows.next_back().map(|row| row.outcome.as_str());
        match result.kind {
            Deleted => assert_eq!(outcome, Some("deleted: record gone")),
            GoneAlready => assert_eq!(outcome, Some("gone already")),
            NotDeleted => assert!(outcome.unwrap().starts_with("not deleted: ")),
            Unknown => assert!(outcome.unwrap().starts_with("unknown: ")),
            Changed => assert!(outcome.unwrap().contains("it changed")),
            NotTried => assert!(outcome.is_none_or(|outcome| outcome.starts_with("not deleted"))),
        }
    }
    let unknown = ended.count(Unknown);
    assert_eq!(world.notices().await.len(), unknown, "each is told");
}
