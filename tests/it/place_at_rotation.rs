//! Putting a new token in place as part of its rotation: the plan stands on the card, and one yes rotates and writes.

use std::fs;

use pulse_keys_core::view::{
    AccountId, Places, RotateOutcome, RotateReason, RotateRequest, SearchTier,
};
use sandbox::faults::InsertedKey;

use crate::place::{FILES, env};
use crate::usage_home::{begin, put, search, snapshot};
use crate::world::{World, request, rotation};

/// A key that was searched for and is not rotated yet, and the plan beside its rotation.
struct Planned {
    world: World,
    account: AccountId,
    key: InsertedKey,
    places: Places,
}

async fn planned() -> Planned {
    let (world, account, key) = begin().await;
    for (path, text) in FILES {
        put(&world, path, &text(&key.token));
    }
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let places = before_rotation(&world, account, key.id).await;
    Planned {
        world,
        account,
        key,
        places,
    }
}

async fn before_rotation(world: &World, account: AccountId, key: i64) -> Places {
    let request = request(account, key);
    world.app.places_before_rotation(&request).await.unwrap()
}

impl Planned {
    fn with_all(&self) -> RotateRequest {
        RotateRequest {
            files: self
                .places
                .files
                .iter()
                .map(|file| file.id.clone())
                .collect(),
            ..rotation(self.account, self.key.id, RotateReason::Routine)
        }
    }

    fn rotations_sent(&self) -> usize {
        let asked = self.world.faults().requests();
        let rotations = asked.iter().filter(|asked| asked.path.ends_with("/rotate"));
        rotations.count()
    }
}

#[tokio::test]
async fn the_plan_is_made_before_the_rotation_and_one_yes_rotates_and_writes() {
    let planned = planned().await;
    let Planned {
        world,
        account,
        key,
        places,
    } = &planned;
    assert_eq!(places.files.len(), 3, "{places:?}");
    assert!(places.files.iter().all(|file| file.after.is_none()));
    let asked = world.questions().len();

    let outcome = world.app.rotate_key(&planned.with_all()).await.unwrap();

    let RotateOutcome::Rotated {
        token,
        trouble: None,
        written: Some(written),
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    let questions = world.questions();
    assert_eq!(questions.len(), asked + 1, "{questions:?}");
    let question = questions.last().unwrap();
    assert_eq!(question.yes, "Rotate key, write 3 files");
    let told = question.paragraphs.join("\n");
    assert!(told.contains("~/shop/k8s/secret.yaml"), "{told}");
    let new = world.app.reveal_token(token.id).await.unwrap().0;
    for (path, text) in FILES {
        let content = fs::read_to_string(world.home().join(path)).unwrap();
        assert_eq!(content, text(&new), "{path}");
    }
    assert!(
        written.message.starts_with("The new token is in 3 files, "),
        "{}",
        written.message
    );
    assert_eq!(world.journalled("put_in_place").await.len(), 1);
    // It waits in custody like any other.
    assert_eq!(world.only_token().await.id, token.id);
    assert_eq!(before_rotation(world, *account, key.id).await.files, []);
}

#[tokio::test]
async fn a_file_that_changed_since_the_plan_ends_it_before_the_rotation_is_sent() {
    let planned = planned().await;
    let path = planned.world.home().join("shop/.env");
    let changed = format!("{}MORE=1\n", env(&planned.key.token));
    planned.world.meanwhile({
        let (path, changed) = (path.clone(), changed.clone());
        move |_| fs::write(&path, &changed).unwrap()
    });
    let rotated = planned.world.app.rotate_key(&planned.with_all()).await;
    let RotateOutcome::NotRotated { error } = rotated.unwrap() else {
        panic!("it was rotated");
    };
    assert!(
        error
            .message
            .starts_with("~/shop/.env changed since it was looked at. Nothing was sent."),
        "{error:?}"
    );
    assert_eq!(planned.rotations_sent(), 0);
    assert_eq!(fs::read_to_string(path).unwrap(), changed);
    assert!(planned.world.custody().await.is_empty());
}

#[tokio::test]
async fn anything_but_yes_rotates_nothing_and_writes_nothing() {
    let planned = planned().await;
    let before = snapshot(planned.world.home());
    planned.world.says_no();
    let outcome = planned.world.app.rotate_key(&planned.with_all()).await;
    assert_eq!(outcome.unwrap(), RotateOutcome::Cancelled);
    assert_eq!(planned.rotations_sent(), 0);
    assert_eq!(snapshot(planned.world.home()), before);

    // The plan was used up: nothing is written by one that is not on screen.
    planned.world.says(pulse_keys_core::host::Reply::Yes);
    let outcome = planned.world.app.rotate_key(&planned.with_all()).await;
    let RotateOutcome::NotRotated { error } = outcome.unwrap() else {
        panic!("it was rotated");
    };
    assert!(error.message.contains("not the newest"), "{error:?}");
    assert_eq!(planned.rotations_sent(), 0);
}

#[tokio::test]
async fn what_asks_for_consent_is_asked_before_the_rotation() {
    let (world, account, key) = begin().await;
    let path = put(&world, "shop/.env", &env(&key.token));
    fs::hard_link(&path, world.home().join("shop/.env.same")).unwrap();
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let places = before_rotation(&world, account, key.id).await;
    let planned = Planned {
        world,
        account,
        key,
        places,
    };
    let asked = planned.world.questions().len();
    let outcome = planned.world.app.rotate_key(&planned.with_all()).await;
    assert!(
        matches!(
            outcome,
            Ok(RotateOutcome::Rotated {
                written: Some(_),
                ..
            })
        ),
        "{outcome:?}"
    );
    let questions = planned.world.questions().split_off(asked);
    let headlines: Vec<_> = questions
        .iter()
        .map(|question| question.headline.as_str())
        .collect();
    assert_eq!(
        headlines,
        ["Rotate “Old importer”?", "Write these files too?"]
    );
}

#[tokio::test]
async fn an_unwritable_file_is_told_before_the_rotation() {
    use std::os::unix::fs::PermissionsExt as _;
    let (world, account, key) = begin().await;
    put(&world, ".bash_history", &env(&key.token));
    let path = put(&world, "shop/.env", &env(&key.token));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let folder = path.parent().unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let places = before_rotation(&world, account, key.id).await;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let told: Vec<_> = places
        .by_hand
        .iter()
        .map(|place| place.short_path.as_str())
        .collect();
    assert!(told.contains(&"~/.bash_history"), "{places:?}");
    // Root may write it all the same.
    let is_root = rustix::process::geteuid().is_root();
    assert_eq!(told.contains(&"~/shop/.env"), !is_root, "{places:?}");
}
