//! Deleting a key in the browser, where the service has no endpoints for keys: what counts as proof, and what leaves the
//! list. The browser is the server's own database.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{
    AccountId, DeleteRequest, Friction, GuidedCheck, GuidedCheckRequest, GuidedConfirmation,
    GuidedDeletion, KeyRequest, KeyRow, NextStep, NoteKeyRequest, Revocation, TokenSource,
};
use pulseapi::Clock as _;
use sandbox::faults::{InsertedKey, Rule, VerbatimKey};
use sandbox::{ManualClock, Settings};
use secrecy::{ExposeSecret as _, SecretString};

use crate::guided::{list, listed, typed};
use crate::keychain::Keychain;
use crate::revocation::watched;
use crate::world::{World, id_of, status};

/// An app with a keychain that is signed in to a server without key endpoints, and a key in its list. Time passes only as
/// the test says.
struct Guided {
    world: World,
    account: AccountId,
    key: InsertedKey,
    row: KeyRow,
}

impl Guided {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::now()));
        let settings = Settings {
            requests_per_minute: 100_000,
            key_endpoints: false,
            clock: clock.clone(),
            ..Settings::default()
        };
        let world = World::begin(settings, Some(Keychain::default()), Some(clock)).await;
        let state = world.connect(&world.sandbox.base_url()).await.unwrap();
        let account = state.active.unwrap();
        world.time.is_kept();
        let key = VerbatimKey::named("CI");
        let key = world.faults().insert_key(key).await.unwrap();
        let row = noted(&world, account, "CI", tail(&key.token)).await;
        Self {
            world,
            account,
            key,
            row,
        }
    }

    fn request(&self) -> KeyRequest {
        KeyRequest {
            account: self.account,
            key: self.row.id.clone(),
        }
    }

    async fn begin_typing(&self, typed: Option<&str>) -> GuidedDeletion {
        let KeyRequest { account, key } = self.request();
        let request = DeleteRequest {
            account,
            key,
            typed: typed.map(str::to_owned),
        };
        self.world
            .app
            .begin_guided_deletion(&request)
            .await
            .unwrap()
    }

    /// Past the card.
    async fn begins(&self) -> Option<TokenSource> {
        let card = self.world.app.delete_card(&self.request()).await.unwrap();
        match self.begin_typing(card.phrase.as_deref()).await {
            GuidedDeletion::Open { source } => source,
            other @ GuidedDeletion::CardChanged { .. } => panic!("{other:?}"),
        }
    }

    async fn check_with(&self, token: Option<&str>) -> GuidedCheck {
        let KeyRequest { account, key } = self.request();
        let request = GuidedCheckRequest {
            account,
            key,
            token: token.map(SecretString::from),
        };
        self.world
            .app
            .check_guided_deletion(&request)
            .await
            .unwrap()
    }

    /// Pastes the key's token, which is tried at once.
    async fn pastes(&self) {
        let token = self.key.token.expose_secret();
        assert_eq!(self.check_with(Some(token)).await, GuidedCheck::Tried);
    }

    async fn deletes_in_browser(&self) {
        assert!(self.world.faults().delete_key(self.key.id).await.unwrap());
    }

    async fn confirms(&self) -> GuidedConfirmation {
        let request = self.request();
        self.world
            .app
            .confirm_guided_deletion(&request)
            .await
            .unwrap()
    }

    async fn is_listed(&self) -> bool {
        let keys = listed(&self.world, self.account).await;
        keys.iter().any(|row| row.id == self.row.id)
    }

    /// What stands above the list about it.
    async fn open(&self) -> Option<Revocation> {
        let mut open = None;
        watched(&self.world, async |told| {
            open = told.until(|_| true).await.open.first().cloned();
        })
        .await;
        open
    }

    async fn tries(&self) -> Vec<String> {
        self.world.journalled("try_token").await
    }

    fn calls(&self) -> usize {
        let requests = self.world.faults().requests();
        requests
            .iter()
            .filter(|seen| seen.path.ends_with("/user"))
            .count()
    }
}

fn tail(token: &SecretString) -> &str {
    let token = token.expose_secret();
    &token[token.len() - 8..]
}

async fn noted(world: &World, account: AccountId, name: &str, last_eight: &str) -> KeyRow {
    let noted = world.app.note_key(&typed(account, name, last_eight)).await;
    let mut keys = list(noted.unwrap()).keys;
    let place = keys.iter().position(|key| key.last_eight == last_eight);
    keys.swap_remove(place.unwrap())
}

