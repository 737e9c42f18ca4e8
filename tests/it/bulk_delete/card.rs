//! What is asked before several keys are deleted, and that nothing is deleted but what was shown.

use std::collections::HashSet;

use jiff::SignedDuration;
use pulse_keys_core::view::{BulkOutcome, BulkResultKind, ErrorCode, Friction};
use pulseapi::KeyId;
use sandbox::Settings;
use sandbox::faults::Fault;

use super::{Ended, changed, deletion, keys, row, ticked};
use crate::world::{World, always};

use BulkResultKind::Deleted;

#[tokio::test]
async fn the_card_shows_each_key_as_it_is_now_and_ticks_what_is_calm() {
    let (world, account) = World::signed_in().await;
    let own = world.refreshed(account).await;
    let own = own.iter().find(|row| row.own).unwrap();
    let own: i64 = own.id.as_str().parse().unwrap();
    let idle = world.idle_key(200).await.id;
    let busy = world.key_used(SignedDuration::from_mins(12)).await.id;
    let gone = world.idle_key(200).await.id;
    world.refreshed(account).await;
    world.delete(account, gone).await;

    let card = world.bulk_card(account, &[busy, idle, own, gone]).await;

    let order: Vec<KeyId> = card.rows.iter().map(|row| row.key.id.clone()).collect();
    assert_eq!(order, keys(&[busy, idle, own, gone]));
    assert_eq!(ticked(&card), keys(&[idle]));
    let busy = row(&card, busy);
    assert!(busy.risky && busy.obstacle.is_none());
    assert_eq!(busy.friction, Friction::TypePhraseStrongly);
    assert_eq!(busy.evidence, "Something used this key 12 minutes ago.");
    let own = row(&card, own);
    assert_eq!(
        own.obstacle.as_deref(),
        Some("Pulse Keys signs in with it; delete it by itself.")
    );
    let gone = row(&card, gone);
    let obstacle = gone.obstacle.as_deref().unwrap();
    assert!(obstacle.starts_with("It was gone already"), "{obstacle}");
    assert!(card.consequence.contains("401 Unauthorized"));
}

#[tokio::test]
async fn evidence_is_asked_for_in_whichever_way_takes_fewer_requests() {
    let world = World::with(Settings {
        keys: Some(250),
        ..Settings::default()
    })
    .await;
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    let account = state.active.unwrap();
    let listed = world.refreshed(account).await;
    let ids: Vec<i64> = listed
        .iter()
        .map(|row| row.id.as_str().parse().unwrap())
        .collect();
    for (chosen, pages, singles) in [(&ids[..3], 0, 3), (&ids[..4], 3, 0)] {
        world.faults().clear_requests();
        let card = world.bulk_card(account, chosen).await;
        assert_eq!(card.rows.len(), chosen.len());
        let is_list = |path: &str| path.ends_with("/api-keys");
        assert_eq!(world.asked("GET", is_list), pages);
        assert_eq!(world.asked("GET", |path| !is_list(path)), singles);
    }
}

#[tokio::test]
async fn no_deletes_nothing_and_the_question_says_what_it_is_about() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(7).await;
    world.bulk_card(account, &ids).await;
    world.says_no();
    let outcome = world.delete_shown(account, &ids, None).await;
    assert_eq!(outcome, BulkOutcome::Cancelled);
    assert_eq!(world.deletes_seen(), 0);
    assert_eq!(world.journalled_deletions().await, [""; 0]);
    let [question] = &world.questions()[..] else {
        panic!("one question for all");
    };
    assert_eq!(question.headline, "Delete 7 keys?");
    assert_eq!(
        (question.yes.as_str(), question.no.as_str()),
        ("Delete 7 keys", "Cancel")
    );
    assert_eq!(question.alternative, None);
    let tail = world.faults().key(ids[0]).await.unwrap().unwrap();
    let text = question.paragraphs.join("\n");
    for fact in [
        &*format!("“Old importer” …{}", tail.last_eight),
        "200 days ago",
        "and 2 more",
        "None of them was used",
        "401 Unauthorized",
    ] {
        assert!(text.contains(fact), "{fact} is not in: {text}");
    }
}

