//! Rotating a key against a real server: what is asked first, what is sent, and which token works afterwards.

use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    DeleteRequest, KeyRequest, RotateOutcome, RotateReason, TokenOrigin, TokenVerdict,
};
use sandbox::faults::{Fault, Rule};

use crate::world::{ROTATE, World, id_of, request, rotation, status};

#[tokio::test]
async fn the_old_token_stops_and_the_new_one_works() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let before = world.refreshed(account).await;
    let before = before
        .into_iter()
        .find(|row| row.name == "Old importer")
        .unwrap();

    let token = world.rotated(account, key.id).await;

    assert_eq!(world.status_with(&key.token).await, 401);
    assert_eq!(world.status_of(&token).await, 200);
    assert_eq!(id_of(&token), key.id, "it is the same key");
    assert_eq!(
        (token.name.as_str(), token.origin),
        ("Old importer", TokenOrigin::Rotated)
    );
    assert!(!token.own && !token.old_token_known);
    assert_eq!(world.keychain().tokens(), 1);
    let rows = world.cached(account).await;
    let row = rows.iter().find(|row| row.id == before.id).unwrap();
    assert_eq!(row.last_eight, token.last_eight);
    assert!(row.rotated_at > before.rotated_at);
    assert_eq!(
        (&row.abilities, &row.team),
        (&before.abilities, &before.team)
    );
}

#[tokio::test]
async fn anything_but_yes_leaves_the_token_and_sends_nothing() {
    for reply in [Reply::No, Reply::Alternative] {
        let (world, account) = World::with_keychain().await;
        let key = world.idle_key(200).await;
        world.says(reply);
        assert_eq!(
            world.rotate(account, key.id).await,
            RotateOutcome::Cancelled
        );
        assert_eq!(world.posts_seen(), 0);
        assert_eq!(world.status_with(&key.token).await, 200);
        assert_eq!(world.journalled("rotate_key").await, [""; 0]);
        assert_eq!(world.notices().await, []);
    }
}

#[tokio::test]
async fn the_question_names_the_key_and_says_what_happens_to_the_old_token() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(120).await;
    let tail = world
        .faults()
        .key(key.id)
        .await
        .unwrap()
        .unwrap()
        .last_eight;
    world.says_no();
    world.rotate(account, key.id).await;
    let question = world.questions().pop().unwrap();
    assert_eq!(question.headline, "Rotate “Old importer”?");
    assert_eq!(
        (question.yes.as_str(), question.alternative),
        ("Rotate key", None)
    );
    let text = question.paragraphs.join("\n");
    for fact in [
        &format!("…{tail}"),
        "120 days ago",
        "at once",
        "401 Unauthorized",
    ] {
        assert!(text.contains(fact), "{fact} is not in: {text}");
    }
}

#[tokio::test]
async fn each_reason_says_what_it_means_and_is_journalled() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let card = world
        .app
        .rotate_card(&request(account, key.id))
        .await
        .unwrap();
    let offered: Vec<_> = card.reasons.iter().map(|reason| reason.reason).collect();
    let reasons = [
        RotateReason::Leaked,
        RotateReason::Routine,
        RotateReason::LostToken,
    ];
    assert_eq!(offered, reasons);
    for reason in &card.reasons {
        assert!(reason.consequence.contains("at once"), "{reason:?}");
        let request = rotation(account, key.id, reason.reason);
        world.app.rotate_key(&request).await.unwrap();
        let question = world.questions().pop().unwrap();
        assert!(question.paragraphs.contains(&reason.consequence));
    }
    assert_eq!(
        world.journalled("rotate_key").await,
        ["rotated: leaked", "rotated: routine", "rotated: token lost"]
    );
}

#[tokio::test]
async fn a_key_that_somebody_deleted_is_told_as_gone() {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;

    let RotateOutcome::Gone { message } = world.rotate(account, 4).await else {
        panic!("there is no key 4");
    };
    assert!(message.contains("nothing to rotate"), "{message}");
    assert_eq!((world.posts_seen(), world.questions().len()), (0, 0));

    let during = world.idle_key(200).await;
    world.refreshed(account).await;
    world.fault(Rule::once("POST", ROTATE, status(404)));
    let outcome = world.rotate(account, during.id).await;
    assert!(
        matches!(outcome, RotateOutcome::NotRotated { .. }),
        "a 404 about a key that is listed: {outcome:?}"
    );
    world.fault(Rule::once(
        "POST",
        ROTATE,
        Fault::DeleteFirst { key: during.id },
    ));
    let RotateOutcome::Gone { message } = world.rotate(account, during.id).await else {
        panic!("the server says that it is gone");
    };
    assert!(
        message.starts_with("“Old importer” was deleted"),
        "{message}"
    );
    let rows = world.cached(account).await;
    assert!(
        !rows.iter().any(|row| row.name == "Old importer"),
        "the row is gone too"
    );
    assert_eq!(
        world.journalled("rotate_key").await,
        [
            "not rotated: PulseAPI has no such record.",
            "not rotated: it is deleted"
        ]
    );
}

#[tokio::test]
async fn while_a_key_is_rotated_nothing_else_is_done_with_it() {
    let (world, account) = World::with_keychain().await;
    let (key, other) = (world.idle_key(200).await, world.idle_key(200).await);
    world.meanwhile(|faults| {
        let slow = Fault::Delay { milliseconds: 50 };
        faults.inject(Rule::once("POST", ROTATE, slow)).unwrap();
    });
    let rotation_of = |id| rotation(account, id, RotateReason::Leaked);
    let KeyRequest { account, key: id } = request(account, key.id);
    let deletion = DeleteRequest {
        account,
        key: id,
        typed: None,
    };
    let (same, again, elsewhere) = (
        rotation_of(key.id),
        rotation_of(key.id),
        rotation_of(other.id),
    );
    let (first, second, deleted, elsewhere) = tokio::join!(
        world.app.rotate_key(&same),
        world.app.rotate_key(&again),
        world.app.delete_key(&deletion),
        world.app.rotate_key(&elsewhere),
    );
    assert!(
        matches!(first, Ok(RotateOutcome::Rotated { .. })),
        "{first:?}"
    );
    assert!(
        second.is_err() && deleted.is_err(),
        "{second:?} {deleted:?}"
    );
    assert!(
        matches!(elsewhere, Ok(RotateOutcome::Rotated { .. })),
        "{elsewhere:?}"
    );
    assert_eq!((world.posts_seen(), world.deletes_seen()), (2, 0));
    assert_eq!(world.questions().len(), 2);
}

#[tokio::test]
async fn tokens_that_a_rotation_killed_leave_custody() {
    let (world, account) = World::with_keychain().await;
    let other = world.created(account, "Other").await;
    let created = world.created(account, "CI").await;
    world.app.keep_token(created.id).await.unwrap();
    let id = id_of(&created);

    let first = world.rotated(account, id).await;
    let second = world.rotated(account, id).await;

    let left: Vec<_> = world.custody().await.iter().map(|token| token.id).collect();
    assert_eq!(left, [second.id, other.id]);
    assert!(world.app.reveal_token(first.id).await.is_err());
    assert_eq!(world.keychain().tokens(), 2, "no dead token is left behind");

    let tried = world.app.test_token(second.id).await.unwrap();
    assert!(second.old_token_known);
    assert_eq!(tried.new.verdict, TokenVerdict::Accepted, "{tried:?}");
    let old = tried.old.expect("the token before it is known");
    assert_eq!(old.verdict, TokenVerdict::Refused, "{old:?}");
}
