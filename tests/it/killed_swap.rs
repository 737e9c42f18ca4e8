//! `kill -9` while the token of a sibling is put into files: every file is whole, and from the next start on the swap says of
//! each what is in it, so that it can be undone.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sandbox::faults::VerbatimKey;
use sandbox::{Sandbox, Settings};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use support::custody::CustodyProbe;
use support::desktop::{Desktop, Keyring};
use tempfile::TempDir;

/// How many files the app writes when it is killed.
const FILES: usize = 40;

/// How many kills have to fall in the middle of the writing, and how many there are for that at most: when it begins, and how
/// long it takes, is up to the machine.
const IN_THE_MIDDLE: u32 = 4;
const MAX_RUNS: u32 = 100;

struct Scene {
    desktop: Desktop,
    sandbox: Sandbox,
    home: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let settings = Settings {
            faults: true,
            requests_per_minute: 10_000_000,
            ..Settings::default()
        };
        let scene = Self {
            desktop: Desktop::builder().keyring(Keyring::Unlocked).start(),
            sandbox: sandbox::start(settings).await.unwrap(),
            home: tempfile::tempdir().unwrap(),
        };
        let credential = scene.sandbox.mint_credential().await.unwrap();
        let order = format!(
            "connect {} {}",
            scene.sandbox.base_url(),
            credential.expose_secret()
        );
        assert_eq!(scene.app().order(&order), "connected");
        scene
    }

    fn app(&self) -> CustodyProbe {
        let program = Path::new(env!("CARGO_BIN_EXE_custody-probe"));
        CustodyProbe::start(&self.desktop, program, self.home.path())
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.desktop.home().join("shop");
        (0..FILES)
            .map(|number| folder.join(format!("{number}/.env")))
            .collect()
    }
}

fn content(token: &str) -> String {
    format!("A=1\nPULSEAPI_TOKEN={token}\n")
}

/// Which files the only swap says have the new token, put there by this app; sorted.
fn told(app: &mut CustodyProbe) -> Vec<String> {
    let swaps = app.order("swaps");
    let places = swaps["swaps"][0]["places"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let done = places
        .iter()
        .filter(|place| place["done"] == true && place["ours"] == true);
    let mut done: Vec<String> = done
        .map(|place| place["shortPath"].as_str().unwrap().to_owned())
        .collect();
    done.sort();
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_at_any_instant_the_swap_knows_which_files_have_the_new_token_and_can_be_undone()
 {
    let scene = Scene::new().await;
    let key = scene
        .sandbox
        .faults()
        .unwrap()
        .insert_key(VerbatimKey::named("CI"))
        .await
        .unwrap();
    let old = key.token.expose_secret();
    let files = scene.files();
    for file in &files {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content(old)).unwrap();
    }
    let mut app = scene.app();
    app.order("list");
    assert_eq!(app.order(&format!("search {}", key.id)), "searched");
    let begun = app.order(&format!("swap {}", key.id));
    let token = begun["token"]
        .as_str()
        .unwrap_or_else(|| panic!("{begun}"))
        .to_owned();
    let seed: u64 = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let (mut in_the_middle, mut longest, mut run) = (0, Duration::from_millis(60), 0);

    while in_the_middle < IN_THE_MIDDLE {
        run += 1;
        assert!(
            run <= MAX_RUNS,
            "{in_the_middle} of {MAX_RUNS} kills fell in the middle"
        );
        app.send(&format!("place {token}"));
        let looked = app.answer();
        assert_eq!(looked, Some(json!("looked")), "run {run}");
        let instant = random.random_range(Duration::ZERO..longest);
        // No wait for anything: the instant of the kill is what is random here.
        std::thread::sleep(instant);
        let came_to_its_end = app
            .kill()
            .iter()
            .any(|line| line["outcome"]["kind"] == "ended");
        if came_to_its_end {
            longest = instant.max(Duration::from_millis(5));
        }

        app = scene.app();
        let notices = app.order("reconcile");
        let home = scene.desktop.home();
        let mut new: Vec<String> = Vec::new();
        for file in &files {
            let now = fs::read_to_string(file).unwrap();
            if now != content(old) {
                assert!(
                    !now.contains(old) && now.starts_with("A=1\nPULSEAPI_TOKEN="),
                    "{now}"
                );
                let short = file.strip_prefix(&home).unwrap();
                new.push(format!("~/{}", short.display()));
            }
            let beside = fs::read_dir(file.parent().unwrap()).unwrap().count();
            assert_eq!(beside, 1, "nothing is left beside {}", file.display());
        }
        new.sort();
        if new.is_empty() {
            longest = longest.mul_f64(1.2);
        }
        assert_eq!(
            told(&mut app),
            new,
            "run {run} of seed {seed}, after {instant:?}: {notices}"
        );
        if !new.is_empty() && new.len() < FILES {
            in_the_middle += 1;
            let rows = app.order("placed");
            let last = rows
                .as_array()
                .unwrap()
                .last()
                .cloned()
                .unwrap_or(Value::Null);
            let last = last.as_str().unwrap();
            assert!(
                last.contains(&format!("{} of {FILES} files", new.len())),
                "{last}"
            );
            assert!(
                last.ends_with("as it was not written down before"),
                "{last}"
            );
        }

        // Undone: the old token is everywhere again, and the next run begins anew.
        let swaps = app.order("swaps");
        let swap = &swaps["swaps"][0];
        assert_eq!(swap["canUndo"], json!(!new.is_empty()), "{swap}");
        if !new.is_empty() {
            let kept = swap["oldToken"]
                .as_str()
                .unwrap_or_else(|| panic!("no old token: {swap}"));
            app.send(&format!("place {kept}"));
            assert_eq!(app.answer(), Some(json!("looked")));
            let ended = app.answer().unwrap();
            assert_eq!(ended["outcome"]["kind"], "ended", "{ended}");
        }
        for file in &files {
            assert_eq!(fs::read_to_string(file).unwrap(), content(old), "run {run}");
        }
        assert_eq!(told(&mut app), [""; 0]);
    }
    eprintln!("{in_the_middle} of {run} kills fell in the middle of the writing");
}
