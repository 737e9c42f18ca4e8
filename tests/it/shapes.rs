//! Every shape that a service was thought to have: what the app says of its list, of one key, and of making, rotating and
//! deleting one, and how many writes the server got.
//!
//! `tests/fixtures/shapes.md` is the table of it, made here; `table` says how it is written anew.

use std::fmt::Write as _;

use pulse_keys_core::view::{
    AccountId, CreateOutcome, DeleteOutcome, DeleteRequest, KeyAccess, KeyRequest, RotateOutcome,
    RotateReason, RotateRequest,
};
use pulseapi::KeyId;
use sandbox::Settings;
use serde_json::{Value, json};

use crate::departing::{Asked, Departs, Service};
use crate::table::{self, lasting, words};
use crate::world::{World, new_key, request, rotation};

/// One way in which a service departs from what is assumed.
#[derive(Clone, Copy)]
enum Shape {
    AsAssumed,
    BareList,
    RepeatedPages,
    FlatPages,
    SimplePages,
    CursorPages,
    DataWithoutMeta,
    NamedIds,
    NoUser,
    NoSingleKey,
    NoSingleKeyNotFound,
    NoAbilities,
    NoRotation,
    NoCreation,
    NoDeletion,
    /// The token stands under this name, beside or within `data`.
    TokenAs(&'static str, bool),
    /// Writes are answered with this status and body, and not done.
    Refuses(u16, &'static str),
    NoKeyEndpoints,
}

const SHAPES: [(&str, Shape); 25] = [
    ("as assumed", Shape::AsAssumed),
    ("a bare list", Shape::BareList),
    ("a bare list that ignores pages", Shape::RepeatedPages),
    ("pages without envelope (paginate)", Shape::FlatPages),
    ("pages without a total (simplePaginate)", Shape::SimplePages),
    ("pages by cursor", Shape::CursorPages),
    ("data without meta", Shape::DataWithoutMeta),
    ("ids are words", Shape::NamedIds),
    ("no /user", Shape::NoUser),
    ("no single key: 405", Shape::NoSingleKey),
    ("no single key: 404", Shape::NoSingleKeyNotFound),
    ("no list of abilities", Shape::NoAbilities),
    ("no rotation: 404", Shape::NoRotation),
    ("no creation: 405", Shape::NoCreation),
    ("no deletion: 405", Shape::NoDeletion),
    ("plainTextToken", Shape::TokenAs("plainTextToken", false)),
    (
        "plain_text_token",
        Shape::TokenAs("plain_text_token", false),
    ),
    ("access_token", Shape::TokenAs("access_token", false)),
    ("token within data", Shape::TokenAs("token", true)),
    (
        "writes: 402",
        Shape::Refuses(402, "Your plan allows 5 API keys."),
    ),
    (
        "writes: 403",
        Shape::Refuses(403, "Only owners may do that."),
    ),
    ("writes: 410", Shape::Refuses(410, "Gone.")),
    ("writes: 419", Shape::Refuses(419, "CSRF token mismatch.")),
    ("writes: 202", Shape::Refuses(202, "Accepted.")),
    ("no key endpoints", Shape::NoKeyEndpoints),
];

const JSON: &str = "content-type: application/json";

fn refused(status: u16, message: &str) -> Asked {
    Asked::Answered(status, JSON, json!({ "message": message }).to_string())
}

fn absent() -> Asked {
    refused(404, "The route could not be found.")
}

fn not_allowed(method: &str) -> Asked {
    let message = format!("The {method} method is not supported for this route.");
    refused(405, &message)
}

impl Departs for Shape {
    fn asked(&self, method: &str, target: &str) -> Asked {
        let is_of_keys = target.contains("/api-keys");
        let is_of_one = target.contains("/api-keys/") && !target.ends_with("/abilities");
        match (self, method) {
            (Self::RepeatedPages, _) => Asked::On(target.replace("?page=2", "?page=1")),
            (Self::CursorPages, _) => Asked::On(target.replace("?cursor=", "?page=")),
            (Self::NamedIds, _) => Asked::On(target.replace("/key_", "/")),
            (Self::NoUser, _) if target.ends_with("/user") => absent(),
            (Self::NoSingleKey, "GET") if is_of_one => not_allowed(method),
            (Self::NoSingleKeyNotFound, "GET") if is_of_one => absent(),
            (Self::NoAbilities, _) if target.ends_with("/abilities") => absent(),
            (Self::NoRotation, "POST") if target.ends_with("/rotate") => absent(),
            (Self::NoCreation, "POST") if is_of_keys && !is_of_one => not_allowed(method),
            (Self::NoDeletion, "DELETE") => not_allowed(method),
            (Self::Refuses(status, message), "POST" | "DELETE") => refused(*status, message),
            (Self::NoKeyEndpoints, _) if is_of_keys => absent(),
            _ => Asked::On(target.to_owned()),
        }
    }

    fn answered(&self, target: &str, body: &mut Value) {
        let is_list = target.contains("/api-keys?");
        match self {
            Self::BareList | Self::RepeatedPages if is_list => *body = body["data"].take(),
            Self::FlatPages if is_list => {
                let meta = body["meta"].take();
                *body = json!({
                    "current_page": meta["current_page"],
                    "data": body["data"].take(),
                    "last_page": meta["last_page"],
                    "per_page": meta["per_page"],
                    "total": meta["total"],
                });
            }
            Self::SimplePages if is_list => {
                let next = body["links"]["next"].take();
                let page = body["meta"]["current_page"].take();
                let data = body["data"].take();
                *body = json!({ "current_page": page, "data": data, "next_page_url": next });
            }
            Self::CursorPages if is_list => {
                let meta = &body["meta"];
                let (page, last) = (meta["current_page"].as_u64(), meta["last_page"].as_u64());
                let next = page.filter(|_| page < last).map(|page| page + 1);
                let next = next.map(|page| page.to_string());
                *body = json!({ "data": body["data"].take(), "meta": { "next_cursor": next } });
            }
            Self::DataWithoutMeta if is_list => *body = json!({ "data": body["data"].take() }),
            Self::NamedIds if target.contains("/api-keys") && !target.ends_with("/abilities") => {
                let rename = |key: &mut Value| key["id"] = json!(format!("key_{}", key["id"]));
                match &mut body["data"] {
                    Value::Array(keys) => keys.iter_mut().for_each(rename),
                    key => rename(key),
                }
            }
            Self::TokenAs(name, within) if body.get("token").is_some() => {
                let token = body["token"].take();
                let fields = body.as_object_mut().unwrap();
                fields.remove("token");
                if *within {
                    body["data"][*name] = token;
                } else {
                    body[*name] = token;
                }
            }
            _ => {}
        }
    }
}

/// An app that is signed in to a service of that shape with 250 keys. Stands as long as the service does.
struct Scene {
    world: World,
    account: AccountId,
    shape: Shape,
    _service: Service,
}

impl Scene {
    async fn new(shape: Shape) -> Self {
        let world = World::with(Settings {
            keys: Some(250),
            ..Settings::default()
        })
        .await;
        let service = Service::before(&world.sandbox.base_url(), shape).await;
        let state = world.connect(service.base_url()).await.unwrap();
        Self {
            account: state.active.unwrap(),
            world,
            shape,
            _service: service,
        }
    }

    async fn is_guided(&self) -> bool {
        let accounts = self.world.app.state().await.accounts;
        accounts
            .iter()
            .all(|account| account.keys == KeyAccess::Guided)
    }

    async fn list(&self) -> String {
        if self.is_guided().await {
            return "the user’s own".to_owned();
        }
        match self.world.app.refresh_keys(self.account, |_| {}).await {
            Ok(told) => told
                .incomplete
                .map_or_else(|| format!("{} keys", told.total), |why| why.clone()),
            Err(error) => words(&[error]),
        }
    }

    /// The id of a key as this service tells it.
    fn key(&self, id: i64) -> KeyRequest {
        let mut key = request(self.account, id);
        if matches!(self.shape, Shape::NamedIds) {
            key.key = KeyId::parse(&format!("key_{id}")).unwrap();
        }
        key
    }

    async fn card(&self) -> String {
        let key = self.world.idle_key(200).await;
        match self.world.app.delete_card(&self.key(key.id)).await {
            Ok(card) => format!("“{}”", card.key.name),
            Err(error) => words(&[error]),
        }
    }

    async fn create(&self) -> String {
        let request = new_key(self.account, "CI");
        match self.world.app.create_key(&request).await {
            Ok(CreateOutcome::Created { .. }) => "created".to_owned(),
            Ok(CreateOutcome::NotCreated { errors }) => words(&errors),
            Ok(CreateOutcome::TokenLost { message, .. }) => message,
            Ok(CreateOutcome::Unknown { error }) | Err(error) => words(&[error]),
        }
    }

    async fn rotate(&self) -> String {
        let key = self.world.idle_key(200).await;
        let request = RotateRequest {
            key: self.key(key.id).key,
            ..rotation(self.account, key.id, RotateReason::Routine)
        };
        match self.world.app.rotate_key(&request).await {
            Ok(RotateOutcome::Rotated { .. }) => {
                assert_eq!(self.world.status_with(&key.token).await, 401);
                "rotated".to_owned()
            }
            Ok(RotateOutcome::NotRotated { error } | RotateOutcome::Unknown { error })
            | Err(error) => {
                assert_eq!(self.world.status_with(&key.token).await, 200);
                words(&[error])
            }
            Ok(other) => panic!("{other:?}"),
        }
    }

    async fn delete(&self) -> String {
        let key = self.world.idle_key(200).await;
        let request = DeleteRequest {
            account: self.account,
            key: self.key(key.id).key,
            typed: None,
        };
        match self.world.app.delete_key(&request).await {
            Ok(DeleteOutcome::Deleted { .. }) => {
                assert_eq!(self.world.status_with(&key.token).await, 401);
                "deleted".to_owned()
            }
            Ok(DeleteOutcome::NotDeleted { error } | DeleteOutcome::Unknown { error })
            | Err(error) => {
                assert_eq!(self.world.status_with(&key.token).await, 200);
                words(&[error])
            }
            Ok(other) => panic!("{other:?}"),
        }
    }

    /// How many writes the server got since it was asked last.
    fn writes(&self) -> usize {
        let requests = self.world.faults().requests();
        self.world.faults().clear_requests();
        requests
            .iter()
            .filter(|request| request.method != "GET")
            .count()
    }
}

#[tokio::test]
async fn the_table_of_shapes() {
    let mut table = String::from(
        "| shape | list | one key | create | writes | rotate | writes | delete | writes |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (name, shape) in SHAPES {
        eprintln!("{name}");
        let scene = Scene::new(shape).await;
        let (list, card) = (scene.list().await, scene.card().await);
        assert_eq!(scene.writes(), 0, "looking writes nothing");
        write!(table, "| {name} | {} | {} ", lasting(&list), lasting(&card)).unwrap();
        let told = scene.create().await;
        write!(table, "| {} | {} ", lasting(&told), scene.writes()).unwrap();
        let told = scene.rotate().await;
        write!(table, "| {} | {} ", lasting(&told), scene.writes()).unwrap();
        let told = scene.delete().await;
        writeln!(table, "| {} | {} |", lasting(&told), scene.writes()).unwrap();
    }
    table::is_as_written("shapes.md", &table);
}
