//! A search beside the card before a deletion: what is found arrives with what then stands before the deletion, without
//! another question to the service, and what was found before stays while the search runs.

use std::sync::Mutex;

use pulse_keys_core::view::{
    BulkCardRequest, BulkDeleteRequest, BulkOutcome, BulkRow, DeleteOutcome, Friction, OpenCards,
    SearchTier, UsageProgress, UsageRequest, UsageSearched, UsageVerdict,
};

use crate::usage_home::{begin, keys, plant, search};
use crate::world::{World, request};

/// Searches for keys of the account; what arrived on the way, and the end.
async fn watched(world: &World, wanted: &UsageRequest) -> (Vec<UsageProgress>, UsageSearched) {
    let arrived = Mutex::new(Vec::new());
    let ended = world
        .app
        .usage_search(wanted, |progress| arrived.lock().unwrap().push(progress));
    let ended = ended.await.unwrap();
    (arrived.into_inner().unwrap(), ended)
}

#[tokio::test]
async fn a_finding_arrives_with_the_friction_that_it_calls_for() {
    let (world, account, key) = begin().await;
    let one = request(account, key.id);
    let card = world.app.delete_card(&one).await.unwrap();
    assert_eq!(card.friction, Friction::Dialog);
    plant(&world, &key);
    world.faults().clear_requests();
    let wanted = UsageRequest {
        account,
        keys: keys(&[key.id]),
        tier: SearchTier::Folders,
    };
    let (_, ended) = watched(&world, &wanted).await;
    let raised = ended.cards.one.unwrap();
    assert_eq!(raised.friction, Friction::TypePhraseStrongly);
    assert_eq!(raised.usage.places, 3);
    assert!(raised.phrase.is_some() && raised.number > card.number);
    assert_eq!(raised.asked_at, card.asked_at);
    assert_eq!(world.faults().requests(), [], "nothing was asked again");

    // It counts as shown: the phrase alone is missing.
    let refused = world.delete(account, key.id).await;
    assert!(matches!(refused, DeleteOutcome::CardChanged { .. }));
    world.app.delete_card(&one).await.unwrap();
    let deleted = world.delete_typing(account, key.id, raised.phrase.as_deref());
    assert!(matches!(deleted.await, DeleteOutcome::Deleted { .. }));
}

#[tokio::test]
async fn of_several_keys_each_row_follows_what_is_found_of_it() {
    let (world, account, key) = begin().await;
    let other = world.idle_key(200).await;
    world.refreshed(account).await;
    let ids = keys(&[key.id, other.id]);
    let asked = BulkCardRequest {
        account,
        keys: ids.clone(),
    };
    let card = world.app.bulk_card(&asked).await.unwrap();
    assert!(card.rows.iter().all(|row| row.ticked));
    plant(&world, &key);
    let wanted = UsageRequest {
        account,
        keys: ids,
        tier: SearchTier::Folders,
    };
    let (_, ended) = watched(&world, &wanted).await;
    let rows = ended.cards.many.iter().map(|row| {
        assert!(row.number > card.rows[1].number);
        (row.key.id.as_str().parse(), row.risky, row.ticked)
    });
    let rows = rows.collect::<Vec<_>>();
    assert_eq!(
        rows,
        [(Ok(key.id), true, false), (Ok(other.id), false, true)]
    );
}

#[tokio::test]
async fn while_a_search_runs_what_was_found_before_stays_in_its_report() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let wanted = UsageRequest {
        account,
        keys: keys(&[key.id]),
        tier: SearchTier::Folders,
    };
    let (arrived, ended) = watched(&world, &wanted).await;
    let first = &arrived[0];
    assert_eq!(first.report.keys[0].verdict, UsageVerdict::Confirmed);
    let counts = |groups: &[pulse_keys_core::view::FindingGroup]| -> Vec<u32> {
        groups.iter().map(|group| group.count).collect()
    };
    assert_eq!(counts(&first.report.groups), counts(&ended.report.groups));
    assert_eq!(first.report.skipped, ended.report.skipped);
    let none = OpenCards {
        one: None,
        many: Vec::new(),
    };
    assert_eq!(ended.cards, none, "no card is open");
}

#[tokio::test]
async fn what_was_unticked_for_another_reason_is_not_ticked_by_a_search() {
    let (world, account, key) = begin().await;
    let other = world.idle_key(200).await;
    world.refreshed(account).await;
    let deletion = BulkDeleteRequest {
        account,
        keys: keys(&[key.id]),
        typed: None,
    };
    // No card had the other one: it comes back unticked.
    let asked = BulkCardRequest {
        account,
        keys: keys(&[other.id]),
    };
    world.app.bulk_card(&asked).await.unwrap();
    let outcome = world.app.delete_keys(&deletion, |_| {}).await.unwrap();
    let BulkOutcome::CardChanged { card, .. } = outcome else {
        panic!("{outcome:?}");
    };
    let ticks = |rows: &[BulkRow]| -> Vec<bool> { rows.iter().map(|row| row.ticked).collect() };
    assert_eq!(ticks(&card.rows), [false, true]);
    let wanted = UsageRequest {
        account,
        keys: keys(&[key.id, other.id]),
        tier: SearchTier::Folders,
    };
    let (_, ended) = watched(&world, &wanted).await;
    assert_eq!(ticks(&ended.cards.many), [false, true]);

    // Nor does it hear of rows that nobody searched for.
    let one = UsageRequest {
        keys: keys(&[key.id]),
        ..wanted
    };
    let (_, ended) = watched(&world, &one).await;
    assert_eq!(ended.cards.many.len(), 1);
}
