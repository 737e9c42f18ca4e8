//! A service that lists keys and has no call for some of what is done with them: that is done in the browser, and the
//! service's own list shows what became of it. The browser is the server's own database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pulse_keys_core::view::{
    AccountId, BrowserOperation, CreateOutcome, DeleteOutcome, DeleteRequest, ErrorCode,
    GuidedCheck, GuidedCheckRequest, GuidedConfirmation, GuidedDeletion, MadeInBrowser,
    PasteOutcome, PasteTokenRequest, RotateOutcome, RotateReason, TokenVerdict,
};
use pulseapi::KeyId;
use sandbox::faults::{InsertedKey, VerbatimKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::departing::{Asked, Departs, Service};
use crate::world::{World, request};

/// Lists keys and has no call for any write; what it says of those is what Laravel says of routes that it lacks.
#[derive(Clone, Default)]
struct OnlyLists {
    /// Its single keys are all "not found", as behind a gateway that has lost the way.
    hides_keys: Arc<AtomicBool>,
}

fn answered(status: u16, message: &str) -> Asked {
    let body = json!({ "message": message }).to_string();
    Asked::Answered(status, "content-type: application/json", body)
}

impl Departs for OnlyLists {
    fn asked(&self, method: &str, target: &str) -> Asked {
        if method == "GET"
            && target.contains("/api-keys/")
            && self.hides_keys.load(Ordering::SeqCst)
        {
            return answered(404, "No query results for model [ApiKey].");
        }
        match method {
            "POST" if target.ends_with("/rotate") => answered(404, "The route could not be found."),
            "POST" | "DELETE" => answered(405, "The method is not supported for this route."),
            _ => Asked::On(target.to_owned()),
        }
    }
}

struct Scene {
    world: World,
    account: AccountId,
    departs: OnlyLists,
    _service: Service,
}

impl Scene {
    async fn new() -> Self {
        let (world, _) = World::with_keychain().await;
        let departs = OnlyLists::default();
        let service = Service::before(&world.sandbox.base_url(), departs.clone()).await;
        let state = world.connect(service.base_url()).await.unwrap();
        let account = state.active.unwrap();
        world.refreshed(account).await;
        Self {
            world,
            account,
            departs,
            _service: service,
        }
    }

    async fn in_browser(&self) -> Vec<BrowserOperation> {
        let state = self.world.app.state().await;
        let mut accounts = state.accounts.into_iter();
        accounts
            .find(|view| view.id == self.account)
            .unwrap()
            .in_browser
    }

    /// A key whose deletion has passed the card and was refused by the service.
    async fn to_delete(&self) -> InsertedKey {
        let key = self.world.idle_key(200).await;
        self.world.refreshed(self.account).await;
        let outcome = self.world.delete(self.account, key.id).await;
        let DeleteOutcome::NotDeleted { error } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(error.code, ErrorCode::InBrowser);
        assert!(error.message.contains("405"), "{}", error.message);
        let id = request(self.account, key.id);
        let card = self.world.app.delete_card(&id).await.unwrap();
        assert_eq!(card.key.last_eight, tail(&key.token));
        let begun = DeleteRequest {
            account: self.account,
            key: request(self.account, key.id).key,
            typed: None,
        };
        let begun = self.world.app.begin_guided_deletion(&begun).await.unwrap();
        assert!(matches!(begun, GuidedDeletion::Open { .. }), "{begun:?}");
        key
    }

    async fn check(
        &self,
        key: &InsertedKey,
    ) -> Result<GuidedCheck, pulse_keys_core::view::UiError> {
        let check = GuidedCheckRequest {
            account: self.account,
            key: request(self.account, key.id).key,
            token: None,
        };
        self.world.app.check_guided_deletion(&check).await
    }

    async fn lists(&self, key: &InsertedKey) -> bool {
        let id = request(self.account, key.id).key;
        let cached = self.world.cached(self.account).await;
        cached.iter().any(|row| row.id == id)
    }

    async fn paste(&self, made: MadeInBrowser, token: &SecretString) -> PasteOutcome {
        let request = PasteTokenRequest {
            account: self.account,
            made,
            token: token.clone(),
            despite_doubt: false,
        };
        self.world.app.paste_token(request).await.unwrap()
    }

    async fn journal(&self) -> Vec<String> {
        let rows = self.world.app.journal().await.unwrap().rows;
        rows.into_iter().map(|row| row.outcome).collect()
    }
}

fn tail(token: &SecretString) -> String {
    let token = token.expose_secret();
    token[token.len() - 8..].to_owned()
}

fn made() -> MadeInBrowser {
    MadeInBrowser::Created {
        name: "Zapier".to_owned(),
        abilities: "monitors:read".to_owned(),
        team: None,
    }
}

fn rotated(key: &KeyId) -> MadeInBrowser {
    MadeInBrowser::Rotated {
        key: key.clone(),
        reason: RotateReason::Routine,
    }
}

#[tokio::test]
async fn a_call_that_the_service_has_not_is_learned_from_its_refusal_and_forgotten_at_the_next_start()
 {
    let mut scene = Scene::new().await;
    assert_eq!(scene.in_browser().await, []);

    let outcome = scene.world.create(scene.account, "CI").await;
    let CreateOutcome::NotCreated { errors } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(errors[0].code, ErrorCode::InBrowser);
    assert_eq!(scene.in_browser().await, [BrowserOperation::Create]);

    let key = scene.world.idle_key(200).await;
    match scene.world.rotate(scene.account, key.id).await {
        RotateOutcome::NotRotated { error } | RotateOutcome::Unknown { error } => {
            assert_eq!(error.code, ErrorCode::InBrowser);
        }
        other => panic!("{other:?}"),
    }
    scene.to_delete().await;
    let all = [
        BrowserOperation::Create,
        BrowserOperation::Rotate,
        BrowserOperation::Delete,
    ];
    assert_eq!(scene.in_browser().await, all);

    // Where a call is refused for another reason, it is not.
    scene.world.restart();
    assert_eq!(scene.in_browser().await, []);
}

#[tokio::test]
async fn a_deletion_in_the_browser_is_proved_by_the_services_own_list() {
    let scene = Scene::new().await;
    let key = scene.to_delete().await;

    let check = scene.check(&key).await.unwrap();
    assert!(matches!(check, GuidedCheck::StillThere { .. }), "{check:?}");
    let id = request(scene.account, key.id);
    let word = scene.world.app.confirm_guided_deletion(&id).await.unwrap();
    assert!(
        matches!(word, GuidedConfirmation::CheckFirst { .. }),
        "the user's word is not needed: {word:?}"
    );

    // One 404 is no proof: the list still has it.
    scene.departs.hides_keys.store(true, Ordering::SeqCst);
    scene.check(&key).await.unwrap_err();
    assert!(scene.lists(&key).await);
    scene.departs.hides_keys.store(false, Ordering::SeqCst);

    assert!(scene.world.faults().delete_key(key.id).await.unwrap());
    let check = scene.check(&key).await.unwrap();
    assert!(matches!(check, GuidedCheck::Gone { .. }), "{check:?}");
    assert!(!scene.lists(&key).await);
    let journal = scene.journal().await;
    let last = journal.last().unwrap();
    assert_eq!(last, "deleted in the browser: record gone");
}

#[tokio::test]
async fn a_token_rotated_in_the_browser_is_taken_also_when_the_list_knew_it_first() {
    let scene = Scene::new().await;
    let key = scene.world.idle_key(200).await;
    // Refused with a 404, which may be a late one: the key is watched meanwhile.
    scene.world.rotate(scene.account, key.id).await;
    let id = request(scene.account, key.id);
    let card = scene.world.app.browser_rotate_card(&id).await.unwrap();
    assert_eq!(card.key.last_eight, tail(&key.token));

    let new = scene
        .world
        .faults()
        .rotates_in_browser(key.id)
        .unwrap()
        .unwrap();
    scene.world.refreshed(scene.account).await;
    let old = scene.paste(rotated(&id.key), &key.token).await;
    assert!(matches!(old, PasteOutcome::Refused { .. }), "{old:?}");
    let PasteOutcome::Taken {
        token,
        tested,
        trouble,
        ..
    } = scene.paste(rotated(&id.key), &new).await
    else {
        panic!("the new token is taken");
    };
    assert_eq!(
        (tested.new.verdict, trouble),
        (TokenVerdict::Accepted, None)
    );
    assert_eq!(token.key, Some(id.key.clone()));
    let cached = scene.world.refreshed(scene.account).await;
    let row = cached.iter().find(|row| row.id == id.key).unwrap();
    assert_eq!((&row.last_eight, row.noted_at), (&tail(&new), None));
    let notices = scene.world.notices().await;
    assert!(
        notices
            .iter()
            .all(|notice| !notice.message.contains("nobody")),
        "{notices:?}"
    );
}

#[tokio::test]
async fn a_key_made_in_the_browser_is_the_one_that_the_list_has() {
    let scene = Scene::new().await;
    scene.world.create(scene.account, "CI").await;
    let key = VerbatimKey::named("Zapier");
    let key = scene.world.faults().insert_key(key).await.unwrap();
    let before = scene.world.refreshed(scene.account).await.len();

    let PasteOutcome::Taken { token, list, .. } = scene.paste(made(), &key.token).await else {
        panic!("the token is taken");
    };
    assert_eq!(token.key, Some(request(scene.account, key.id).key));
    assert_eq!(list.keys.len(), before, "it is not listed twice");
    let again = scene.paste(made(), &key.token).await;
    assert!(matches!(again, PasteOutcome::Refused { .. }), "{again:?}");
}

#[tokio::test]
async fn what_the_service_does_itself_is_not_done_in_the_browser() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let id = request(account, key.id);
    world.app.browser_rotate_card(&id).await.unwrap_err();
    let deletion = DeleteRequest {
        account,
        key: id.key.clone(),
        typed: None,
    };
    world
        .app
        .begin_guided_deletion(&deletion)
        .await
        .unwrap_err();
}
