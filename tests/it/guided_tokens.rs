//! Guided mode: keys are made and rotated in the browser, and their new tokens are pasted here.
//!
//! The browser is the sandbox's own handle: it makes and rotates keys past the API, which has no endpoints for that.

use pulse_keys_core::view::{
    AccountId, CustodyPlace, KeyRequest, KeyRow, MadeInBrowser, NoteKeyRequest, NoteOutcome,
    PasteOutcome, PasteTokenRequest, RotateReason, TokenInCustody, TokenTest, TokenVerdict,
    UiError,
};
use pulseapi::KeyId;
use sandbox::Settings;
use sandbox::faults::{InsertedKey, VerbatimKey};
use secrecy::{ExposeSecret as _, SecretString};

use crate::keychain::Refuses;
use crate::world::{World, same};

/// An app with a keychain, signed in to a server without key endpoints.
async fn guided() -> (World, AccountId) {
    World::with_keychain_of(Settings {
        key_endpoints: false,
        ..Settings::default()
    })
    .await
}

fn tail(token: &SecretString) -> String {
    let token = token.expose_secret();
    token[token.len() - 8..].to_owned()
}

/// A key that the user makes in the browser.
async fn made(world: &World) -> InsertedKey {
    let key = VerbatimKey::named("Zapier");
    world.faults().insert_key(key).await.unwrap()
}

