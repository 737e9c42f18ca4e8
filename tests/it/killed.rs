//! `kill -9` at any instant between the click and *I have stored it*: no token that arrived is lost, and none that did
//! not arrive is passed over in silence.
//!
//! The app's core runs in a process of its own with a real keyring, against a real server. `PULSE_KEYS_KILLS` sets the
//! number of runs (200), `PULSE_KEYS_SEED` repeats the instants of a run as far as time can be repeated.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sandbox::faults::{Fault, Faults, Rule, SeenRequest, VerbatimKey};
use sandbox::{Sandbox, Settings};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use support::custody::CustodyProbe;
use support::desktop::{Desktop, Keyring};
use support::processes::Process;
use support::wait;
use tempfile::TempDir;

const RUNS: u32 = 200;
const OWN_KEY_RUNS: u32 = 40;

/// Where a kill fell, as what it left behind tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fell {
    /// No request had reached the server.
    BeforeSending,
    /// The server had the request and issued nothing.
    BeforeActing,
    /// The server issued a token, which was in no keychain yet: between its commit and the keychain's.
    InTransit,
    /// The keychain had the token, nothing was written down.
    InKeychain,
    /// Everything was written down, the user had not seen it yet.
    WrittenDown,
    /// The user had the token before their eyes.
    Shown,
    /// The user had said that it is stored.
    Stored,
}

/// A server, a desktop with a keyring, and the app's folders.
struct Scene {
    desktop: Desktop,
    sandbox: Sandbox,
    home: TempDir,
    random: StdRng,
    /// A credential of the test's own, to ask the server for the truth.
    observer: SecretString,
}

