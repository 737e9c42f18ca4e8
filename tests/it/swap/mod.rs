//! Swapping a key without a gap, and retiring one: every step with one clock for both sides, which passes only as the test
//! says.

mod stand;

use std::time::Duration;

use pulse_keys_core::view::{
    BeginSwapRequest, DeleteOutcome, ErrorCode, Friction, Preferences, SearchTier, SwapBegun,
    SwapPlaceRequest, SwapStage, SwapStepState, Verification,
};
use rusqlite::Connection;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;

use self::stand::{stand, token_of, until};
use crate::usage_home::{put, search};
use crate::world::{KEYS, cut_off, request};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_key_goes_by_way_of_a_sibling_without_a_gap_and_every_step_survives_a_restart() {
    let mut stand = stand().await;
    let key = stand.key_in_use("CI").await;
    let card_request = request(stand.account, key.id);
    let card = stand.world.app.swap_card(&card_request).await.unwrap();
    assert_eq!(card.obstacle, None);
    assert!(card.suggested_name.starts_with("CI ("), "{card:?}");
    assert!(card.name_remark.contains("can’t rename"), "{card:?}");

    let swap = stand.begun(&key, &card.suggested_name).await;
    assert_eq!(
        (swap.stage, swap.mark.as_str()),
        (SwapStage::Placing, "Swap: sibling created")
    );
    let sibling = swap.sibling.clone().unwrap();
    let rows = stand.world.refreshed(stand.account).await;
    let made = rows.iter().find(|row| row.id == sibling.key).unwrap();
    let old = rows.iter().find(|row| row.id == swap.key).unwrap();
    assert_eq!(
        (made.name.as_str(), &made.abilities, &made.team),
        (card.suggested_name.as_str(), &old.abilities, &old.team)
    );
    assert_eq!(
        stand.world.status_of(&stand.world.custody().await[0]).await,
        200
    );

    stand.world.restart();
    let places = stand.places(&swap).await;
    assert_eq!(places.of_key.as_ref(), Some(&swap.key));
    assert_eq!(places.files.len(), 3, "{places:?}");
    assert_eq!(stand.of(&key).await.mark, "Swap: in place (0 of 3)");
    stand.put_all(token_of(&swap)).await;
    let new = stand.world.reveal(token_of(&swap)).await;
    stand.stands(&key, &new);
    let question = stand.world.questions().pop().unwrap();
    assert!(
        question.paragraphs[2].contains("goes into your keychain until the swap is over"),
        "{question:?}"
    );
    stand.world.restart();
    let swap = stand.of(&key).await;
    assert_eq!(swap.mark, "Swap: in place (3 of 3)");
    assert!(swap.can_undo && swap.old_token.is_some());

    stand.watch(&key).await;
    stand.passes(30).await;
    stand.world.restart();
    let swap = stand.of(&key).await;
    assert_eq!(
        (swap.stage, swap.mark.as_str()),
        (SwapStage::Watching, "Swap: quiet for 1 day of 3 days")
    );
    stand.passes(43).await;
    let swap = stand.of(&key).await;
    assert_eq!(
        (swap.stage, swap.mark.as_str()),
        (SwapStage::Ready, "Swap: ready to delete")
    );

    let tier = SearchTier::Folders;
    search(&stand.world, stand.account, &[key.id], tier).await;
    let outcome = match stand.card(&key).await.phrase {
        None => stand.world.delete(stand.account, key.id).await,
        Some(phrase) => {
            let typed = Some(phrase.as_str());
            stand
                .world
                .delete_typing(stand.account, key.id, typed)
                .await
        }
    };
    let DeleteOutcome::Deleted { verification, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(verification, Verification::TokenRefused);
    stand.world.restart();
    let swap = stand.of(&key).await;
    assert_eq!(
        (swap.stage, swap.mark.as_str()),
        (SwapStage::Gone, "Swap: deleted, 401 confirmed")
    );
    assert!(
        swap.steps
            .iter()
            .all(|step| step.state == SwapStepState::Done),
        "{:?}",
        swap.steps
    );
    assert_eq!(swap.old_token, None, "the dead token left the keychain");
    assert_eq!(stand.world.keychain().tokens(), 1, "that of the sibling");
    let swaps = stand.world.app.stop_swap(&card_request).await.unwrap();
    assert_eq!(swaps.swaps, []);
    let journalled = stand.world.journalled("swap_key").await;
    assert_eq!(journalled.len(), 3, "{journalled:?}");
    assert!(
        journalled[0].starts_with("begun: sibling "),
        "{journalled:?}"
    );
    assert_eq!(journalled[1], "watched: to be quiet for 3 days");
    assert!(journalled[2].starts_with("quiet for 3 days, since "));
}

#[tokio::test]
async fn a_use_after_the_swap_is_told_with_its_time_and_raises_the_friction() {
    let stand = stand().await;
    let key = stand.key_in_use("CI").await;
    let swap = stand.begun(&key, "CI (2)").await;
    stand.put_all(token_of(&swap)).await;
    search(&stand.world, stand.account, &[key.id], SearchTier::Folders).await;
    stand.watch(&key).await;
    stand.passes(50).await;
    assert_eq!(
        stand.card(&key).await.friction,
        Friction::TypePhrase,
        "not quiet for long enough"
    );
    stand.world.faults().somebody_uses(key.id).unwrap();
    stand.passes(30).await;
    let swap = stand.of(&key).await;
    assert_eq!(swap.stage, SwapStage::Woken);
    assert!(swap.mark.starts_with("Swap: used again "), "{}", swap.mark);
    assert_eq!(swap.steps[2].state, SwapStepState::Trouble);
    let card = stand.card(&key).await;
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert!(
        card.evidence.starts_with("Used again at "),
        "{}",
        card.evidence
    );

    // Quiet again, for as long as was asked and advised.
    let advised = swap.advised_days;
    let request = stand.quiet(&key, advised);
    stand.world.app.watch_key(&request).await.unwrap();
    stand.passes(24 * i64::from(advised) - 29).await;
    let card = stand.card(&key).await;
    assert_eq!(card.friction, Friction::SpelledOut, "{card:?}");
    let words = format!("Quiet for {advised} days: last used ");
    assert!(card.evidence.starts_with(&words), "{}", card.evidence);
    stand.world.says_no();
    stand.world.delete(stand.account, key.id).await;
    let question = stand.world.questions().pop().unwrap();
    assert!(
        question
            .paragraphs
            .iter()
            .any(|paragraph| paragraph.starts_with(&words)),
        "{question:?}"
    );
    let journalled = stand.world.journalled("swap_key").await;
    let woken = journalled
        .iter()
        .filter(|row| row.starts_with("used after it should have been quiet: "));
    assert_eq!(woken.count(), 1, "{journalled:?}");
}

#[tokio::test]
async fn the_desktop_says_it_once_when_a_key_wakes_up_or_is_ready_and_only_where_the_user_wants_that()
 {
    let stand = stand().await;
    let silent = stand.key_in_use("Relay").await;
    let quiet = stand.quiet(&silent, 1);
    stand.world.app.retire_key(&quiet).await.unwrap();
    stand.passes(25).await;
    assert_eq!(stand.of(&silent).await.stage, SwapStage::Ready);
    assert_eq!(*stand.world.host.notified.lock().unwrap(), [""; 0]);

    let preferences = Preferences {
        tell_of_swaps: true,
        ..Preferences::default()
    };
    stand
        .world
        .app
        .write_preferences(preferences)
        .await
        .unwrap();
    let key = stand.key_in_use("CI").await;
    let quiet = stand.quiet(&key, 1);
    stand.world.app.retire_key(&quiet).await.unwrap();
    stand.passes(5).await;
    stand.world.faults().somebody_uses(key.id).unwrap();
    for hours in [1, 2, 22, 1] {
        stand.passes(hours).await;
        stand.all().await;
    }
    assert_eq!(
        *stand.world.host.notified.lock().unwrap(),
        ["“CI” was used again", "“CI” is ready to delete"]
    );
}

#[tokio::test]
async fn several_go_at_once_and_each_step_can_be_gone_back_from() {
    let mut stand = stand().await;
    let first = stand.key_in_use("CI").await;
    let second = stand.key_in_use("Relay").await;
    let swap = stand.begun(&first, "CI (2)").await;
    let other = stand.begun(&second, "Relay (2)").await;
    stand.put_all(token_of(&swap)).await;
    stand.put_all(token_of(&other)).await;
    stand.watch(&first).await;
    stand.watch(&second).await;
    stand.passes(10).await;
    stand.world.restart();
    let stages: Vec<_> = stand.all().await.iter().map(|swap| swap.stage).collect();
    assert_eq!(stages, [SwapStage::Watching, SwapStage::Watching]);

    // Back to its places, and the old token back into them.
    let of_first = request(stand.account, first.id);
    stand.world.app.unwatch_key(&of_first).await.unwrap();
    let swap = stand.of(&first).await;
    assert_eq!(swap.stage, SwapStage::Placing);
    let back = swap.old_token.unwrap();
    let places = stand.world.app.places(back).await.unwrap();
    assert!(places.is_back, "{places:?}");
    let message = stand.put_all(back).await;
    assert_eq!(message, "The old token is in 3 files.");
    stand.stands(&first, &first.token);
    let question = stand.world.questions().pop().unwrap();
    assert!(
        question
            .headline
            .starts_with("Write the old token of “CI” back"),
        "{question:?}"
    );
    let swap = stand.of(&first).await;
    assert_eq!(swap.mark, "Swap: in place (0 of 3)");
    assert!(!swap.can_undo);
    assert_eq!(
        stand.of(&second).await.stage,
        SwapStage::Watching,
        "the other one goes on"
    );

    // Given up: both keys stay, and only what was there for the swap leaves the keychain.
    let before = stand.world.keychain().tokens();
    stand.world.app.stop_swap(&of_first).await.unwrap();
    assert_eq!(stand.world.keychain().tokens(), before - 1);
    assert_eq!(stand.all().await.len(), 1);
    let rows = stand.world.refreshed(stand.account).await;
    let sibling = swap.sibling.unwrap().key;
    assert!(rows.iter().any(|row| row.id == swap.key));
    assert!(rows.iter().any(|row| row.id == sibling));
}

#[tokio::test]
async fn the_last_use_is_read_at_most_every_15_minutes_and_only_where_a_key_is_watched() {
    let stand = stand().await;
    let key = stand.key_in_use("CI").await;
    stand.begun(&key, "CI (2)").await;
    stand.world.time.is_kept();
    let begun = stand.lists_read();
    let told = std::sync::atomic::AtomicUsize::new(0);
    let watching = stand.world.app.watch_swaps(|| {
        told.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    });
    let script = async {
        // Its places are being changed: nobody asks.
        for _ in 0..60 {
            stand.world.time.passes(MINUTE).await;
        }
        // It never was read since the watch began: that is done at once.
        stand.watch(&key).await;
        let is_told_and_waits = |read| {
            told.load(std::sync::atomic::Ordering::SeqCst) == read
                && stand.world.time.is_waited_for()
        };
        until("the first reading", || is_told_and_waits(1)).await;
        assert_eq!(stand.lists_read() - begun, 1);
        for read in 2..=4 {
            for _ in 0..14 {
                stand.world.time.passes(MINUTE).await;
                until("the next wait", || is_told_and_waits(read - 1)).await;
            }
            assert_eq!(stand.lists_read() - begun, read - 1, "before its time");
            stand.world.time.passes(MINUTE).await;
            until("a reading", || is_told_and_waits(read)).await;
            assert_eq!(stand.lists_read() - begun, read);
        }
        let key = request(stand.account, key.id);
        stand.world.app.stop_swap(&key).await.unwrap();
        for _ in 0..60 {
            stand.world.time.passes(MINUTE).await;
        }
        stand.world.refreshed(stand.account).await;
        assert_eq!(stand.lists_read() - begun, 5, "only the one of this test");
    };
    tokio::select! {
        _ = watching => panic!("it ended"),
        () = script => {}
    }
}

#[tokio::test]
async fn a_sibling_whose_token_came_just_before_a_crash_takes_its_place() {
    let mut stand = stand().await;
    let key = stand.key_in_use("CI").await;
    let keychain = stand.world.keychain().clone();
    keychain.stops_after_storing("token/");
    cut_off(stand.begin(&key, "CI (2)"), || keychain.has_stopped()).await;
    stand.world.restart();
    let swap = stand.of(&key).await;
    assert_eq!((swap.stage, swap.sibling), (SwapStage::Begun, None));
    let error = stand.begin_error(&key, "CI (3)").await;
    assert!(error.message.contains("“CI (2)”"), "{error:?}");

    stand.world.notices().await;
    let swap = stand.of(&key).await;
    assert_eq!(swap.stage, SwapStage::Placing);
    assert_eq!(swap.sibling.unwrap().name, "CI (2)");
}

#[tokio::test]
async fn a_sibling_whose_token_got_lost_begins_nothing() {
    let stand = stand().await;
    let key = stand.key_in_use("CI").await;
    stand
        .world
        .fault(Rule::once("POST", KEYS, Fault::DropAfter));
    let begun = stand.begin(&key, "CI (2)").await;
    assert!(matches!(begun, SwapBegun::TokenLost { .. }), "{begun:?}");
    assert_eq!(stand.all().await, []);
}

#[tokio::test]
async fn nothing_begins_where_the_name_is_refused_or_the_key_is_the_apps_own() {
    let stand = stand().await;
    let key = stand.key_in_use("CI").await;
    let SwapBegun::NotBegun { errors } = stand.begin(&key, "  ").await else {
        panic!("it began");
    };
    assert_eq!(errors[0].code, ErrorCode::Name);
    assert_eq!(stand.all().await, []);

    let own = stand.world.refreshed(stand.account).await;
    let own = own.into_iter().find(|row| row.own).unwrap();
    let request = BeginSwapRequest {
        account: stand.account,
        key: own.id,
        name: "Own".to_owned(),
        quiet_days: 3,
    };
    let error = stand.world.app.begin_swap(&request).await.unwrap_err();
    assert!(error.message.contains("Rotate it instead"), "{error:?}");
    assert_eq!(stand.all().await, []);
}

#[tokio::test]
async fn a_retired_key_has_no_sibling_and_is_watched_at_once() {
    let stand = stand().await;
    let key = stand.key_in_use("Old importer").await;
    let swaps = stand.world.app.retire_key(&stand.quiet(&key, 1)).await;
    let swap = swaps.unwrap().swaps.remove(0);
    assert_eq!(
        (swap.stage, swap.mark.as_str()),
        (
            SwapStage::Watching,
            "Retiring: quiet for 0 minutes of 1 day"
        )
    );
    assert_eq!(swap.steps.len(), 4);
    let error = stand.world.app.retire_key(&stand.quiet(&key, 1)).await;
    assert!(error.unwrap_err().message.contains("retired already"));
    stand.passes(25).await;
    let swap = stand.of(&key).await;
    assert_eq!(swap.stage, SwapStage::Ready);
    assert!(
        swap.advised_days > 1 && stand.card(&key).await.friction >= Friction::TypePhrase,
        "shorter than advised: it proves nothing"
    );
    // Deleted by somebody else.
    stand.world.faults().somebody_deletes(key.id).unwrap();
    stand.world.refreshed(stand.account).await;
    let swap = stand.of(&key).await;
    assert_eq!(swap.mark, "Retiring: gone from the list");
}

#[tokio::test]
async fn a_place_that_only_the_user_can_change_is_ticked_by_hand() {
    let stand = stand().await;
    let key = stand.key_in_use("CI").await;
    let path = format!("{}/infra/terraform.tfstate", key.id);
    let text = format!("{{\"t\": \"{}\"}}\n", key.token.expose_secret());
    put(&stand.world, &path, &text);
    search(&stand.world, stand.account, &[key.id], SearchTier::Folders).await;
    let swap = stand.begun(&key, "CI (2)").await;
    stand.put_all(token_of(&swap)).await;
    assert_eq!(stand.of(&key).await.mark, "Swap: in place (3 of 4)");
    let request = SwapPlaceRequest {
        account: stand.account,
        key: swap.key.clone(),
        short_path: format!("~/{path}"),
        done: true,
    };
    stand.world.app.tick_swap_place(&request).await.unwrap();
    assert_eq!(stand.of(&key).await.mark, "Swap: in place (4 of 4)");
    stand.places(&swap).await;
    assert_eq!(
        stand.of(&key).await.mark,
        "Swap: in place (4 of 4)",
        "what the user said stays"
    );
}

#[tokio::test]
async fn a_swap_that_a_later_version_wrote_is_told_with_the_list_and_never_written_over() {
    let mut stand = stand().await;
    let key = stand.key_in_use("Importer").await;
    stand.begun(&key, "Importer (new)").await;
    stand.world.restart_after(|folders| {
        let connection = Connection::open(folders.database_file()).unwrap();
        let change =
            "UPDATE swap SET about = replace(about, '\"way\":\"swap\"', '\"way\":\"hand_over\"')";
        assert_eq!(connection.execute(change, []).unwrap(), 1);
    });
    let row = || -> String {
        let connection = Connection::open(stand.world.folders().database_file()).unwrap();
        connection
            .query_row("SELECT about FROM swap", [], |row| row.get(0))
            .unwrap()
    };
    let theirs = row();
    assert_eq!(stand.all().await, []);
    let told = stand
        .world
        .app
        .cached_keys(stand.account)
        .await
        .unwrap()
        .incomplete;
    assert_eq!(
        told.as_deref(),
        Some(
            "The swap of a key of this list was written by a later version of Pulse Keys. This one can't show it, and leaves it \
             as it is."
        )
    );
    let keys = stand.world.refreshed(stand.account).await.len();
    let refused = stand.begin_error(&key, "Importer (again)").await;
    assert!(
        refused.message.contains("A later version of Pulse Keys"),
        "{refused:?}"
    );
    let retired = stand
        .world
        .app
        .retire_key(&stand.quiet(&key, 3))
        .await
        .unwrap_err();
    assert_eq!(retired.message, refused.message);
    assert_eq!(row(), theirs);
    assert_eq!(
        stand.world.refreshed(stand.account).await.len(),
        keys,
        "no sibling was made"
    );
}
