//! Where swaps are tested: an app, one clock, and keys in use.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{
    AccountId, BeginSwapRequest, CustodyId, DeleteCard, Places, PlacesWritten, PutInPlaceRequest,
    PutOutcome, QuietRequest, SearchTier, SwapBegun, SwapView, UiError,
};
use sandbox::ManualClock;
use sandbox::faults::{InsertedKey, VerbatimKey};
use secrecy::SecretString;

use crate::place::FILES;
use crate::usage_home::{put, search};
use crate::world::{World, request};

/// An app with a keychain, and one clock for both sides.
pub(super) struct Stand {
    pub(super) world: World,
    pub(super) account: AccountId,
    pub(super) clock: Arc<ManualClock>,
}

pub(super) async fn stand() -> Stand {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let (world, account) = World::with_keychain_and_clock(clock.clone()).await;
    Stand {
        world,
        account,
        clock,
    }
}

impl Stand {
    /// A key that was used an hour ago, in three places of this machine that were searched.
    pub(super) async fn key_in_use(&self, name: &str) -> InsertedKey {
        let used = Timestamp::now() - SignedDuration::from_hours(1);
        let key = VerbatimKey {
            last_used_at: Some(used.into()),
            ..VerbatimKey::named(name)
        };
        let key = self.world.faults().insert_key(key).await.unwrap();
        for (path, text) in FILES {
            put(
                &self.world,
                &format!("{}/{path}", key.id),
                &text(&key.token),
            );
        }
        self.world.refreshed(self.account).await;
        let tier = SearchTier::Folders;
        search(&self.world, self.account, &[key.id], tier).await;
        key
    }

    pub(super) fn beginning(&self, key: &InsertedKey, name: &str) -> BeginSwapRequest {
        BeginSwapRequest {
            account: self.account,
            key: request(self.account, key.id).key,
            name: name.to_owned(),
            quiet_days: 3,
        }
    }

    pub(super) async fn begin(&self, key: &InsertedKey, name: &str) -> SwapBegun {
        let request = self.beginning(key, name);
        self.world.app.begin_swap(&request).await.unwrap()
    }

    pub(super) async fn begin_error(&self, key: &InsertedKey, name: &str) -> UiError {
        let request = self.beginning(key, name);
        self.world.app.begin_swap(&request).await.unwrap_err()
    }

    pub(super) async fn begun(&self, key: &InsertedKey, name: &str) -> SwapView {
        match self.begin(key, name).await {
            SwapBegun::Begun { .. } => self.of(key).await,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn all(&self) -> Vec<SwapView> {
        self.world.app.swaps().await.unwrap().swaps
    }

    pub(super) async fn of(&self, key: &InsertedKey) -> SwapView {
        let id = request(self.account, key.id).key;
        let all = self.all().await;
        let found = all.iter().find(|swap| swap.key == id).cloned();
        found.unwrap_or_else(|| panic!("no swap of {id:?} in {all:?}"))
    }

    pub(super) fn quiet(&self, key: &InsertedKey, quiet_days: u16) -> QuietRequest {
        QuietRequest {
            account: self.account,
            key: request(self.account, key.id).key,
            quiet_days,
        }
    }

    pub(super) async fn watch(&self, key: &InsertedKey) {
        let request = self.quiet(key, 3);
        self.world.app.watch_key(&request).await.unwrap();
    }

    pub(super) async fn places(&self, swap: &SwapView) -> Places {
        self.world.app.places(token_of(swap)).await.unwrap()
    }

    /// Puts a token into all files of its plan.
    pub(super) async fn put_all(&self, token: CustodyId) -> String {
        let places = self.world.app.places(token).await.unwrap();
        let request = PutInPlaceRequest {
            token,
            files: places.files.iter().map(|file| file.id.clone()).collect(),
        };
        match self.world.app.put_in_place(&request).await.unwrap() {
            PutOutcome::Ended(PlacesWritten { message, results }) => {
                assert!(results.iter().all(|result| result.done), "{results:?}");
                message
            }
            PutOutcome::Cancelled => panic!("it was cancelled"),
        }
    }

    /// What stands in the three files of a key now.
    pub(super) fn stands(&self, key: &InsertedKey, token: &SecretString) {
        for (path, text) in FILES {
            let file = self.world.home().join(format!("{}/{path}", key.id));
            assert_eq!(fs::read_to_string(file).unwrap(), text(token), "{path}");
        }
    }

    pub(super) async fn passes(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
        self.world.refreshed(self.account).await;
    }

    pub(super) async fn card(&self, key: &InsertedKey) -> DeleteCard {
        let key = request(self.account, key.id);
        self.world.app.delete_card(&key).await.unwrap()
    }

    pub(super) fn lists_read(&self) -> usize {
        let requests = self.world.faults().requests();
        let lists = requests
            .iter()
            .filter(|request| request.method == "GET" && request.path.ends_with("/api-keys"));
        lists.count()
    }
}

/// The token of the sibling.
pub(super) fn token_of(swap: &SwapView) -> CustodyId {
    swap.sibling.as_ref().unwrap().token.unwrap()
}

pub(super) async fn until(what: &str, has_come: impl Fn() -> bool) {
    for _ in 0..20_000 {
        if has_come() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{what} did not come");
}