/// A key of the server that the user has written down.
async fn noted(world: &World, account: AccountId, name: &str, token: &SecretString) -> KeyRow {
    let request = NoteKeyRequest {
        account,
        key: None,
        name: name.to_owned(),
        last_eight: tail(token),
        abilities: "monitors:read".to_owned(),
        team: None,
        last_used: "Never".to_owned(),
        created: String::new(),
    };
    match world.app.note_key(&request).await.unwrap() {
        NoteOutcome::Noted { list } => list.keys[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn created(account: AccountId, token: &str) -> PasteTokenRequest {
    PasteTokenRequest {
        account,
        made: MadeInBrowser::Created {
            name: "Zapier".to_owned(),
            abilities: "monitors:read".to_owned(),
            team: None,
        },
        token: SecretString::from(token),
        despite_doubt: false,
    }
}

fn rotated(account: AccountId, key: &KeyId, token: &str) -> PasteTokenRequest {
    PasteTokenRequest {
        made: MadeInBrowser::Rotated {
            key: key.clone(),
            reason: RotateReason::Leaked,
        },
        ..created(account, token)
    }
}

async fn pasted(world: &World, request: PasteTokenRequest) -> PasteOutcome {
    world.app.paste_token(request).await.unwrap()
}

/// It is in custody; with what was tried and what is to be known.
async fn taken(
    world: &World,
    request: PasteTokenRequest,
) -> (TokenInCustody, TokenTest, Option<UiError>) {
    match pasted(world, request).await {
        PasteOutcome::Taken {
            token,
            tested,
            trouble,
            ..
        } => (*token, tested, trouble),
        other => panic!("{other:?}"),
    }
}

async fn refused(world: &World, request: PasteTokenRequest) -> String {
    match pasted(world, request).await {
        PasteOutcome::Refused { problems } => problems[0].message.clone(),
        other => panic!("{other:?}"),
    }
}

async fn journal(world: &World) -> Vec<String> {
    let rows = world.app.journal().await.unwrap().rows;
    rows.into_iter().map(|row| row.outcome).collect()
}

#[tokio::test]
async fn a_key_made_in_the_browser_gets_into_custody_and_into_the_list() {
    let (mut world, account) = guided().await;
    let key = made(&world).await;
    let text = key.token.expose_secret();
    let (token, tested, trouble) = taken(&world, created(account, &format!(" {text}\n"))).await;
    assert_eq!(trouble, None);
    assert_eq!(tested.new.verdict, TokenVerdict::Accepted);
    assert_eq!(token.place, CustodyPlace::Keychain);
    let row = world.cached(account).await.remove(0);
    assert_eq!(
        (row.name.as_str(), row.last_eight),
        ("Zapier", tail(&key.token))
    );
    assert_eq!(token.key, Some(row.id));
    assert!(row.noted_at.is_some() && !row.last_use_known);
    let said = journal(&world).await;
    assert!(
        said.contains(&"created in the browser, pasted here".to_owned()),
        "{said:?}"
    );

    world.restart();
    assert_eq!(world.notices().await, []);
    let waits = world.only_token().await;
    assert!(same(&world.reveal(waits.id).await, &key.token));
}

#[tokio::test]
async fn a_rotation_in_the_browser_replaces_the_token_once_the_old_one_got_401() {
    let (world, account) = guided().await;
    let key = made(&world).await;
    let (old, ..) = taken(&world, created(account, key.token.expose_secret())).await;
    let row = world.cached(account).await.remove(0);
    let request = KeyRequest {
        account,
        key: row.id.clone(),
    };
    let card = world.app.browser_rotate_card(&request).await.unwrap();
    assert!(card.evidence.contains("your own list"), "{}", card.evidence);

    let new = world.faults().rotates_in_browser(key.id).unwrap().unwrap();
    let (token, tested, trouble) =
        taken(&world, rotated(account, &row.id, new.expose_secret())).await;
    assert_eq!(trouble, None);
    assert_eq!(tested.new.verdict, TokenVerdict::Accepted);
    assert_eq!(tested.old.unwrap().verdict, TokenVerdict::Refused);
    assert_ne!(token.id, old.id);
    assert_eq!(
        world.only_token().await.id,
        token.id,
        "the dead one is gone"
    );
    let now = world.cached(account).await.remove(0);
    assert_eq!((now.id, now.last_eight), (row.id, tail(&new)));
    assert!(now.rotated_at.is_some() && now.noted_at > row.noted_at);
    let said = journal(&world).await.join("\n");
    assert!(said.contains("rotated: leaked, in the browser"), "{said}");
    assert!(said.contains("old token: 401 confirmed"), "{said}");
}

#[tokio::test]
async fn an_old_token_that_is_still_accepted_is_told_and_kept() {
    let (world, account) = guided().await;
    let key = made(&world).await;
    taken(&world, created(account, key.token.expose_secret())).await;
    let row = world.cached(account).await.remove(0);
    let other = made(&world).await;
    // Another number at its beginning speaks against it; the user goes on.
    let request = rotated(account, &row.id, other.token.expose_secret());
    let PasteOutcome::InDoubt { message } = pasted(&world, request).await else {
        panic!("it is of another record")
    };
    assert!(message.contains("another number"), "{message}");
    assert_eq!(world.custody().await.len(), 1);
    let request = PasteTokenRequest {
        despite_doubt: true,
        ..rotated(account, &row.id, other.token.expose_secret())
    };
    let (_, tested, trouble) = taken(&world, request).await;
    assert_eq!(tested.old.unwrap().verdict, TokenVerdict::Accepted);
    let trouble = trouble.unwrap().message;
    assert!(trouble.contains("still accepts the old token"), "{trouble}");
    assert_eq!(world.custody().await.len(), 2, "the old one stays");
}

#[tokio::test]
async fn a_token_that_is_refused_is_kept_and_the_list_is_as_it_was() {
    let (world, account) = guided().await;
    let key = made(&world).await;
    let row = noted(&world, account, "CI", &key.token).await;
    let wrong = made(&world).await;
    world.faults().delete_key(wrong.id).await.unwrap();
    let request = rotated(account, &row.id, wrong.token.expose_secret());
    let (token, tested, trouble) = taken(&world, request).await;
    assert_eq!(tested.new.verdict, TokenVerdict::Refused);
    assert!(trouble.unwrap().message.contains("kept all the same"));
    assert!(same(&world.reveal(token.id).await, &wrong.token));
    assert_eq!(world.cached(account).await, [row]);
    let again = rotated(
        account,
        &world.cached(account).await[0].id,
        wrong.token.expose_secret(),
    );
    assert!(refused(&world, again).await.contains("already"));

    let another = made(&world).await;
    world.faults().delete_key(another.id).await.unwrap();
    taken(&world, created(account, another.token.expose_secret())).await;
    assert_eq!(
        world.cached(account).await.len(),
        1,
        "no key that is not there"
    );
}

#[tokio::test]
async fn what_can_not_be_the_new_token_is_refused_and_nothing_is_kept() {
    let (world, account) = guided().await;
    let (key, other) = (made(&world).await, made(&world).await);
    let row = noted(&world, account, "CI", &key.token).await;
    noted(&world, account, "Other", &other.token).await;
    let token = key.token.expose_secret();
    let cut = &token[..token.len() - 20];
    for (text, said) in [
        (token, "had before"),
        (other.token.expose_secret(), "“Other”"),
        (world.credential.expose_secret(), "signs in with"),
        (cut, "cut off"),
        ("12|••••••••ab12cd34", "hidden"),
        ("hello", "not a token"),
        ("", "Paste the new token"),
    ] {
        let message = refused(&world, rotated(account, &row.id, text)).await;
        assert!(message.contains(said), "{message}");
        assert!(!message.contains(token));
    }
    assert_eq!(world.custody().await, []);
    assert_eq!(world.keychain().tokens(), 0);
    assert_eq!(world.cached(account).await[1], row);
}

#[tokio::test]
async fn a_keychain_that_stores_nothing_ends_it_before_the_token_is_taken() {
    let (mut world, account) = guided().await;
    let key = made(&world).await;
    world.keychain().refuses(Refuses::Storing);
    let request = created(account, key.token.expose_secret());
    let error = world.app.paste_token(request).await.unwrap_err();
    assert!(error.message.contains("was not taken"), "{}", error.message);
    assert!(
        error.hint.contains("Keep the web screen open"),
        "{}",
        error.hint
    );
    world.keychain().refuses(Refuses::Nothing);
    world.restart();
    assert_eq!(world.notices().await, []);
    assert_eq!(world.cached(account).await, []);
}

#[tokio::test]
async fn a_keychain_that_refuses_the_token_leaves_it_in_memory_and_says_so() {
    let (world, account) = guided().await;
    let key = made(&world).await;
    world.keychain().refuses(Refuses::StoringSecrets);
    let (token, tested, trouble) = taken(&world, created(account, key.token.expose_secret())).await;
    assert_eq!(token.place, CustodyPlace::Memory);
    assert_eq!(tested.new.verdict, TokenVerdict::Accepted);
    assert!(trouble.is_some());
    assert!(same(&world.reveal(token.id).await, &key.token));
    world.keychain().refuses(Refuses::Nothing);
    world.app.keep_token(token.id).await.unwrap();
    assert_eq!(world.only_token().await.place, CustodyPlace::Keychain);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_ends_between_keychain_and_record_has_the_token_at_its_next_start() {
    for is_rotation in [false, true] {
        let (mut world, account) = guided().await;
        let key = made(&world).await;
        let (request, token) = if is_rotation {
            let row = noted(&world, account, "CI", &key.token).await;
            let new = world.faults().rotates_in_browser(key.id).unwrap().unwrap();
            (rotated(account, &row.id, new.expose_secret()), new)
        } else {
            (created(account, key.token.expose_secret()), key.token)
        };
        world.keychain().stops_after_storing("token/");
        let ends = async {
            while !world.keychain().has_stopped() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = world.app.paste_token(request) => panic!("the keychain never answers"),
            () = ends => {}
        }
        world.restart();
        assert_eq!(world.notices().await, []);
        let waits = world.only_token().await;
        assert!(same(&world.reveal(waits.id).await, &token));
        let row = world.cached(account).await.remove(0);
        assert_eq!(row.last_eight, tail(&token));
        assert_eq!(waits.key, Some(row.id));
        let said = journal(&world).await.join("\n");
        assert!(
            said.contains("in the browser, pasted here: interrupted"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn the_account_moves_to_the_new_token_of_its_own_key() {
    let (mut world, account) = guided().await;
    let row = noted(&world, account, "This app", &world.credential).await;
    assert!(row.own);
    let id = row.id.as_str().parse().unwrap();
    let new = world.faults().rotates_in_browser(id).unwrap().unwrap();
    let (token, tested, trouble) =
        taken(&world, rotated(account, &row.id, new.expose_secret())).await;
    assert_eq!(trouble, None);
    assert_eq!(tested.old.unwrap().verdict, TokenVerdict::Refused);
    assert!(token.own);
    assert!(world.signs_in_with(account, &new));
    assert!(world.cached(account).await[0].own);
    world.restart();
    assert_eq!(world.notices().await, []);
    assert!(world.only_token().await.own);
}

#[tokio::test]
async fn a_token_of_the_own_key_that_is_refused_leaves_the_credential_alone() {
    let (world, account) = guided().await;
    let row = noted(&world, account, "This app", &world.credential).await;
    let id = row.id.as_str().parse().unwrap();
    let first = world.faults().rotates_in_browser(id).unwrap().unwrap();
    let second = world.faults().rotates_in_browser(id).unwrap().unwrap();
    let (_, tested, trouble) =
        taken(&world, rotated(account, &row.id, first.expose_secret())).await;
    assert_eq!(tested.new.verdict, TokenVerdict::Refused);
    assert!(trouble.is_some());
    assert!(world.signs_in_with(account, &world.credential));
    let (token, _, trouble) =
        taken(&world, rotated(account, &row.id, second.expose_secret())).await;
    assert_eq!(trouble, None);
    assert!(token.own && world.signs_in_with(account, &second));
}
