//! The app is cut off between the click and the outcome: the next start finds out what became of the key.
//!
//! The app ends here without a chance to tidy up, at a moment that each test chooses. Left out: `kill -9` at moments
//! that nobody chose (`killed`).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use jiff::SignedDuration;
use pulse_keys_core::view::{
    AccountId, CreateOutcome, NextStep, Notice, RotateOutcome, RotateReason, TokenOrigin,
};
use sandbox::faults::{Fault, InsertedKey, Rule};

use crate::keychain::Refuses;
use crate::world::{
    KEY, KEYS, ROTATE, World, always, cut_off, id_of, new_key, request as request_of, rotation,
};

/// After this long a request that had no effect yet is not expected to take effect any more.
const WATCHED: SignedDuration = SignedDuration::from_mins(10);

/// The moment at which the app ends.
#[derive(Clone, Copy, Debug)]
enum At {
    /// The server has the request and does nothing with it.
    NotIssued,
    /// The server acted, and its answer never arrives.
    Lost,
    /// The keychain has the token, and nothing is written down.
    InKeychain,
}

impl At {
    fn prepare(self, world: &World, path: &str) {
        let fault = match self {
            Self::NotIssued => Fault::Delay {
                milliseconds: 60_000,
            },
            Self::Lost => Fault::HangAfter,
            Self::InKeychain => return world.keychain().stops_after_storing("token/"),
        };
        world.fault(Rule::once("POST", path, fault));
    }

    fn has_come(self, world: &World) -> bool {
        let requests = world.faults().requests();
        let mut posts = requests.iter().filter(|request| request.method == "POST");
        match self {
            Self::NotIssued => posts.next().is_some(),
            Self::Lost => posts.any(|post| post.acted.is_some()),
            Self::InKeychain => world.keychain().has_stopped(),
        }
    }
}

