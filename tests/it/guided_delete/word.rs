//! What proves nothing: the wrong token, no token, a restart. Then only the user's word takes a key off the list.

use super::{Guided, tail};
use crate::guided::typed;
use pulse_keys_core::view::GuidedCheck;
use pulse_keys_core::view::GuidedConfirmation;
use pulse_keys_core::view::NextStep;
use pulse_keys_core::view::NoteKeyRequest;
use sandbox::faults::VerbatimKey;
use secrecy::ExposeSecret as _;

#[tokio::test]
async fn a_pasted_token_of_another_key_or_a_broken_one_is_refused_and_not_tried() {
    let guided = Guided::new().await;
    let other = VerbatimKey::named("Other");
    let other = guided.world.faults().insert_key(other).await.unwrap();
    guided.begins().await;
    guided.world.faults().clear_requests();
    let whole = guided.key.token.expose_secret();
    let damaged: String = {
        let (head, tail) = whole.split_at(whole.len() - 9);
        let flipped = if tail.starts_with('a') { 'b' } else { 'a' };
        format!("{head}{flipped}{}", &tail[1..])
    };
    for wrong in [
        other.token.expose_secret(),
        &damaged,
        tail(&guided.key.token),
        "two words",
    ] {
        let GuidedCheck::Refused { message } = guided.check_with(Some(wrong)).await else {
            panic!("it was taken")
        };
        assert!(
            !message.contains(&wrong[..wrong.len() - 8]) || wrong.len() < 10,
            "{message}"
        );
    }
    assert_eq!(guided.calls(), 0);
    assert_eq!(guided.open().await, None);
}

#[tokio::test]
async fn a_401_to_a_token_that_was_never_accepted_is_no_proof_but_the_users_word_may_follow() {
    let guided = Guided::new().await;
    guided.begins().await;
    // Cut at its beginning: genuine by its checksum, and refused by the server while the key lives.
    let cut = &guided.key.token.expose_secret()[1..];
    assert_eq!(guided.check_with(Some(cut)).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(
        open.refused && !open.accepted && open.next_at.is_none(),
        "{open:?}"
    );
    assert!(
        open.message
            .contains("does not prove that the key is deleted"),
        "{open:?}"
    );
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.status_with(&guided.key.token).await, 200);

    guided.world.says_no();
    assert_eq!(guided.confirms().await, GuidedConfirmation::Cancelled);
    assert!(guided.is_listed().await);
    let asked = guided
        .world
        .host
        .asked
        .lock()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert!(
        asked.paragraphs.join(" ").contains("proves nothing"),
        "{asked:?}"
    );

    // The whole one is accepted; then its 401 is the proof.
    guided.pastes().await;
    assert!(guided.open().await.unwrap().accepted);
    let confirmed = guided.confirms().await;
    assert!(
        matches!(confirmed, GuidedConfirmation::CheckFirst { .. }),
        "{confirmed:?}"
    );
    guided.deletes_in_browser().await;
    guided.check_with(None).await;
    assert!(!guided.is_listed().await);
}

#[tokio::test]
async fn without_a_token_the_users_word_is_asked_for_and_written_down_as_that() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.world.says_no();
    assert_eq!(guided.confirms().await, GuidedConfirmation::Cancelled);
    assert!(guided.is_listed().await);
    let asked = guided
        .world
        .host
        .asked
        .lock()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(
        (asked.yes.as_str(), asked.no.as_str()),
        ("I have deleted it", "Cancel")
    );
    assert!(
        asked
            .paragraphs
            .join(" ")
            .contains("Nothing here can check it"),
        "{asked:?}"
    );

    guided.world.says(pulse_keys_core::host::Reply::Yes);
    let GuidedConfirmation::Noted { message, .. } = guided.confirms().await else {
        panic!("it was not noted")
    };
    assert!(
        message.contains("as you say. It was not checked."),
        "{message}"
    );
    assert!(!guided.is_listed().await);
    assert_eq!(
        guided.world.journalled_deletions().await,
        ["deleted in the browser: as you say, not checked"]
    );
    assert!(
        guided
            .world
            .app
            .delete_card(&guided.request())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_key_that_changes_while_the_question_is_open_stays() {
    let guided = Guided::new().await;
    guided.begins().await;
    let answer = guided.world.thinks();
    let meanwhile = async {
        while guided.world.host.asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let again = NoteKeyRequest {
            key: Some(guided.row.id.clone()),
            ..typed(guided.account, "CI", "ffee0011")
        };
        guided.world.app.note_key(&again).await.unwrap();
        drop(answer);
    };
    let (confirmed, ()) = tokio::join!(guided.confirms(), meanwhile);
    assert!(
        matches!(confirmed, GuidedConfirmation::CardChanged { .. }),
        "{confirmed:?}"
    );
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
}

#[tokio::test]
async fn a_restart_ends_the_tries_with_a_pasted_token_and_says_so() {
    let mut guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    guided.deletes_in_browser().await;
    guided.world.restart();
    let notices = guided.world.notices().await;
    let [notice] = &notices[..] else {
        panic!("{notices:?}")
    };
    assert!(
        notice
            .message
            .contains("not known whether “CI” was deleted"),
        "{notice:?}"
    );
    let key = guided.row.id.clone();
    let account = guided.account;
    assert_eq!(notice.next, Some(NextStep::DeleteKey { account, key }));
    assert_eq!(guided.open().await, None);
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
    // The way begins at the card again.
    let token = guided.key.token.expose_secret().to_owned();
    let checked = guided.check_with(Some(&token)).await;
    assert!(
        matches!(checked, GuidedCheck::CardChanged { .. }),
        "{checked:?}"
    );
    // Pasted anew, its 401 alone is no proof: it was not seen to be accepted in this run.
    guided.begins().await;
    guided.pastes().await;
    assert!(guided.open().await.unwrap().refused);
}

#[tokio::test]
async fn a_pasted_token_goes_with_its_account_and_with_its_row() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    guided
        .world
        .app
        .unlist_key(&guided.request())
        .await
        .unwrap();
    assert_eq!(guided.open().await, None);

    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    guided.world.app.sign_out(guided.account).await.unwrap();
    assert_eq!(guided.open().await, None);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
}