#[tokio::test]
async fn the_card_says_what_the_user_noted_and_when_and_asks_the_service_nothing() {
    let guided = Guided::new().await;
    guided.world.faults().clear_requests();
    let card = guided
        .world
        .app
        .delete_card(&guided.request())
        .await
        .unwrap();
    let day = guided.world.time.now().strftime("%-d %b %Y").to_string();
    assert_eq!(
        card.evidence,
        format!(
            "As you noted on {day}, this key had never been used. Whether it was used since then, this app can’t see."
        )
    );
    assert_eq!((card.friction, card.phrase), (Friction::Dialog, None));
    assert_eq!(guided.world.faults().requests().len(), 0);

    guided
        .world
        .time
        .passes(Duration::from_secs(60 * 60 * 25))
        .await;
    let card = guided
        .world
        .app
        .delete_card(&guided.request())
        .await
        .unwrap();
    assert_eq!(
        card.phrase.as_deref(),
        Some("CI"),
        "a note of yesterday proves no idleness"
    );
    for wrong in [None, Some("CI/CD")] {
        let begun = guided.begin_typing(wrong).await;
        assert!(
            matches!(begun, GuidedDeletion::CardChanged { .. }),
            "{begun:?}"
        );
    }
    assert_eq!(
        guided.begin_typing(Some("CI")).await,
        GuidedDeletion::Open { source: None }
    );
}

#[tokio::test]
async fn nothing_is_tried_or_noted_past_the_card() {
    let guided = Guided::new().await;
    guided.world.faults().clear_requests();
    let token = guided.key.token.expose_secret().to_owned();
    let checked = guided.check_with(Some(&token)).await;
    assert!(
        matches!(checked, GuidedCheck::CardChanged { .. }),
        "{checked:?}"
    );
    let confirmed = guided.confirms().await;
    assert!(
        matches!(confirmed, GuidedConfirmation::CardChanged { .. }),
        "{confirmed:?}"
    );
    assert_eq!(guided.calls(), 0);
    assert!(guided.world.host.asked.lock().unwrap().is_empty());

    // Nor once the key is described otherwise than it was shown.
    guided.begins().await;
    let again = NoteKeyRequest {
        key: Some(guided.row.id.clone()),
        ..typed(guided.account, "Production", &guided.row.last_eight)
    };
    guided.world.app.note_key(&again).await.unwrap();
    let checked = guided.check_with(Some(&token)).await;
    assert!(
        matches!(checked, GuidedCheck::CardChanged { .. }),
        "{checked:?}"
    );
    assert!(matches!(
        guided.confirms().await,
        GuidedConfirmation::CardChanged { .. }
    ));
    assert_eq!(guided.calls(), 0);
}

#[tokio::test]
async fn a_token_that_was_accepted_and_gets_401_takes_the_key_off_the_list() {
    let guided = Guided::new().await;
    assert_eq!(guided.begins().await, None);
    assert_eq!(guided.check_with(None).await, GuidedCheck::NoToken);
    guided.pastes().await;
    let open = guided.open().await.unwrap();
    assert!(
        open.accepted && open.in_browser && open.in_memory,
        "{open:?}"
    );
    assert_eq!(
        open.message,
        "“CI” is not deleted: PulseAPI still accepts its token."
    );
    assert!(guided.is_listed().await);

    guided.deletes_in_browser().await;
    watched(&guided.world, async |told| {
        assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
        let now = told.confirmed().await;
        assert_eq!(now.open, []);
        let [confirmed] = &now.confirmed[..] else {
            panic!("{now:?}")
        };
        assert!(confirmed.in_browser && confirmed.signed_out.is_none());
        assert_eq!(confirmed.at, guided.world.time.now());
        assert_eq!(
            confirmed.message,
            "“CI” is deleted: its token gets 401. It has left your list."
        );
    })
    .await;
    assert!(!guided.is_listed().await);
    assert_eq!(
        guided.world.journalled_deletions().await,
        ["deleted in the browser: 401 confirmed"]
    );
    assert!(
        guided.world.host.asked.lock().unwrap().is_empty(),
        "the proof is enough"
    );
    let written = std::fs::read(guided.world.folders().database_file()).unwrap();
    let body = guided
        .key
        .token
        .expose_secret()
        .split_once('|')
        .unwrap()
        .1
        .as_bytes();
    assert!(!written.windows(body.len()).any(|window| window == body));
}

#[tokio::test]
async fn as_long_as_it_is_accepted_the_key_stays_and_is_tried_by_the_schedule() {
    let guided = Guided::new().await;
    guided.begins().await;
    let first = guided.world.time.now();
    let after = |seconds| first + SignedDuration::from_secs(seconds);
    watched(&guided.world, async |told| {
        guided.pastes().await;
        for (passes, tried, next) in [
            (0, 0, Some(5)),
            (5, 5, Some(15)),
            (10, 15, Some(60)),
            (45, 60, Some(300)),
        ] {
            guided.world.time.passes(Duration::from_secs(passes)).await;
            let now = told
                .until(|now| now.open.iter().any(|open| open.tried_at == after(tried)))
                .await;
            assert_eq!(now.open[0].next_at, next.map(after));
            assert!(now.open[0].accepted && guided.is_listed().await);
        }
        guided.deletes_in_browser().await;
        guided.world.time.passes(Duration::from_secs(240)).await;
        assert_eq!(told.confirmed().await.confirmed[0].at, after(300));
    })
    .await;
    assert!(!guided.is_listed().await);
    assert_eq!(guided.tries().await, vec!["its token is still accepted"; 4]);
}

