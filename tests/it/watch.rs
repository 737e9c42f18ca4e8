//! Keep watch: once a day the usual search again in the background, by one clock for both sides that passes only as the test
//! says.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use pulse_keys_core::view::{
    AccountId, NextStep, Notice, Preferences, SearchTier, UsageReport, UsageVerdict,
};
use rusqlite::Connection;
use sandbox::ManualClock;
use sandbox::faults::InsertedKey;
use secrecy::ExposeSecret as _;
use support::fake_git::ENDLESS;

use crate::search_process::{git_of, searcher};
use crate::usage_home::{fill, put, search, snapshot};
use crate::world::{World, request};

const DAY: Duration = Duration::from_hours(24);

/// An app with a keychain whose list is known, a key in it, and the turns at which the window was told something.
struct Stand {
    world: World,
    account: AccountId,
    key: InsertedKey,
    told: AtomicUsize,
}

async fn stand() -> Stand {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let (world, account) = World::with_keychain_and_clock(clock).await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    // Whatever is usual on the machine of the test.
    allow(world.folder(), 0o700);
    world.time.is_kept();
    Stand {
        world,
        account,
        key,
        told: AtomicUsize::new(0),
    }
}

impl Stand {
    /// Does this while the watch is at work.
    async fn watching(&self, script: impl Future<Output = ()>) {
        let watching = self.world.app.keep_watch(|| {
            self.told.fetch_add(1, Ordering::SeqCst);
        });
        tokio::select! {
            // The app has started before anything else happens.
            biased;
            _ = watching => panic!("it ended"),
            () = script => {}
        }
    }

    async fn switch(&self, keep_watch: bool) {
        let preferences = Preferences {
            keep_watch,
            ..self.world.app.preferences()
        };
        let written = self.world.app.write_preferences(preferences).await;
        assert_eq!(written.unwrap().preferences.keep_watch, keep_watch);
    }

    /// Time passes until there is one look more, which comes to its end.
    async fn looks(&self, time: Duration) {
        let before = self.told.load(Ordering::SeqCst);
        self.looks_since(before, time).await;
    }

    async fn looks_since(&self, before: usize, time: Duration) {
        self.world.time.passes(time).await;
        self.until("a look", before + 2).await;
    }

    /// Switched on, it looks: at once where the app has been running for a while.
    async fn looks_when_switched_on(&self) {
        let before = self.told.load(Ordering::SeqCst);
        self.switch(true).await;
        self.looks_since(before, Duration::from_mins(2)).await;
    }

