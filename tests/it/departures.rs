//! A service that departs a little from what is assumed of it: the app goes on, says what is true, and loses no token.

use pulse_keys_core::view::{
    AccountId, BulkCardRequest, DeleteOutcome, ErrorCode, FindingLevel, Friction, KeyRequest,
    KeyRow, KeysRefreshed, RecogniseRequest, Recognised, ReplaceRequest, RotateOutcome,
    RotateReason, RotateRequest, TokenVerdict,
};
use sandbox::Settings;
use sandbox::faults::Fault;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::departing::{Asked, Departs, Service};
use crate::world::{KEY, KEYS, World, always, request, status};

/// A world with a keychain whose app is signed in to a service that departs.
async fn signed_in(departs: impl Departs) -> (World, Service, AccountId) {
    let (world, _) = World::with_keychain().await;
    let service = Service::before(&world.sandbox.base_url(), departs).await;
    let state = world.connect(service.base_url()).await.unwrap();
    (world, service, state.active.unwrap())
}

/// Records have names for ids, where tokens have numbers.
struct NamedIds;

impl NamedIds {
    fn rename(key: &mut Value) {
        key["id"] = json!(format!("key_{}", key["id"]));
    }
}

impl Departs for NamedIds {
    fn asked(&self, _: &str, target: &str) -> Asked {
        Asked::On(target.replace("/key_", "/"))
    }

    fn answered(&self, target: &str, body: &mut Value) {
        if !target.contains("/api-keys") || target.ends_with("/abilities") {
            return;
        }
        match &mut body["data"] {
            Value::Array(keys) => keys.iter_mut().for_each(Self::rename),
            key => Self::rename(key),
        }
    }
}

fn named(account: AccountId, key: &KeyRow) -> KeyRequest {
    KeyRequest {
        account,
        key: key.id.clone(),
    }
}

async fn only_own(world: &World, account: AccountId) -> KeyRow {
    let mut rows = world.refreshed(account).await;
    rows.retain(|row| row.own);
    assert_eq!(rows.len(), 1, "one key is the app's own");
    rows.remove(0)
}

#[tokio::test]
async fn the_own_key_is_known_and_guarded_where_records_and_tokens_have_other_ids() {
    let (world, _service, account) = signed_in(NamedIds).await;
    let own = only_own(&world, account).await;
    assert!(own.id.as_str().starts_with("key_"));

    let card = world.app.delete_card(&named(account, &own)).await.unwrap();
    assert_eq!(card.friction, Friction::OwnKey);
    let bulk = BulkCardRequest {
        account,
        keys: vec![own.id.clone()],
    };
    let card = world.app.bulk_card(&bulk).await.unwrap();
    assert!(!card.rows[0].ticked && card.rows[0].obstacle.is_some());
}