#[tokio::test]
async fn what_cannot_be_tried_proves_nothing() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    guided.deletes_in_browser().await;
    guided.world.fault(Rule::once("GET", "/user", status(503)));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(!open.accepted && !open.refused, "{open:?}");
    assert!(
        open.message
            .starts_with("It is not known whether “CI” is deleted"),
        "{open:?}"
    );
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    assert!(!guided.is_listed().await);
}

#[tokio::test]
async fn a_service_that_refuses_everything_proves_nothing() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    for _ in 0..2 {
        guided.world.fault(Rule::once("GET", "/user", status(401)));
    }
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(
        open.message.contains("so does this app’s own token"),
        "{open:?}"
    );
    assert!(guided.is_listed().await);
}

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
async fn a_401_to_the_token_before_takes_nothing_off_the_list() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    // Rotated in the browser: the old token is dead, the key lives.
    assert!(
        guided
            .world
            .faults()
            .somebody_rotates(guided.key.id)
            .unwrap()
    );
    let again = NoteKeyRequest {
        key: Some(guided.row.id.clone()),
        ..typed(guided.account, "CI", "ffee0011")
    };
    guided.world.app.note_key(&again).await.unwrap();
    watched(&guided.world, async |told| {
        guided.world.time.passes(Duration::from_secs(5)).await;
        told.until(|now| now.open.is_empty()).await;
    })
    .await;
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
    assert_eq!(
        guided.tries().await.last().unwrap(),
        "not tried any more: the list has another token for it, or not the key"
    );
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

#[tokio::test]
async fn the_apps_own_key_signs_out_once_its_401_is_seen_twice() {
    let mut guided = Guided::new().await;
    let credential = guided.world.credential.clone();
    guided.row = noted(&guided.world, guided.account, "This app", tail(&credential)).await;
    let card = guided
        .world
        .app
        .delete_card(&guided.request())
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::OwnKey);
    assert!(
        card.consequence.contains("your own list goes with it"),
        "{}",
        card.consequence
    );
    assert_eq!(guided.begins().await, Some(TokenSource::Own));
    let confirmed = guided.confirms().await;
    assert!(
        matches!(confirmed, GuidedConfirmation::CheckFirst { .. }),
        "{confirmed:?}"
    );

    guided.world.fault(Rule::once("GET", "/user", status(401)));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    assert!(
        guided.open().await.unwrap().accepted,
        "one 401 may be anybody’s"
    );
    let id: i64 = guided.row.id.as_str().parse().unwrap();
    assert!(guided.world.faults().delete_key(id).await.unwrap());
    watched(&guided.world, async |told| {
        guided.check_with(None).await;
        let now = told.confirmed().await;
        assert_eq!(now.confirmed[0].signed_out.as_ref().unwrap().active, None);
    })
    .await;
    assert!(!guided.world.signs_in_with(guided.account, &credential));
    assert_eq!(
        guided.world.journalled_deletions().await,
        ["deleted in the browser: 401 confirmed"]
    );
}

/// A service that had endpoints for keys when the token came into custody, and has none any more.
#[tokio::test]
async fn a_token_in_custody_is_the_proof_over_a_restart_and_goes_when_it_is_dead() {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let (mut world, account) = World::with_keychain_and_clock(clock).await;
    let token = world.created(account, "CI").await;
    world.refreshed(account).await;
    world.restart_after(|folders| {
        let file = folders.accounts_file();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("\"endpoints\""), "{text}");
        std::fs::write(&file, text.replace("\"endpoints\"", "\"guided\"")).unwrap();
    });
    world.time.is_kept();
    let row = world.cached(account).await;
    let row = row.into_iter().find(|row| row.name == "CI").unwrap();
    let key = InsertedKey {
        id: id_of(&token),
        token: world.reveal(token.id).await,
    };
    let mut guided = Guided {
        world,
        account,
        key,
        row,
    };
    assert_eq!(guided.begins().await, Some(TokenSource::Custody));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(open.accepted && !open.in_memory, "{open:?}");
    guided.world.restart();
    assert_eq!(guided.world.notices().await, []);
    guided.deletes_in_browser().await;
    watched(&guided.world, async |told| {
        guided.world.time.passes(Duration::from_secs(5)).await;
        told.confirmed().await;
    })
    .await;
    assert!(!guided.is_listed().await);
    assert_eq!(guided.world.custody().await, []);
}
