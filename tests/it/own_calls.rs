//! The app's own *Test it*: a use of the key as the service reports it, and no sign of anybody else's.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{DeleteCard, Friction, TokenVerdict};
use sandbox::ManualClock;

use crate::world::{World, id_of, request};

#[tokio::test]
async fn a_test_of_a_token_is_no_use_by_others_and_is_told_with_its_time() {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let (mut world, account) = World::with_keychain_and_clock(clock.clone()).await;
    world.refreshed(account).await;
    let token = world.created(account, "CI").await;
    let key = request(account, id_of(&token));
    let card = async |world: &World| -> DeleteCard { world.app.delete_card(&key).await.unwrap() };
    let before = card(&world).await;
    assert_eq!(before.friction, Friction::SpelledOut);

    clock.advance(SignedDuration::from_secs(120));
    let tried = world.app.test_token(token.id).await.unwrap();
    assert_eq!(tried.new.verdict, TokenVerdict::Accepted);
    let used = world.faults().key(id_of(&token)).await.unwrap().unwrap();
    assert!(used.last_used_at.is_some(), "the service counts it");
    for _ in 0..2 {
        let card = card(&world).await;
        assert_eq!(card.friction, Friction::SpelledOut);
        assert!(
            card.evidence.contains("never seen this key used")
                && card
                    .evidence
                    .contains("Not counted: your test of its token in Pulse Keys ("),
            "{card:?}"
        );
        assert!(!card.usage.used_by_something_unseen);
        assert!(
            card.key.last_used_at.is_some(),
            "what the service says stays"
        );
        let rotate = world.app.rotate_card(&key).await.unwrap();
        assert_eq!(rotate.evidence, card.evidence);
        // It is known after the next start too.
        world.restart();
    }

    // Somebody else, and then another test: the use by others counts.
    clock.advance(SignedDuration::from_secs(120));
    world.faults().somebody_uses(id_of(&token)).unwrap();
    let now = card(&world).await;
    assert_eq!(now.friction, Friction::TypePhraseStrongly);
    assert_eq!(now.evidence, "Something used this key just now.");
    clock.advance(SignedDuration::from_secs(120));
    world.app.test_token(token.id).await.unwrap();
    let now = card(&world).await;
    assert_eq!(now.friction, Friction::TypePhraseStrongly);
    assert!(
        now.evidence
            .starts_with("Something used this key 2 minutes ago.")
            && now.evidence.contains("Not counted: your test"),
        "{}",
        now.evidence
    );
}

#[tokio::test]
async fn the_own_key_is_not_said_to_be_used_by_something() {
    let (world, account) = World::with_keychain().await;
    let own = crate::own_key::own_id(&world, account).await;
    let card = world.app.delete_card(&request(account, own)).await.unwrap();
    assert_eq!(card.friction, Friction::OwnKey);
    assert!(
        card.evidence.starts_with("Pulse Keys itself uses this key"),
        "{}",
        card.evidence
    );
    assert!(!card.usage.used_by_something_unseen);
}