#[tokio::test]
async fn keys_in_use_need_the_phrase_with_the_right_number() {
    let (world, account) = World::signed_in().await;
    let mut ids = world.idle_keys(2).await;
    ids.push(world.key_used(SignedDuration::from_hours(1)).await.id);
    world.bulk_card(account, &ids).await;
    for typed in [
        None,
        Some(""),
        Some("delete 2 keys"),
        Some("Delete 3 keys"),
        Some("delete 3"),
    ] {
        let (card, message) = changed(world.delete_shown(account, &ids, typed).await);
        assert!(message.contains("“delete 3 keys”"), "{typed:?}: {message}");
        assert_eq!(ticked(&card), keys(&ids), "what was ticked stays ticked");
    }
    assert_eq!(world.questions(), [], "nobody was asked");
    assert_eq!(world.deletes_seen(), 0);

    let ended = Ended::of(
        world
            .delete_shown(account, &ids, Some(" delete  3 keys "))
            .await,
    );
    assert_eq!(ended.kinds(), [Deleted; 3]);
    let [question] = &world.questions()[..] else {
        panic!("one question for all");
    };
    assert!(question.paragraphs[1].starts_with("1 of them may still be in use."));
    assert_eq!(
        ended.message,
        "Deleted 3 keys. Whatever still uses them should get 401."
    );
}

#[tokio::test]
async fn one_key_is_told_in_the_singular() {
    let (world, account) = World::signed_in().await;
    let id = world.key_used(SignedDuration::from_hours(1)).await.id;
    world.bulk_card(account, &[id]).await;
    let (_, message) = changed(world.delete_shown(account, &[id], None).await);
    assert!(message.contains("“delete 1 key”"), "{message}");
    let outcome = world
        .delete_shown(account, &[id], Some("delete 1 key"))
        .await;
    assert_eq!(Ended::of(outcome).kinds(), [Deleted]);
}

#[tokio::test]
async fn the_apps_own_key_is_never_among_them() {
    let (world, account) = World::signed_in().await;
    let own = world.refreshed(account).await;
    let own = own.iter().find(|row| row.own).unwrap();
    let own: i64 = own.id.as_str().parse().unwrap();
    let other = world.idle_key(200).await.id;
    world.bulk_card(account, &[own, other]).await;
    let phrase = Some("delete 2 keys");
    let (card, message) = changed(world.delete_shown(account, &[own, other], phrase).await);
    assert!(message.contains("Pulse Keys signs in with it"), "{message}");
    assert_eq!(ticked(&card), keys(&[other]));
    assert_eq!(world.questions(), []);
    assert_eq!(world.status_with(&world.credential).await, 200);
}

#[tokio::test]
async fn only_what_was_shown_is_deleted() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    let (card, _) = changed(world.delete_shown(account, &ids, None).await);
    assert_eq!(ticked(&card), keys(&ids));

    let more = world.idle_key(200).await.id;
    let (card, message) = changed(world.delete_shown(account, &[more, ids[0]], None).await);
    assert!(message.contains("was not on the card yet"), "{message}");
    let shown: HashSet<KeyId> = card.rows.iter().map(|row| row.key.id.clone()).collect();
    assert_eq!(shown, keys(&[ids[0], ids[1], more]).into_iter().collect());
    assert_eq!(world.questions(), []);

    // Now it was.
    let outcome = world.delete_shown(account, &[more, ids[0]], None).await;
    assert_eq!(Ended::of(outcome).kinds(), [Deleted, Deleted]);
    assert!(world.exists(ids[1]).await);

    // A run uses its card up.
    let outcome = world.delete_shown(account, &[ids[1]], None).await;
    assert!(matches!(outcome, BulkOutcome::CardChanged { .. }));
}

#[tokio::test]
async fn a_key_that_is_used_rotated_or_deleted_behind_the_card_brings_it_back() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    let used = world.idle_key(200).await;
    let (rotated, gone) = (world.idle_key(200).await.id, world.idle_key(200).await.id);
    let all = [ids[0], used.id, rotated, gone, ids[1]];
    world.bulk_card(account, &all).await;
    assert_eq!(world.status_with(&used.token).await, 200);
    world.rotated(account, rotated).await;
    world.delete(account, gone).await;
    let asked = world.questions().len();

    let (card, message) = changed(world.delete_shown(account, &all, None).await);

    assert_eq!(ticked(&card), keys(&ids), "{message}");
    for reason in [
        "“Old importer” was gone already.",
        "somebody rotated it",
        "needs a closer look: Something used this key just now.",
        "2 keys are still ticked.",
    ] {
        assert!(message.contains(reason), "{reason} is not in: {message}");
    }
    assert_eq!(world.questions().len(), asked, "nobody was asked");
    let outcome = world.delete_shown(account, &ids, None).await;
    assert_eq!(Ended::of(outcome).kinds(), [Deleted, Deleted]);
}

#[tokio::test]
async fn evidence_that_cannot_be_asked_for_deletes_nothing() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    world.bulk_card(account, &ids).await;
    world.fault(always("GET", "/api-keys", Fault::DropBefore));
    let request = deletion(account, &ids, None);
    let error = world.app.delete_keys(&request, |_| {}).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
    assert!(
        error.message.ends_with("No key was deleted."),
        "{}",
        error.message
    );
    assert_eq!((world.questions().len(), world.deletes_seen()), (0, 0));
}