#[tokio::test]
async fn the_account_moves_to_the_new_token_where_records_and_tokens_have_other_ids() {
    let (mut world, _service, account) = signed_in(NamedIds).await;
    let own = only_own(&world, account).await;
    let write = RotateRequest {
        account,
        key: own.id,
        reason: RotateReason::Routine,
        files: Vec::new(),
    };
    let outcome = world.app.rotate_key(&write).await.unwrap();
    let RotateOutcome::Rotated {
        token,
        trouble: None,
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert!(token.own);
    let text = world.reveal(token.id).await;
    assert!(world.signs_in_with(account, &text));
    world.app.token_stored(token.id).await.unwrap();
    world.restart();
    let own = only_own(&world, account).await;
    assert_eq!(own.last_eight, token.last_eight);
}

#[tokio::test]
async fn a_found_token_is_that_of_its_key_where_records_and_tokens_have_other_ids() {
    let (world, _service, account) = signed_in(NamedIds).await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    let found = RecogniseRequest::Text {
        text: key.token.clone(),
    };
    let looked = world.app.recognise(found).await.unwrap();
    let Recognised::Looked { found, message, .. } = looked else {
        panic!("{looked:?}");
    };
    assert_eq!(found[0].level, FindingLevel::ThisKey);
    assert_eq!((found[0].genuine, found[0].alive), (Some(true), Some(true)));
    let row = found[0].key.as_ref().unwrap();
    assert_eq!(row.id.as_str(), format!("key_{}", key.id));
    assert!(message.contains("genuine"), "{message}");
}

/// The list without a word on pages, by default as the server pages it.
struct BareList {
    /// It gives the first page whatever is asked for.
    ignores_pages: bool,
}

impl Departs for BareList {
    fn asked(&self, _: &str, target: &str) -> Asked {
        Asked::On(if self.ignores_pages {
            target.replace("?page=2", "?page=1")
        } else {
            target.to_owned()
        })
    }

    fn answered(&self, target: &str, body: &mut Value) {
        if target.contains("/api-keys?") {
            *body = body["data"].take();
        }
    }
}

/// An app that is signed in to such a service, which has 250 keys.
async fn with_250_keys(departs: impl Departs) -> (World, Service, AccountId) {
    let world = World::with(Settings {
        keys: Some(250),
        ..Settings::default()
    })
    .await;
    let service = Service::before(&world.sandbox.base_url(), departs).await;
    let state = world.connect(service.base_url()).await.unwrap();
    (world, service, state.active.unwrap())
}

async fn refreshed(world: &World, account: AccountId) -> KeysRefreshed {
    world.app.refresh_keys(account, |_| {}).await.unwrap()
}

#[tokio::test]
async fn a_bare_list_is_read_to_its_end() {
    let (world, _service, account) = with_250_keys(BareList {
        ignores_pages: false,
    })
    .await;
    let all = world.faults().keys().unwrap().len();
    let told = refreshed(&world, account).await;
    assert_eq!((told.incomplete, told.read_twice), (None, false));
    assert_eq!(world.cached(account).await.len(), all);
}

#[tokio::test]
async fn a_list_that_repeats_itself_may_be_incomplete_and_proves_nothing() {
    let (world, _service, account) = with_250_keys(BareList {
        ignores_pages: true,
    })
    .await;
    let told = refreshed(&world, account).await;
    assert_eq!(told.total, 100);
    let why = told.incomplete.unwrap();
    assert!(why.contains("may be incomplete"), "{why}");
    assert!(why.contains("sends the same keys again"), "{why}");

    // The oldest key is on none of the pages that can be had. A 404 for it is a gateway's, not the service's.
    let oldest = world.faults().keys().unwrap().pop().unwrap().id;
    world.fault(always("GET", KEY, status(404)));
    let card = world.app.delete_card(&request(account, oldest)).await;
    assert!(card.is_err(), "{card:?}");
    let outcome = world.rotate(account, oldest).await;
    assert!(
        matches!(outcome, RotateOutcome::NotRotated { .. }),
        "{outcome:?}"
    );
}

/// There is no call for one key.
struct NoSingleKey;

impl Departs for NoSingleKey {
    fn asked(&self, method: &str, target: &str) -> Asked {
        let is_of_one = target.contains("/api-keys/") && !target.ends_with("/abilities");
        if method == "GET" && is_of_one {
            let body = json!({"message": "The GET method is not supported for this route."});
            return Asked::Answered(405, "content-type: application/json", body.to_string());
        }
        Asked::On(target.to_owned())
    }
}

#[tokio::test]
async fn keys_are_deleted_and_rotated_where_there_is_no_call_for_one_key() {
    let (world, _service, account) = signed_in(NoSingleKey).await;
    let (gone, kept) = (world.idle_key(200).await, world.idle_key(200).await);
    let card = world.app.delete_card(&request(account, gone.id)).await;
    assert_eq!(card.unwrap().friction, Friction::Dialog);
    let outcome = world.delete(account, gone.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    assert_eq!(world.status_with(&gone.token).await, 401);

    let card = world.app.rotate_card(&request(account, kept.id)).await;
    assert_eq!(card.unwrap().key.name, "Old importer");
    let token = world.rotated(account, kept.id).await;
    assert_eq!(world.status_of(&token).await, 200);
    assert_eq!(world.status_with(&kept.token).await, 401);

    // Somebody else was faster.
    let other = world.idle_key(200).await;
    world.refreshed(account).await;
    assert!(world.faults().somebody_deletes(other.id).unwrap());
    let outcome = world.delete(account, other.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::GoneAlready { .. }),
        "{outcome:?}"
    );
}

/// Nobody is told whose token it is.
struct NoUser;

impl Departs for NoUser {
    fn asked(&self, _: &str, target: &str) -> Asked {
        if target.ends_with("/user") {
            let body = json!({"message": "The route v1/user could not be found."});
            return Asked::Answered(404, "content-type: application/json", body.to_string());
        }
        Asked::On(target.to_owned())
    }
}

#[tokio::test]
async fn a_service_that_tells_no_user_is_signed_in_to_by_its_list() {
    let (mut world, service, account) = signed_in(NoUser).await;
    let view = world.app.state().await.accounts;
    let view = view.into_iter().find(|view| view.id == account).unwrap();
    assert_eq!(view.label, service.base_url());
    assert_eq!(view.user_name, service.base_url());

    let token = world.created(account, "CI").await;
    let tried = world.app.test_token(token.id).await.unwrap();
    assert_eq!(tried.new.verdict, TokenVerdict::Accepted);

    let own = only_own(&world, account).await;
    let own: i64 = own.id.as_str().parse().unwrap();
    let moved = world.rotated(account, own).await;
    assert!(world.signs_in_with(account, &world.reveal(moved.id).await));
    world.restart();
    assert_eq!(only_own(&world, account).await.last_eight, moved.last_eight);

    // The same token is the same account; another one of the same user takes its place.
    let text = world.reveal(moved.id).await;
    let again = world.connect_with(service.base_url(), text.expose_secret());
    assert_eq!(again.await.unwrap().active, Some(account));
    let credential = world.sandbox.mint_credential().await.unwrap();
    let replaced = ReplaceRequest {
        account,
        credential: credential.clone(),
    };
    world.app.replace_credential(&replaced).await.unwrap();
    assert!(world.signs_in_with(account, &credential));
    // By another token nobody knows that it is the same user: nothing is put in the place of anything.
    let other = world.sandbox.mint_credential().await.unwrap();
    let state = world.connect_with(service.base_url(), other.expose_secret());
    assert_ne!(state.await.unwrap().active, Some(account));
    assert!(world.signs_in_with(account, &credential));
}

#[tokio::test]
async fn without_a_user_a_credential_with_another_list_is_somebody_elses() {
    let (world, _service, account) = signed_in(NoUser).await;
    world.refreshed(account).await;
    let key = json!({"id": 999_999, "name": "Theirs", "last_eight": "00000000"});
    let list = Fault::Answer {
        status: 200,
        body: json!({"data": [key], "meta": {"last_page": 1, "total": 1}}),
    };
    world.fault(always("GET", KEYS, list));
    let replaced = ReplaceRequest {
        account,
        credential: world.sandbox.mint_credential().await.unwrap(),
    };
    let error = world.app.replace_credential(&replaced).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Credential);
    assert!(error.message.contains("somebody else"), "{error:?}");
    assert!(world.signs_in_with(account, &world.credential));
}