impl Scene {
    async fn new() -> Self {
        let settings = Settings {
            faults: true,
            requests_per_minute: 10_000_000,
            ..Settings::default()
        };
        let seed = from_environment("PULSE_KEYS_SEED").unwrap_or(rand::random());
        say(&format!("PULSE_KEYS_SEED={seed}"));
        let sandbox = sandbox::start(settings).await.unwrap();
        let scene = Self {
            desktop: Desktop::builder().keyring(Keyring::Unlocked).start(),
            observer: sandbox.mint_credential().await.unwrap(),
            sandbox,
            home: tempfile::tempdir().unwrap(),
            random: StdRng::seed_from_u64(seed),
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

    fn faults(&self) -> &Faults {
        self.sandbox.faults().unwrap()
    }

    /// Requests that make or rotate a key since the log was emptied.
    fn writes(&self) -> Vec<SeenRequest> {
        let mut seen = self.faults().requests();
        seen.retain(|request| request.method == "POST");
        seen
    }

    async fn status_with(&self, token: &str) -> u16 {
        let url = format!("{}/user", self.sandbox.base_url());
        let request = reqwest::Client::new().get(url).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    }

    /// What the server's own database says of a key's token.
    async fn key(&self, id: i64) -> String {
        let key = self.faults().key(id).await.unwrap().unwrap();
        key.last_eight
    }

    /// The last 8 characters of a token as the server says now: of the key that is rotated, or of the newest key of a
    /// name, which stands on the first page.
    async fn token_of(&self, name: &str, rotating: i64) -> Option<String> {
        if name == "rotating" {
            return Some(self.key(rotating).await);
        }
        let url = format!("{}/api-keys?per_page=100", self.sandbox.base_url());
        let token = self.observer.expose_secret();
        let request = reqwest::Client::new().get(url).bearer_auth(token);
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        let keys = page["data"].as_array().unwrap();
        let key = keys.iter().find(|key| key["name"] == name)?;
        Some(key["last_eight"].as_str().unwrap().to_owned())
    }

    /// Gives an order, kills the app after `delay`, starts it again and hears what it says.
    fn kill_after(&self, mut app: CustodyProbe, order: &str, delay: Duration) -> Killed {
        // As when somebody has looked at the list before: keychain and connection are open.
        assert!(app.order("list").get("total").is_some());
        self.faults().clear_requests();
        app.send(order);
        // The delay is the experiment, not a synchronisation.
        std::thread::sleep(delay);
        let said = app.kill();
        let mut app = self.app();
        let report = app.order("reconcile");
        Killed {
            app,
            said,
            writes: self.writes(),
            report,
        }
    }

    /// The judgement of a run: where the kill fell. Everything that must hold is asserted here.
    async fn judge(&self, killed: &Killed, name: &str, issued: bool) -> Fell {
        let Killed {
            said,
            writes,
            report,
            ..
        } = killed;
        assert!(writes.len() <= 1, "{name}: sent {} times", writes.len());
        let journal = report["journal"].as_str().unwrap_or_default();
        if let Some(token) = said.iter().find_map(|line| line["revealed"].as_str()) {
            assert_eq!(
                self.status_with(token).await,
                200,
                "{name}: the token that was seen"
            );
            // It may be offered once more; it need not be.
            let stored = said.contains(&Value::from("stored")) || killed.offered(name).is_none();
            return if stored { Fell::Stored } else { Fell::Shown };
        }
        if let Some(offered) = killed.offered(name) {
            assert!(issued, "{name}: offered, but never issued");
            assert_eq!(offered["tried"]["verdict"], "accepted", "{name}: {offered}");
            assert!(!killed.told_lost(name), "{name}: offered and told as lost");
            return if said.iter().any(|line| line.get("arrived").is_some()) {
                Fell::Shown
            } else if journal.contains("was in the keychain") {
                Fell::InKeychain
            } else {
                Fell::WrittenDown
            };
        }
        if issued {
            assert!(
                killed.told_lost(name),
                "{name}: a token was issued and nothing is said of it: {report}"
            );
            return Fell::InTransit;
        }
        assert!(
            !killed.told_lost(name),
            "{name}: told as lost, but never issued"
        );
        if writes.is_empty() {
            Fell::BeforeSending
        } else {
            Fell::BeforeActing
        }
    }
}

/// What a kill left behind.
struct Killed {
    /// The app, started again.
    app: CustodyProbe,
    /// The lines that the killed one had said.
    said: Vec<Value>,
    writes: Vec<SeenRequest>,
    /// Notices, tokens in custody, and the journal's last word.
    report: Value,
}

impl Killed {
    fn offered(&self, name: &str) -> Option<&Value> {
        let tokens = self.report["tokens"].as_array().unwrap();
        tokens.iter().find(|token| token["token"]["name"] == name)
    }

    /// Whether the app says that this key's token was lost, and what to do about it.
    fn told_lost(&self, name: &str) -> bool {
        let notices = self.report["notices"].as_array().unwrap();
        notices.iter().any(|notice| {
            let message = notice["message"].as_str().unwrap_or_default();
            let lost = message.contains("lost") || message.contains("did not arrive here");
            message.contains(name) && lost && !notice["next"].is_null()
        })
    }

    /// Puts everything away, as a user would before the next run.
    fn tidy(mut self) -> CustodyProbe {
        for token in self.report["tokens"].as_array().unwrap().clone() {
            let id = token["token"]["id"].as_str().unwrap();
            assert_eq!(self.app.order(&format!("store {id}")), "stored");
        }
        for notice in self.report["notices"].as_array().unwrap().clone() {
            let id = notice["id"].as_str().unwrap();
            assert_eq!(self.app.order(&format!("dismiss {id}")), "dismissed");
        }
        self.app
    }
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Past the test's captured output: these figures are wanted of a test that passes, too.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn say_histogram(title: &str, fell: &BTreeMap<Fell, u32>) {
    say(&format!(
        "{title}: where {} kills fell",
        fell.values().sum::<u32>()
    ));
    for (place, count) in fell {
        say(&format!("  {:<14} {count:>5}", format!("{place:?}")));
    }
}

/// How long the whole story takes when nobody disturbs it.
fn whole_story(app: &mut CustodyProbe, order: &str) -> Duration {
    let start = Instant::now();
    app.send(order);
    while app.answer().unwrap() != "stored" {}
    start.elapsed()
}

/// In quarters, so that they run side by side: a run mostly waits for a process to start.
mod no_token_is_lost_by_a_kill_at_any_instant {
    #[tokio::test(flavor = "multi_thread")]
    async fn first_quarter() {
        super::a_quarter_of_the_kills().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn second_quarter() {
        super::a_quarter_of_the_kills().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn third_quarter() {
        super::a_quarter_of_the_kills().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn fourth_quarter() {
        super::a_quarter_of_the_kills().await;
    }
}

async fn a_quarter_of_the_kills() {
    let runs =
        from_environment("PULSE_KEYS_KILLS").map_or(RUNS, |runs| u32::try_from(runs).unwrap());
    let runs = runs.div_ceil(4);
    let mut scene = Scene::new().await;
    let rotating = VerbatimKey::named("rotating");
    let rotating = scene.faults().insert_key(rotating).await.unwrap().id;
    let mut app = scene.app();
    assert!(app.order("list").get("total").is_some());
    whole_story(&mut app, "create warm-up");
    let longest = whole_story(&mut app, "create measured").mul_f64(1.15);
    say(&format!("the whole story took {longest:?}"));

    let mut fell: BTreeMap<Fell, u32> = BTreeMap::new();
    for run in 0..runs {
        let delay = longest.mul_f64(scene.random.random());
        let (order, name) = if run % 2 == 0 {
            (format!("create run-{run}"), format!("run-{run}"))
        } else {
            (format!("rotate {rotating}"), "rotating".to_owned())
        };
        let before = scene.token_of(&name, rotating).await;
        let killed = scene.kill_after(app, &order, delay);
        let issued = scene.token_of(&name, rotating).await != before;
        *fell
            .entry(scene.judge(&killed, &name, issued).await)
            .or_default() += 1;
        app = killed.tidy();
    }
    say_histogram("create and rotate", &fell);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_the_apps_own_key_is_rotated_leaves_a_working_account() {
    let mut scene = Scene::new().await;
    let mut app = scene.app();
    let mut own = own_key(&scene, &mut app).await;
    let longest = whole_story(&mut app, &format!("rotate {}", own.id)).mul_f64(1.1);
    let mut fell: BTreeMap<Fell, u32> = BTreeMap::new();
    for _ in 0..OWN_KEY_RUNS {
        let delay = longest.mul_f64(scene.random.random());
        let before = scene.key(own.id).await;
        let killed = scene.kill_after(app, &format!("rotate {}", own.id), delay);
        let issued = scene.key(own.id).await != before;
        let place = scene.judge(&killed, &own.name, issued).await;
        *fell.entry(place).or_default() += 1;
        app = killed.tidy();
        if place == Fell::InTransit {
            // Nobody has a credential that works any more: the app said so, and what to do.
            own = own_key(&scene, &mut app).await;
        }
        let list = app.order("list");
        assert!(list.get("total").is_some(), "after {place:?}: {list}");
    }
    say_histogram("the app's own key", &fell);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_apps_own_key_survives_a_kill_at_each_step() {
    let scene = Scene::new().await;
    let mut app = scene.app();
    let own = own_key(&scene, &mut app).await;
    let rotate = format!("rotate {}", own.id);
    let path = format!("/api-keys/{}/rotate", own.id);

    // Before the server acts: the key is as it was.
    let slow = Fault::Delay {
        milliseconds: 60_000,
    };
    let killed = kill_at(
        &scene,
        app,
        &rotate,
        Rule::once("POST", &path, slow),
        Ends::Both,
        |request| request.method == "POST",
    );
    assert!(killed.offered(&own.name).is_none() && !killed.told_lost(&own.name));
    let mut app = killed.tidy();
    assert!(
        app.order("list").get("total").is_some(),
        "the old token works"
    );

    // In custody, and being tried: the account moves to the new token at the next start.
    let silent = Rule::once("GET", "/user", Fault::HangAfter);
    let killed = kill_at(&scene, app, &rotate, silent, Ends::App, |request| {
        request.path.ends_with("/user")
    });
    let offered = killed.offered(&own.name).expect("the new token waits");
    assert_eq!(offered["tried"]["verdict"], "accepted");
    assert_eq!(offered["token"]["own"], true, "the app signs in with it");
    let mut app = killed.tidy();
    assert!(
        app.order("list").get("total").is_some(),
        "the new token works"
    );

    // After the server acted, before a byte of its answer: nobody has a token that works, and the app says so.
    let silent = Rule::once("POST", &path, Fault::HangAfter);
    let killed = kill_at(&scene, app, &rotate, silent, Ends::Both, |request| {
        request.method == "POST" && request.acted == Some(200)
    });
    let notice = &killed.report["notices"][0];
    let told = notice["message"].as_str().unwrap();
    assert!(
        told.contains(&own.name) && told.contains("does not accept the token"),
        "{told}"
    );
    assert_eq!(notice["next"]["kind"], "replace_credential");
    let mut app = killed.tidy();
    own_key(&scene, &mut app).await;
    assert!(
        app.order("list").get("total").is_some(),
        "the replaced credential works"
    );
}

/// What a kill takes with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// The app. Where its custodian waits for an answer, it goes on.
    App,
    /// The app and its custodian, as when the machine stops.
    Both,
}

/// Gives an order that a fault holds up, and kills the app once the server has seen what it waits for.
fn kill_at(
    scene: &Scene,
    mut app: CustodyProbe,
    order: &str,
    rule: Rule,
    ends: Ends,
    seen: impl Fn(&SeenRequest) -> bool,
) -> Killed {
    scene.faults().clear_requests();
    scene.faults().inject(rule).unwrap();
    app.send(order);
    wait::within(Duration::from_secs(10), || {
        scene.faults().requests().iter().any(&seen).then_some(())
    })
    .expect("the request arrives");
    let said = app.kill();
    if ends == Ends::Both {
        end_custodian(scene);
    }
    scene.faults().clear();
    let mut app = scene.app();
    let report = app.order("reconcile");
    Killed {
        app,
        said,
        writes: scene.writes(),
        report,
    }
}

/// Ends the processes of the app that outlived it, as `kill -9` does.
fn end_custodian(scene: &Scene) {
    let program = Path::new(env!("CARGO_BIN_EXE_custody-probe"));
    let me = i32::try_from(std::process::id()).unwrap();
    let left = || {
        let mut all = Process::with_home(&scene.desktop.home());
        all.retain(|process| process.program == program && process.parent != me);
        all
    };
    assert!(!left().is_empty(), "the custodian waits for the answer");
    left().iter().for_each(Process::kill);
    wait::until_true("the custodian has ended", || left().is_empty());
}

struct OwnKey {
    id: i64,
    name: String,
}

/// Gives the account a fresh credential, and tells which key that is.
async fn own_key(scene: &Scene, app: &mut CustodyProbe) -> OwnKey {
    let credential: SecretString = scene.sandbox.mint_credential().await.unwrap();
    let token = credential.expose_secret();
    assert_eq!(app.order(&format!("replace {token}")), "replaced");
    let id = token.split('|').next().unwrap().parse().unwrap();
    let key = scene.faults().key(id).await.unwrap().unwrap();
    OwnKey { id, name: key.name }
}
