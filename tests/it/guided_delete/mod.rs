//! Deleting a key in the browser, where the service has no endpoints for keys: what counts as proof, and what leaves the
//! list. The browser is the server's own database.

mod proof;
mod word;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pulse_keys_core::view::{
    AccountId, DeleteRequest, Friction, GuidedCheck, GuidedCheckRequest, GuidedConfirmation,
    GuidedDeletion, KeyRequest, KeyRow, NoteKeyRequest, Revocation, TokenSource,
};
use pulseapi::Clock as _;
use sandbox::faults::{InsertedKey, VerbatimKey};
use sandbox::{ManualClock, Settings};
use secrecy::{ExposeSecret as _, SecretString};

use crate::guided::{list, listed, typed};
use crate::keychain::Keychain;
use crate::revocation::watched;
use crate::world::World;

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

    // Nor once it is only noted at another time.
    guided.begins().await;
    guided.world.time.passes(Duration::from_secs(1)).await;
    guided.world.app.note_key(&again).await.unwrap();
    let checked = guided.check_with(Some(&token)).await;
    assert!(
        matches!(checked, GuidedCheck::CardChanged { .. }),
        "{checked:?}"
    );
    assert_eq!(guided.calls(), 0);
}
