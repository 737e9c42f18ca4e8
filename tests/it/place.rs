//! Putting a new token where the old one stands: what is planned, what is asked, what is in the files afterwards, and
//! where the token is not.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pulse_keys_core::view::{
    AccountId, FindingEncoding, PlaceFile, Places, PlacesWritten, PutInPlaceRequest, PutOutcome,
    SearchTier, TokenInCustody,
};
use replace::{NewToken, OldToken};
use rusqlite::Connection;
use sandbox::faults::InsertedKey;
use secrecy::{ExposeSecret as _, SecretString};

use crate::usage_home::{begin, put, search, snapshot};
use crate::world::World;

/// A rotated key, with the old token in three files that were searched before.
pub(crate) struct Rotated {
    pub(crate) world: World,
    account: AccountId,
    key: InsertedKey,
    token: TokenInCustody,
    new: SecretString,
}

pub(crate) fn env(token: &SecretString) -> String {
    format!("A=1\nPULSEAPI_TOKEN={}\n", token.expose_secret())
}

fn manifest(token: &SecretString) -> String {
    let value = STANDARD.encode(token.expose_secret());
    format!("kind: Secret\ndata:\n  token: {value}\n")
}

fn with_crlf(token: &SecretString) -> String {
    format!(
        "[api]\r\ntoken = \"{}\"\r\nother = 1",
        token.expose_secret()
    )
}

/// A path, and what stands there with a token.
pub(crate) type File = (&'static str, fn(&SecretString) -> String);

pub(crate) const FILES: [File; 3] = [
    ("shop/.env", env),
    ("shop/k8s/secret.yaml", manifest),
    ("shop/settings.ini", with_crlf),
];

pub(crate) async fn rotated() -> Rotated {
    let (world, account, key) = begin().await;
    for (path, text) in FILES {
        put(&world, path, &text(&key.token));
    }
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let token = world.rotated(account, key.id).await;
    let new = world.app.reveal_token(token.id).await.unwrap().0;
    Rotated {
        world,
        account,
        key,
        token,
        new,
    }
}

impl Rotated {
    pub(crate) async fn places(&self) -> Places {
        self.world.app.places(self.token.id).await.unwrap()
    }

    pub(crate) async fn put(&self, files: &[&PlaceFile]) -> PutOutcome {
        let request = PutInPlaceRequest {
            token: self.token.id,
            files: files.iter().map(|file| file.id.clone()).collect(),
        };
        self.world.app.put_in_place(&request).await.unwrap()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.world.home().join(path)).unwrap()
    }
}

pub(crate) fn named<'a>(places: &'a Places, path: &str) -> &'a PlaceFile {
    let mut files = places.files.iter();
    let named = files.find(|file| file.short_path == format!("~/{path}"));
    named.unwrap_or_else(|| panic!("{path} is not in {places:?}"))
}

/// Every file of the app's own that holds a text.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let holds = |content: &[u8]| {
        content
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    let files = snapshot(folder).into_iter();
    files
        .filter(|(_, (content, _))| holds(content))
        .map(|(path, _)| path)
        .collect()
}