/// An app that was cut off while it made a key called CI, and was started again.
async fn creation(at: At) -> (World, AccountId) {
    let (mut world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    at.prepare(&world, KEYS);
    let request = new_key(account, "CI");
    cut_off(world.app.create_key(&request), || at.has_come(&world)).await;
    world.restart();
    (world, account)
}

/// An app that was cut off while it rotated a key, and was started again.
async fn rotation_of(at: At) -> (World, AccountId, InsertedKey) {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    at.prepare(&world, ROTATE);
    let request = rotation(account, key.id, RotateReason::Leaked);
    cut_off(world.app.rotate_key(&request), || at.has_come(&world)).await;
    world.restart();
    (world, account, key)
}

async fn only_notice(world: &World) -> Notice {
    let mut notices = world.notices().await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

#[tokio::test]
async fn a_key_that_was_not_made_is_told_once_it_is_sure() {
    let (mut world, _) = creation(At::NotIssued).await;
    let notice = only_notice(&world).await;
    assert!(
        !notice.needs_attention && notice.message.contains("may still take effect"),
        "{notice:?}"
    );
    assert_eq!(world.journalled("create_key").await, Vec::<String>::new());

    world.time.is_later(WATCHED);
    let notice = only_notice(&world).await;
    assert!(
        !notice.needs_attention && notice.message.contains("“CI” was not created"),
        "{notice:?}"
    );
    assert_eq!(world.notices().await, []);
    world.restart();
    assert_eq!(
        (world.notices().await, world.custody().await),
        (vec![], vec![])
    );
    let journal = world.journalled("create_key").await;
    assert_eq!(journal, ["not created: interrupted, there is no such key"]);
}

#[tokio::test]
async fn a_key_that_was_not_rotated_is_told_once_it_is_sure_and_its_token_works() {
    let (mut world, _, key) = rotation_of(At::NotIssued).await;
    let notice = only_notice(&world).await;
    assert!(
        !notice.needs_attention && notice.message.contains("may still take effect"),
        "{notice:?}"
    );

    world.time.is_later(WATCHED);
    let notice = only_notice(&world).await;
    assert!(
        !notice.needs_attention && notice.message.contains("was not rotated"),
        "{notice:?}"
    );
    assert_eq!(world.status_with(&key.token).await, 200);
    world.restart();
    assert_eq!(
        (world.notices().await, world.custody().await),
        (vec![], vec![])
    );
}

#[tokio::test]
async fn a_created_key_without_its_token_is_told_until_it_is_deleted() {
    let (mut world, account) = creation(At::Lost).await;
    let made = world.ids_of("CI").await;
    let notice = only_notice(&world).await;
    assert!(
        notice.needs_attention && notice.message.contains("lost"),
        "{notice:?}"
    );
    let Some(NextStep::DeleteKey { account: of, key }) = &notice.next else {
        panic!("{notice:?}");
    };
    assert_eq!((*of, key.as_str()), (account, made[0].to_string().as_str()));
    let listed = world.cached(account).await;
    assert_eq!(&listed[0].id, key, "it is in the list at once");

    world.restart();
    assert_eq!(only_notice(&world).await, notice, "it is told again");
    world.delete_typing(account, made[0], None).await;
    assert_eq!(world.notices().await, []);
}

#[tokio::test]
async fn a_rotated_key_without_its_token_is_told_until_it_is_rotated_again() {
    let (mut world, account, key) = rotation_of(At::Lost).await;
    let notice = only_notice(&world).await;
    assert!(
        notice.needs_attention && notice.message.contains("did not arrive here"),
        "{notice:?}"
    );
    let Some(NextStep::Rotate { key: next, .. }) = &notice.next else {
        panic!("{notice:?}");
    };
    assert_eq!(next.as_str(), key.id.to_string());
    world.restart();
    assert_eq!(only_notice(&world).await, notice, "it is told again");

    let token = world.rotated(account, key.id).await;
    assert_eq!(world.status_of(&token).await, 200);
    assert_eq!(world.notices().await, []);
    assert_eq!(
        world.journalled("rotate_key").await,
        [
            "unknown: another token since, which did not arrive here",
            "rotated: routine"
        ]
    );
}

#[tokio::test]
async fn a_notice_that_was_read_does_not_come_back() {
    let (mut world, _) = creation(At::Lost).await;
    let notice = only_notice(&world).await;
    world.app.dismiss_notice(&notice.id).await.unwrap();
    assert_eq!(world.notices().await, []);
    world.restart();
    assert_eq!(world.notices().await, []);
}

#[tokio::test]
async fn a_token_that_reached_the_keychain_is_offered() {
    let (world, account) = creation(At::InKeychain).await;
    assert_eq!(world.notices().await, []);
    let token = world.only_token().await;
    assert_eq!(
        (token.name.as_str(), token.origin),
        ("CI", TokenOrigin::Created)
    );
    assert_eq!(world.ids_of("CI").await, [id_of(&token)]);
    assert_eq!(world.status_of(&token).await, 200);
    let journal = world.journalled("create_key").await;
    assert_eq!(
        journal,
        ["created: interrupted, the token was in the keychain"]
    );
    let rows = world.refreshed(account).await;
    assert!(rows.iter().any(|row| row.last_eight == token.last_eight));

    let (world, account, key) = rotation_of(At::InKeychain).await;
    assert_eq!(world.notices().await, []);
    let token = world.only_token().await;
    assert_eq!(
        (id_of(&token), token.origin),
        (key.id, TokenOrigin::Rotated)
    );
    assert_eq!(world.status_of(&token).await, 200);
    assert_eq!(world.status_with(&key.token).await, 401);
    let rows = world.cached(account).await;
    assert!(rows.iter().any(|row| row.last_eight == token.last_eight));
}

#[tokio::test]
async fn a_refresh_finds_out_as_well() {
    for at in [At::NotIssued, At::Lost, At::InKeychain] {
        let (world, account) = creation(at).await;
        world.time.is_later(WATCHED);
        let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();
        assert!(refreshed.settled, "{at:?}");
        let (safe, lost) = (world.custody().await.len(), world.notices().await.len());
        let expected = match at {
            At::NotIssued => (0, 0),
            At::Lost => (0, 1),
            At::InKeychain => (1, 0),
        };
        assert_eq!((safe, lost), expected, "{at:?}");
        let again = world.app.refresh_keys(account, |_| {}).await.unwrap();
        assert!(!again.settled, "{at:?}");
    }
}

#[tokio::test]
async fn a_service_that_cannot_be_asked_leaves_the_question_open() {
    let (world, account) = creation(At::Lost).await;
    world.fault(always("GET", KEYS, Fault::DropBefore));
    for _ in 0..2 {
        let notice = only_notice(&world).await;
        assert!(
            notice
                .message
                .contains("not known yet whether “CI” was created"),
            "{notice:?}"
        );
    }
    assert!(world.app.refresh_keys(account, |_| {}).await.is_err());
    world.faults().clear();
    assert!(only_notice(&world).await.next.is_some());

    let (world, _, _) = rotation_of(At::Lost).await;
    world.fault(always("GET", KEY, Fault::DropBefore));
    let notice = only_notice(&world).await;
    assert!(
        notice
            .message
            .contains("not known yet whether “Old importer” was rotated"),
        "{notice:?}"
    );
    world.faults().clear();
    assert!(only_notice(&world).await.next.is_some());
}

#[tokio::test]
async fn a_keychain_that_cannot_be_asked_leaves_the_question_open() {
    for signs_in_first in [false, true] {
        let (world, account, _) = rotation_of(At::InKeychain).await;
        if signs_in_first {
            world.app.create_form(account).await.unwrap();
        }
        world.keychain().refuses(Refuses::Everything);
        let refreshed = world.app.refresh_keys(account, |_| {}).await;
        assert_eq!(refreshed.is_ok(), signs_in_first, "{refreshed:?}");
        let notice = only_notice(&world).await;
        assert!(
            notice.needs_attention && notice.message.contains("not known yet"),
            "{notice:?}"
        );
        assert_eq!(world.custody().await, []);

        world.keychain().refuses(Refuses::Nothing);
        assert_eq!(world.notices().await, []);
        assert_eq!(world.status_of(&world.only_token().await).await, 200);
    }
}

#[tokio::test]
async fn an_account_that_was_signed_out_meanwhile_leaves_word() {
    let (mut world, account) = creation(At::Lost).await;
    world.app.sign_out(account).await.unwrap();
    let notice = only_notice(&world).await;
    assert!(
        notice.needs_attention && notice.message.contains("“CI”"),
        "{notice:?}"
    );
    world.restart();
    assert_eq!(only_notice(&world).await, notice);
}

/// Gets on with something a number of times, and no further.
struct Steps<F> {
    write: Pin<Box<F>>,
    left: usize,
}

impl<F: Future> Future for Steps<F> {
    /// None when it was not done by then.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(done) = self.write.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        self.left -= 1;
        if self.left == 0 {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    }
}

#[tokio::test]
async fn whatever_the_step_no_token_is_lost_without_a_word() {
    let mut ends = Vec::new();
    for steps in 1.. {
        let (mut world, account) = World::with_keychain().await;
        let request = new_key(account, "CI");
        let write = Steps {
            write: Box::pin(world.app.create_key(&request)),
            left: steps,
        };
        let done = write.await.is_some();
        // What was on the wire arrives.
        tokio::time::sleep(Duration::from_millis(30)).await;
        world.restart();

        let notices = world.notices().await;
        let lost: Vec<_> = notices
            .iter()
            .filter(|notice| notice.needs_attention)
            .collect();
        let custody = world.custody().await;
        let made = world.ids_of("CI").await;
        match (&made[..], &custody[..], &lost[..]) {
            ([], [], []) => ends.push("not made"),
            ([id], [token], []) => {
                assert_eq!((*id, 200), (id_of(token), world.status_of(token).await));
                ends.push("safe");
            }
            ([id], [], [notice]) => {
                let next = NextStep::DeleteKey {
                    account,
                    key: request_of(account, *id).key,
                };
                assert_eq!(notice.next, Some(next));
                ends.push("told as lost");
            }
            other => panic!("after {steps} steps: {other:?}"),
        }
        assert!(world.posts_seen() <= 1);
        if done {
            break;
        }
    }
    eprintln!("{ends:?}");
    assert!(
        ends.contains(&"not made") && ends.contains(&"safe"),
        "{ends:?}"
    );
}

#[tokio::test]
async fn a_rotation_that_was_called_not_done_and_shows_to_be_done_is_told_after_all() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    // The service rotates it, the answer is lost, and a cache shows the key as it was for longer than it is watched.
    let is_old = Arc::new(AtomicBool::new(false));
    let cache = Arc::clone(&is_old);
    world.faults().judged_by(Some(Arc::new(move |seen| {
        if seen.method == "POST" {
            cache.store(true, Ordering::SeqCst);
            return Some(Fault::DropAfter);
        }
        cache.load(Ordering::SeqCst).then_some(Fault::Stale)
    })));
    world.refreshed(account).await;
    let request = rotation(account, key.id, RotateReason::Leaked);
    let outcome = world.app.rotate_key(&request).await.unwrap();
    assert!(
        matches!(outcome, RotateOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    world.time.is_later(WATCHED);
    let notice = only_notice(&world).await;
    assert!(notice.message.contains("was not rotated"), "{notice:?}");

    is_old.store(false, Ordering::SeqCst);
    world.restart();
    world.refreshed(account).await;
    let notice = only_notice(&world).await;
    assert!(
        notice.needs_attention && notice.message.contains("did not arrive here"),
        "{notice:?}"
    );
    let told = world.journalled("rotate_key").await;
    assert_eq!(
        told.last().unwrap(),
        "unknown: another token since, which did not arrive here"
    );
    world.refreshed(account).await;
    assert_eq!(
        world.journalled("rotate_key").await,
        told,
        "it is told once"
    );
}

#[tokio::test]
async fn an_older_open_rotation_does_not_tell_of_a_newer_token_as_lost() {
    for name in ["any key", "the app's own"] {
        let (mut world, account) = World::with_keychain().await;
        let key = match name {
            "any key" => world.idle_key(200).await.id,
            _ => crate::own_key::own_id(&world, account).await,
        };
        world.refreshed(account).await;
        world.fault(Rule::once("POST", ROTATE, Fault::DropBefore));
        let outcome = world.rotate(account, key).await;
        assert!(
            matches!(outcome, RotateOutcome::Unknown { .. }),
            "{name}: {outcome:?}"
        );
        // Again; and the app ends when the keychain has the token and nothing is written down.
        At::InKeychain.prepare(&world, ROTATE);
        let request = rotation(account, key, RotateReason::Leaked);
        let work = world.app.rotate_key(&request);
        cut_off(work, || At::InKeychain.has_come(&world)).await;
        world.restart();
        let notices = world.notices().await;
        let is_lost = |notice: &Notice| notice.message.contains("did not arrive here");
        assert!(!notices.iter().any(is_lost), "{name}: {notices:?}");
        let token = world.only_token().await;
        assert_eq!(world.status_of(&token).await, 200, "{name}");
    }
}

#[tokio::test]
async fn an_older_open_creation_does_not_tell_of_a_newer_token_as_lost() {
    let (mut world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    world.fault(Rule::once("POST", KEYS, Fault::DropBefore));
    let request = new_key(account, "CI");
    let outcome = world.app.create_key(&request).await.unwrap();
    assert!(
        matches!(outcome, CreateOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    At::InKeychain.prepare(&world, KEYS);
    let work = world.app.create_key(&request);
    cut_off(work, || At::InKeychain.has_come(&world)).await;
    world.restart();
    let notices = world.notices().await;
    assert!(
        notices.iter().all(|notice| notice.next.is_none()),
        "nothing is to be deleted: {notices:?}"
    );
    let token = world.only_token().await;
    assert_eq!(world.status_of(&token).await, 200);
}