    async fn until(&self, what: &str, told: usize) {
        // On a busy machine everything else goes before it, other tests too.
        for _ in 0..240_000 {
            if self.told.load(Ordering::SeqCst) >= told {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{what} did not come");
    }

    /// What there is to read. Read, it does not come again.
    async fn notices(&self) -> Vec<Notice> {
        let notices = self.world.app.reconcile().await.unwrap();
        for notice in &notices {
            self.world.app.dismiss_notice(&notice.id).await.unwrap();
        }
        notices
    }

    async fn messages(&self) -> Vec<String> {
        let notices = self.notices().await;
        notices.into_iter().map(|notice| notice.message).collect()
    }

    async fn report(&self, key: &InsertedKey) -> UsageReport {
        let request = request(self.account, key.id);
        self.world.app.usage_last(&request).await.unwrap().unwrap()
    }

    fn plant(&self, path: &str) {
        plant(&self.world, path, &self.key);
    }

    fn rows(&self, table: &str) -> u32 {
        let database = Connection::open(self.world.folders().database_file()).unwrap();
        let sql = format!("SELECT count(*) FROM {table}");
        database.query_row(&sql, [], |row| row.get(0)).unwrap()
    }
}

fn plant(world: &World, path: &str, key: &InsertedKey) {
    put(
        world,
        path,
        &format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret()),
    );
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_new_place_is_told_once_and_what_was_there_at_first_is_not() {
    let stand = stand().await;
    stand.plant("shop/.env");
    put(&stand.world, "notes/a.txt", "nothing\n");
    let before = snapshot(stand.world.home());
    stand
        .watching(async {
            stand.looks_when_switched_on().await;
            assert_eq!(stand.messages().await, [""; 0]);
            // As after any other search.
            let report = stand.report(&stand.key).await;
            assert_eq!(report.keys[0].verdict, UsageVerdict::Confirmed);
            assert_eq!(report.keys[0].places, 1);

            stand.plant("notes/b.txt");
            stand.looks(DAY).await;
            let notices = stand.notices().await;
            let [notice] = &notices[..] else {
                panic!("{notices:?}");
            };
            let said = "turned up in a new place: ~/notes/b.txt.";
            assert!(notice.message.ends_with(said), "{notice:?}");
            assert!(!notice.needs_attention);
            let key = request(stand.account, stand.key.id).key;
            let account = stand.account;
            assert_eq!(notice.next, Some(NextStep::Details { account, key }));
            assert_eq!(stand.report(&stand.key).await.keys[0].places, 2);
            let notified = stand.world.host.notified.lock().unwrap().clone();
            assert_eq!(notified.len(), 1);
            assert!(
                notified[0].ends_with("turned up in a new place"),
                "{notified:?}"
            );

            stand.looks(DAY).await;
            assert_eq!(stand.messages().await, [""; 0]);
            assert_eq!(stand.world.host.notified.lock().unwrap().len(), 1);
        })
        .await;
    let mut after = snapshot(stand.world.home());
    after.remove(&stand.world.home().join("notes/b.txt"));
    let unchanged: HashMap<_, _> = before.iter().filter(|(path, _)| path.is_file()).collect();
    for (path, as_it_was) in unchanged {
        assert_eq!(after.get(path), Some(as_it_was), "{path:?}");
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_opened_and_what_has_is() {
    let stand = stand().await;
    stand.plant("shop/.env");
    fill(&stand.world);
    stand
        .watching(async {
            stand.looks_when_switched_on().await;
            let first = stand.report(&stand.key).await;
            assert!(first.read.files > 6000, "{:?}", first.read);
            plant(&stand.world, "many/3/4.txt", &stand.key);
            stand.looks(DAY).await;
            let second = stand.report(&stand.key).await;
            // Named places are read every time.
            assert!(second.read.files < 10, "{:?}", second.read);
            assert_eq!(second.keys[0].places, 2);
            // A search that the user waits for reads everything.
            let asked = search(
                &stand.world,
                stand.account,
                &[stand.key.id],
                SearchTier::Folders,
            )
            .await;
            assert_eq!(asked.read.files, first.read.files);
            assert_eq!(asked.keys[0].places, 2);
        })
        .await;
}

#[tokio::test]
async fn a_key_that_came_since_is_looked_for_in_what_was_read_before() {
    let stand = stand().await;
    let later = stand.world.idle_key(3).await;
    plant(&stand.world, "old/notes.txt", &later);
    stand
        .watching(async {
            stand.looks_when_switched_on().await;
            stand.world.refreshed(stand.account).await;
            stand.looks(DAY).await;
            assert_eq!(stand.report(&later).await.keys[0].places, 1);
            let said = stand.messages().await;
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(
                said[0].ends_with("in a new place: ~/old/notes.txt."),
                "{said:?}"
            );
        })
        .await;
}

#[tokio::test]
async fn where_every_user_or_a_remote_has_it_is_told_once() {
    let stand = stand().await;
    stand.plant("shop/.env");
    allow(stand.world.folder(), 0o711);
    allow(stand.world.home(), 0o711);
    allow(&stand.world.home().join("shop"), 0o755);
    allow(&stand.world.home().join("shop/.env"), 0o600);
    stand
        .watching(async {
            stand.looks_when_switched_on().await;
            assert_eq!(stand.messages().await, [""; 0]);
            allow(&stand.world.home().join("shop/.env"), 0o644);
            stand.looks(DAY).await;
            let said = stand.messages().await;
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(
                said[0].contains("can be read by every user of this computer, in ~/shop/.env.")
            );
            stand.looks(DAY).await;
            assert_eq!(stand.messages().await, [""; 0]);

            let shop = stand.world.home().join("shop");
            allow(&shop, 0o700);
            for arguments in [
                &["init", "-q"][..],
                &[
                    "remote",
                    "add",
                    "origin",
                    "https://me:secret@git.test/shop.git",
                ],
                &["add", "-A"],
                &[
                    "-c",
                    "user.name=a",
                    "-c",
                    "user.email=a@b.test",
                    "commit",
                    "-qm",
                    "x",
                ],
            ] {
                let mut git = std::process::Command::new("git");
                git.args(arguments)
                    .current_dir(&shop)
                    .env("GIT_CONFIG_GLOBAL", "/dev/null");
                assert!(git.status().unwrap().success());
            }
            stand.looks(DAY).await;
            let said = stand.messages().await.join("\n");
            assert!(
                said.contains("a remote at git.test, in ~/shop/.git."),
                "{said}"
            );
            assert!(said.contains("is not known here"), "{said}");
            assert!(
                !said.contains("secret") && !said.contains("every user"),
                "{said}"
            );
            stand.looks(DAY).await;
            assert_eq!(stand.messages().await, [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn off_by_default_it_reads_nothing_and_switched_off_it_keeps_nothing() {
    let stand = stand().await;
    stand.plant("shop/.env");
    stand
        .watching(async {
            for _ in 0..4 {
                stand.world.time.passes(DAY).await;
            }
            assert_eq!(stand.told.load(Ordering::SeqCst), 0);
            let of_key = request(stand.account, stand.key.id);
            assert_eq!(stand.world.app.usage_last(&of_key).await.unwrap(), None);

            stand.looks_when_switched_on().await;
            assert!(stand.world.app.watch().await.unwrap().looked_at.is_some());
            assert_eq!(
                (stand.rows("watch_look"), stand.rows("watch_place")),
                (1, 1)
            );
            stand.switch(false).await;
            assert_eq!(
                (stand.rows("watch_look"), stand.rows("watch_place")),
                (0, 0)
            );
            assert_eq!(stand.world.app.watch().await.unwrap().looked_at, None);
            let told = stand.told.load(Ordering::SeqCst);
            stand.world.time.passes(DAY).await;
            assert_eq!(stand.told.load(Ordering::SeqCst), told);

            // Begun anew, nothing is known: no place is new.
            stand.plant("notes/b.txt");
            stand.looks_when_switched_on().await;
            assert_eq!(stand.messages().await, [""; 0]);
        })
        .await;
}

/// The nineteenth and the forty-first word of what the system says of a process: how nice it is, and how it is scheduled.
fn standing_back(process: rustix::process::Pid) -> (String, String) {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    let text = fs::read_to_string(path).unwrap();
    // The second word may have spaces in it.
    let words: Vec<&str> = text
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    (words[16].to_owned(), words[38].to_owned())
}

#[tokio::test]
async fn it_stands_back_behind_everything_and_ends_when_it_is_switched_off() {
    const IDLE: &str = "5";
    let stand = stand().await;
    let git = git_of(&stand.world, ENDLESS);
    stand
        .watching(async {
            stand.switch(true).await;
            stand.world.time.passes(Duration::from_mins(2)).await;
            stand.until("the beginning", 1).await;
            while !git.has_begun() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert!(stand.world.app.watch().await.unwrap().is_looking);
            let process = searcher(&stand.world).unwrap();
            let expected = ("19".to_owned(), IDLE.to_owned());
            assert_eq!(standing_back(process), expected);
            stand.switch(false).await;
            stand.until("the end", 2).await;
            assert!(searcher(&stand.world).is_none());
            assert!(!stand.world.app.watch().await.unwrap().is_looking);
            assert_eq!(stand.rows("watch_look"), 0);
        })
        .await;
}

#[tokio::test]
async fn what_ends_before_its_end_tells_nothing_and_is_tried_again_within_the_day() {
    let stand = stand().await;
    stand.plant("shop/.env");
    stand.world.host.searcher.lock().unwrap().program = Some("/no/such/program".into());
    stand
        .watching(async {
            stand.looks_when_switched_on().await;
            let of_key = request(stand.account, stand.key.id);
            assert_eq!(stand.world.app.usage_last(&of_key).await.unwrap(), None);
            assert_eq!(stand.world.app.watch().await.unwrap().looked_at, None);
            stand.world.host.searcher.lock().unwrap().program =
                Some(env!("CARGO_BIN_EXE_search-probe").into());
            stand.looks(Duration::from_hours(1)).await;
            assert_eq!(stand.report(&stand.key).await.keys[0].places, 1);
            assert_eq!(stand.messages().await, [""; 0]);
        })
        .await;
}