#[tokio::test]
async fn every_place_has_the_new_token_in_its_own_way_of_writing_and_nothing_else_changed() {
    let rotated = rotated().await;
    let places = rotated.places().await;
    assert!(places.searched && places.by_hand.is_empty(), "{places:?}");
    let of = |path| {
        let file = named(&places, path);
        let spot = &file.spots[0];
        (spot.line, spot.variable.as_deref(), spot.encoding)
    };
    assert_eq!(
        of("shop/.env"),
        (2, Some("PULSEAPI_TOKEN"), FindingEncoding::Raw)
    );
    assert_eq!(
        of("shop/k8s/secret.yaml"),
        (3, Some("token"), FindingEncoding::Base64)
    );
    assert_eq!(
        of("shop/settings.ini"),
        (2, Some("token"), FindingEncoding::Raw)
    );
    let env = named(&places, "shop/.env");
    assert!(env.before.contains('•'), "{env:?}");
    let after = env.after.as_deref();
    assert!(after.is_some_and(|after| after.ends_with(&rotated.token.last_eight)));
    let told = format!("{places:?}");
    let body =
        |token: &SecretString| token.expose_secret().split_once('|').unwrap().1[..12].to_owned();
    assert!(!told.contains(&body(&rotated.key.token)) && !told.contains(&body(&rotated.new)));

    let PutOutcome::Ended(PlacesWritten { message, results }) =
        rotated.put(&places.files.iter().collect::<Vec<_>>()).await
    else {
        panic!("it was cancelled");
    };

    assert!(
        message.starts_with("The new token is in 3 files, "),
        "{message}"
    );
    assert!(results.iter().all(|result| result.done), "{results:?}");
    for (path, text) in FILES {
        assert_eq!(rotated.read(path), text(&rotated.new), "{path}");
    }
    let question = rotated.world.questions().pop().unwrap();
    assert_eq!(
        question.headline,
        "Write the new token of “Old importer” into 3 files?"
    );
    assert_eq!(question.yes, "Write 3 files");
    assert!(
        question.paragraphs[0].contains("~/shop/k8s/secret.yaml"),
        "{question:?}"
    );
    let journalled = rotated.world.journalled("put_in_place").await;
    assert_eq!(
        journalled,
        ["put in place: 3 files: ~/shop/.env, ~/shop/k8s/secret.yaml, ~/shop/settings.ini"]
    );
    for folder in [
        rotated.world.folders().data(),
        rotated.world.folders().config(),
    ] {
        assert_eq!(holding(folder, &body(&rotated.new)), [] as [PathBuf; 0]);
    }
    assert_eq!(
        holding(rotated.world.home(), &body(&rotated.new)).len(),
        2,
        "and one in base64"
    );
    assert_eq!(
        rotated.places().await.files,
        [],
        "none of the old token is left"
    );
}

#[tokio::test]
async fn only_what_is_ticked_is_written_and_anything_but_yes_writes_nothing() {
    let rotated = rotated().await;
    let places = rotated.places().await;
    let before = snapshot(rotated.world.home());
    rotated.world.says_no();
    assert_eq!(
        rotated.put(&[named(&places, "shop/.env")]).await,
        PutOutcome::Cancelled
    );
    assert_eq!(snapshot(rotated.world.home()), before);
    assert_eq!(rotated.world.journalled("put_in_place").await, [""; 0]);

    // The plan was used up.
    rotated.world.says(pulse_keys_core::host::Reply::Yes);
    let request = PutInPlaceRequest {
        token: rotated.token.id,
        files: vec![named(&places, "shop/.env").id.clone()],
    };
    let error = rotated.world.app.put_in_place(&request).await.unwrap_err();
    assert!(error.message.contains("Nothing was changed"), "{error:?}");

    let places = rotated.places().await;
    rotated.put(&[named(&places, "shop/.env")]).await;
    assert_eq!(rotated.read("shop/.env"), env(&rotated.new));
    assert_eq!(
        rotated.read("shop/settings.ini"),
        with_crlf(&rotated.key.token)
    );
}

#[tokio::test]
async fn what_is_never_written_is_listed_with_its_reason_and_what_to_do() {
    let (world, account, key) = begin().await;
    let line = format!("export T='{}'\n", key.token.expose_secret());
    put(&world, ".bash_history", &line);
    put(
        &world,
        "infra/terraform.tfstate",
        &format!("{{\"t\": \"{}\"}}\n", key.token.expose_secret()),
    );
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let token = world.rotated(account, key.id).await;
    let places = world.app.places(token.id).await.unwrap();
    assert_eq!(places.files, []);
    let told: Vec<_> = places
        .by_hand
        .iter()
        .map(|place| (place.short_path.as_str(), place.reason.as_str()))
        .collect();
    assert!(
        told.contains(&("~/.bash_history", "A history: it says what was typed.")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|(path, _)| *path == "~/infra/terraform.tfstate"),
        "{told:?}"
    );
    assert!(places.by_hand.iter().all(|place| !place.steps.is_empty()));
}

#[tokio::test]
async fn what_somebody_changes_while_the_question_is_on_screen_stays_as_they_left_it() {
    let rotated = rotated().await;
    let places = rotated.places().await;
    let path = rotated.world.home().join("shop/.env");
    let changed = format!("{}MORE=1\n", env(&rotated.key.token));
    rotated.world.meanwhile({
        let (path, changed) = (path.clone(), changed.clone());
        move |_| fs::write(&path, &changed).unwrap()
    });
    let files = [
        named(&places, "shop/.env"),
        named(&places, "shop/settings.ini"),
    ];
    let PutOutcome::Ended(PlacesWritten { results, message }) = rotated.put(&files).await else {
        panic!("it was cancelled");
    };
    assert_eq!(fs::read_to_string(path).unwrap(), changed);
    assert_eq!(rotated.read("shop/settings.ini"), with_crlf(&rotated.new));
    let of_env = results
        .iter()
        .find(|result| result.short_path == "~/shop/.env")
        .unwrap();
    assert_eq!(
        (of_env.done, of_env.message.as_str()),
        (false, "Changed meanwhile. It is as somebody else left it.")
    );
    assert!(
        message.starts_with("The new token is in 1 of 2 files"),
        "{message}"
    );
}

#[tokio::test]
async fn a_file_with_other_names_is_a_question_of_its_own() {
    let (world, account, key) = begin().await;
    let path = put(&world, "shop/.env", &env(&key.token));
    fs::hard_link(&path, world.home().join("shop/.env.same")).unwrap();
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let token = world.rotated(account, key.id).await;
    let places = world.app.places(token.id).await.unwrap();
    let file = places.files.first().unwrap();
    assert!(file.needs_consent, "{file:?}");
    let request = PutInPlaceRequest {
        token: token.id,
        files: vec![file.id.clone()],
    };
    world.app.put_in_place(&request).await.unwrap();
    let questions = world.questions();
    let [.., files, consent] = questions.as_slice() else {
        panic!("{questions:?}");
    };
    assert!(files.headline.contains("1 file"), "{files:?}");
    assert!(consent.paragraphs[0].contains("other names"), "{consent:?}");
}

#[tokio::test]
async fn what_a_kill_left_is_ended_at_the_next_start_and_told() {
    let mut rotated = rotated().await;
    let path = rotated
        .world
        .home()
        .join("shop/.env")
        .canonicalize()
        .unwrap();
    let old = OldToken::known(&rotated.key.token).unwrap();
    let new = NewToken::new(&rotated.new).unwrap();
    let plan = replace::look(&path, &old, &[]).unwrap();
    let pending = serde_json::to_value(plan.prepare(&old, &new).unwrap().pending()).unwrap();
    let id = pending["id"].as_str().unwrap().replace('-', "");
    let leftover = path.with_file_name(format!(".pulse-keys-{id}.new"));
    fs::write(&leftover, &env(&rotated.new)[..30]).unwrap();
    let about =
        serde_json::json!({ "name": "Old importer", "last_eight": "ab12cd34", "files": [pending] });
    rotated.world.restart_after(|folders| {
        let connection = Connection::open(folders.database_file()).unwrap();
        connection
            .execute(
                "INSERT INTO replacing VALUES ('1', ?1)",
                [about.to_string()],
            )
            .unwrap();
    });

    let notices = rotated.world.notices().await;

    let told = |part: &str| notices.iter().any(|notice| notice.message.contains(part));
    assert!(
        told("was interrupted while it put the new token of “Old importer” in place"),
        "{notices:?}"
    );
    assert!(told("shop/.env: put it in place again"), "{notices:?}");
    assert!(!leftover.exists());
    assert_eq!(fs::read_to_string(path).unwrap(), env(&rotated.key.token));
    let again = rotated.world.notices().await;
    let is_told = again
        .iter()
        .any(|notice| notice.message.contains("was ended while"));
    assert!(!is_told, "it is told once");
    let _ = rotated.account;
}
