//! A whole app without its window: the real use cases, a real sandbox over real HTTP, a vault in memory or a keychain
//! that outlives the app, and a user who answers as the test says.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::folders::Folders;
use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    AccountId, AppState, ConnectRequest, CreateOutcome, CreateRequest, CustodyId, DeleteOutcome,
    DeleteRequest, KeyRequest, KeyRow, Notice, RotateOutcome, RotateReason, RotateRequest,
    SandboxRequest, TokenInCustody, UiError,
};
use pulse_keys_core::{PulseKeys, StartError};
use pulseapi::KeyId;
use sandbox::faults::{Fault, Faults, InsertedKey, Rule, VerbatimKey};
use sandbox::{ManualClock, Sandbox, Settings};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{oneshot, watch};

use crate::keychain::Keychain;
use crate::starting::{start, try_start};
use crate::test_host::TestHost;
use crate::time::Time;

/// The server inside the app that speaks the whole API.
pub(crate) const WHOLE_SANDBOX: SandboxRequest = SandboxRequest {
    has_key_endpoints: true,
};

/// The app, its server and its host.
pub(crate) struct World {
    pub(crate) app: PulseKeys,
    pub(crate) host: Arc<TestHost>,
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) credential: SecretString,
    pub(crate) time: Arc<Time>,
    /// None in a session without one.
    keychain: Option<Keychain>,
    folder: tempfile::TempDir,
}

impl World {
    /// A server with its dozen keys, and an app without a keychain that knows nobody yet.
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    /// The same with other settings; fault switches are always on.
    pub(crate) async fn with(settings: Settings) -> Self {
        let settings = Settings {
            requests_per_minute: 100_000,
            ..settings
        };
        Self::begin(settings, None, None).await
    }

    /// A server with so many keys that lets so few requests through, and an app that is signed in to it. Both go by
    /// one clock, which passes only while the app waits.
    pub(crate) async fn limited(requests_per_minute: u32, keys: u32) -> (Self, AccountId) {
        let clock = Arc::new(ManualClock::new(Timestamp::now()));
        let settings = Settings {
            requests_per_minute,
            keys: Some(keys),
            clock: clock.clone(),
            ..Settings::default()
        };
        let world = Self::begin(settings, None, Some(clock)).await;
        let state = world.connect(&world.sandbox.base_url()).await.unwrap();
        let account = state.active.unwrap();
        (world, account)
    }

    /// An app that nobody is signed in to, whose time passes only when the test says so.
    pub(crate) async fn with_clock(clock: Arc<ManualClock>) -> Self {
        let settings = Settings {
            clock: clock.clone(),
            ..Settings::default()
        };
        Self::begin(settings, None, Some(clock)).await
    }

    /// An app that knows nobody yet, with this keychain and this clock.
    pub(crate) async fn begin(
        settings: Settings,
        keychain: Option<Keychain>,
        shared: Option<Arc<ManualClock>>,
    ) -> Self {
        let settings = Settings {
            faults: true,
            ..settings
        };
        let sandbox = Arc::new(sandbox::start(settings).await.unwrap());
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("home")).unwrap();
        let host = Arc::new(TestHost {
            says: Mutex::new(Reply::Yes),
            asked: Mutex::default(),
            meanwhile: Mutex::default(),
            thinks: Mutex::default(),
            sandbox: Arc::clone(&sandbox),
            clipboard: Mutex::default(),
            saves_to: Mutex::default(),
            opens: Mutex::default(),
            shown: Mutex::default(),
            notified: Mutex::default(),
            home: folder.path().join("home"),
            searcher: Mutex::default(),
            ci_tools: Mutex::new(ci::Tools::new([], Duration::ZERO)),
        });
        let time = Arc::new(Time {
            passed: watch::Sender::new(Duration::ZERO),
            is_kept: AtomicBool::new(false),
            shared,
            ahead: Mutex::default(),
        });
        let credential = sandbox.mint_credential().await.unwrap();
        Self {
            app: start(folder.path(), keychain.as_ref(), &host, &time),
            host,
            sandbox,
            credential,
            time,
            keychain,
            folder,
        }
    }

    /// An app without a keychain, signed in.
    pub(crate) async fn signed_in() -> (Self, AccountId) {
        let world = Self::new().await;
        let state = world.connect(&world.sandbox.base_url()).await.unwrap();
        let account = state.active.unwrap();
        (world, account)
    }

    /// An app with a keychain, signed in.
    pub(crate) async fn with_keychain() -> (Self, AccountId) {
        Self::with_keychain_of(Settings::default()).await
    }

    /// The same with a server of other settings.
    pub(crate) async fn with_keychain_of(settings: Settings) -> (Self, AccountId) {
        let settings = Settings {
            requests_per_minute: 100_000,
            ..settings
        };
        let world = Self::begin(settings, Some(Keychain::default()), None).await;
        let state = world.connect(&world.sandbox.base_url()).await.unwrap();
        let account = state.active.unwrap();
        (world, account)
    }

    /// The same, with one clock for both sides, which passes only as the test says or the app waits.
    pub(crate) async fn with_keychain_and_clock(clock: Arc<ManualClock>) -> (Self, AccountId) {
        let settings = Settings {
            requests_per_minute: 100_000,
            clock: clock.clone(),
            ..Settings::default()
        };
        let world = Self::begin(settings, Some(Keychain::default()), Some(clock)).await;
        let state = world.connect(&world.sandbox.base_url()).await.unwrap();
        let account = state.active.unwrap();
        (world, account)
    }

    /// The app ends without a chance to tidy up, and another one starts on its files and its keychain.
    pub(crate) fn restart(&mut self) {
        self.app = start(
            self.folder.path(),
            self.keychain.as_ref(),
            &self.host,
            &self.time,
        );
    }

    /// The same, and meanwhile somebody does something to its files.
    pub(crate) fn restart_after(&mut self, change: impl FnOnce(&Folders)) {
        self.app = self.start_after(change).unwrap();
    }

    /// Ends the app, has something done to its files, and tries to start another one on them.
    pub(crate) fn start_after(
        &mut self,
        change: impl FnOnce(&Folders),
    ) -> Result<PulseKeys, StartError> {
        let elsewhere = tempfile::tempdir().unwrap();
        // Somewhere else entirely, so that the files are nobody's for a moment.
        self.app = start(elsewhere.path(), None, &self.host, &self.time);
        change(&self.folders());
        try_start(
            self.folder.path(),
            self.keychain.as_ref(),
            &self.host,
            &self.time,
        )
    }

    /// The keychain of a world that has one.
    pub(crate) fn keychain(&self) -> &Keychain {
        self.keychain.as_ref().unwrap()
    }

    /// Where the app's files are.
    pub(crate) fn folders(&self) -> Folders {
        Folders::below(self.folder.path())
    }

    /// The user's home folder, the only one that is searched.
    pub(crate) fn home(&self) -> &Path {
        &self.host.home
    }

    /// The user chooses this to be read; none closes the dialog.
    pub(crate) fn opens(&self, path: Option<PathBuf>) {
        *self.host.opens.lock().unwrap() = path;
    }

    /// The app's files, and whatever else a test puts beside them.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Signs in with the world's credential.
    pub(crate) async fn connect(&self, base_url: &str) -> Result<AppState, UiError> {
        self.connect_with(base_url, self.credential.expose_secret())
            .await
    }

    /// Signs in as typed.
    pub(crate) async fn connect_with(
        &self,
        base_url: &str,
        credential: &str,
    ) -> Result<AppState, UiError> {
        let request = ConnectRequest {
            base_url: base_url.to_owned(),
            credential: SecretString::from(credential),
        };
        self.app.connect(&request).await
    }

    /// The server's test switches.
    pub(crate) fn faults(&self) -> &Faults {
        self.sandbox.faults().unwrap()
    }

    /// The next request that fits goes wrong.
    pub(crate) fn fault(&self, rule: Rule) {
        self.faults().inject(rule).unwrap();
    }

    /// A key that nothing has used for `days`, so that no phrase is asked.
    pub(crate) async fn idle_key(&self, days: i64) -> InsertedKey {
        self.key_used(SignedDuration::from_hours(24 * days)).await
    }

    /// A key that was used this long ago.
    pub(crate) async fn key_used(&self, ago: SignedDuration) -> InsertedKey {
        let key = VerbatimKey {
            last_used_at: Some((Timestamp::now() - ago).into()),
            ..VerbatimKey::named("Old importer")
        };
        self.faults().insert_key(key).await.unwrap()
    }

    /// Deletes a key, with nothing typed.
    pub(crate) async fn delete(&self, account: AccountId, key: i64) -> DeleteOutcome {
        self.delete_typing(account, key, None).await
    }

    /// Deletes a key, with something typed.
    pub(crate) async fn delete_typing(
        &self,
        account: AccountId,
        key: i64,
        typed: Option<&str>,
    ) -> DeleteOutcome {
        let KeyRequest { account, key } = request(account, key);
        let request = DeleteRequest {
            account,
            key,
            typed: typed.map(str::to_owned),
        };
        self.app.delete_key(&request).await.unwrap()
    }

    /// Makes a key that may read monitors.
    pub(crate) async fn create(&self, account: AccountId, name: &str) -> CreateOutcome {
        self.app.create_key(&new_key(account, name)).await.unwrap()
    }

    /// The same, when it must work.
    pub(crate) async fn created(&self, account: AccountId, name: &str) -> TokenInCustody {
        match self.create(account, name).await {
            CreateOutcome::Created { token } => *token,
            other => panic!("{other:?}"),
        }
    }

    /// Rotates a key by schedule.
    pub(crate) async fn rotate(&self, account: AccountId, key: i64) -> RotateOutcome {
        let request = rotation(account, key, RotateReason::Routine);
        self.app.rotate_key(&request).await.unwrap()
    }

    /// The same, when it must work.
    pub(crate) async fn rotated(&self, account: AccountId, key: i64) -> TokenInCustody {
        match self.rotate(account, key).await {
            RotateOutcome::Rotated {
                token,
                trouble: None,
                ..
            } => *token,
            other => panic!("{other:?}"),
        }
    }

    /// The tokens in custody.
    pub(crate) async fn custody(&self) -> Vec<TokenInCustody> {
        self.app.custody().await.unwrap().tokens
    }

    /// The one token in custody.
    pub(crate) async fn only_token(&self) -> TokenInCustody {
        let mut tokens = self.custody().await;
        assert_eq!(tokens.len(), 1, "{tokens:?}");
        tokens.remove(0)
    }

    /// Whether the keychain holds exactly this as the account's credential.
    pub(crate) fn signs_in_with(&self, account: AccountId, credential: &SecretString) -> bool {
        let held = self.keychain().holds(&format!("account/{}", account.0));
        held.is_some_and(|held| same(&held, credential))
    }

    /// The text of a token, as *Reveal* shows it.
    pub(crate) async fn reveal(&self, token: CustodyId) -> SecretString {
        self.app.reveal_token(token).await.unwrap().0
    }

    /// What `curl` would get with a token in custody: the status.
    pub(crate) async fn status_of(&self, token: &TokenInCustody) -> u16 {
        self.status_with(&self.reveal(token.id).await).await
    }

    /// What has to be told now.
    pub(crate) async fn notices(&self) -> Vec<Notice> {
        self.app.reconcile().await.unwrap()
    }

    /// Fetches the list anew and gives it as it is cached then.
    pub(crate) async fn refreshed(&self, account: AccountId) -> Vec<KeyRow> {
        self.app.refresh_keys(account, |_| {}).await.unwrap();
        self.cached(account).await
    }

    /// The list as it is cached.
    pub(crate) async fn cached(&self, account: AccountId) -> Vec<KeyRow> {
        self.app.cached_keys(account).await.unwrap().keys
    }

    /// From now on the user answers this.
    pub(crate) fn says(&self, reply: Reply) {
        *self.host.says.lock().unwrap() = reply;
    }

    /// From now on the user says no.
    pub(crate) fn says_no(&self) {
        self.says(Reply::No);
    }

    /// Something happens at the server while the question is on screen.
    pub(crate) fn meanwhile(&self, happens: impl Fn(&Faults) + Send + Sync + 'static) {
        *self.host.meanwhile.lock().unwrap() = Some(Box::new(happens));
    }

    /// The user thinks about the next question until this is told or dropped.
    pub(crate) fn thinks(&self) -> oneshot::Sender<()> {
        let (tell, told) = oneshot::channel();
        *self.host.thinks.lock().unwrap() = Some(told);
        tell
    }

    /// The user chooses this file to save to; none closes the dialog.
    pub(crate) fn saves_to(&self, path: Option<PathBuf>) {
        *self.host.saves_to.lock().unwrap() = path;
    }

    /// Somebody copies something else.
    pub(crate) fn copies_elsewhere(&self, text: &str) {
        self.host.clipboard.lock().unwrap().text = Some(SecretString::from(text));
    }

    /// What was to happen while a question is on screen happens now.
    pub(crate) fn happens_now(&self) {
        if let Some(happens) = self.host.meanwhile.lock().unwrap().as_ref() {
            happens(self.faults());
        }
    }
}

/// Whether both are the same secret; a failed test prints neither.
pub(crate) fn same(left: &SecretString, right: &SecretString) -> bool {
    left.expose_secret() == right.expose_secret()
}

/// Names a key of an account.
pub(crate) fn request(account: AccountId, key: i64) -> KeyRequest {
    KeyRequest {
        account,
        key: KeyId::parse(&key.to_string()).unwrap(),
    }
}

/// A key to be made that may read monitors.
pub(crate) fn new_key(account: AccountId, name: &str) -> CreateRequest {
    CreateRequest {
        account,
        name: name.to_owned(),
        abilities: vec!["monitors:read".to_owned()],
        team: None,
    }
}

/// A key to be rotated.
pub(crate) fn rotation(account: AccountId, key: i64, reason: RotateReason) -> RotateRequest {
    let KeyRequest { account, key } = request(account, key);
    RotateRequest {
        account,
        key,
        reason,
        files: Vec::new(),
    }
}

/// The record id of the key that a token belongs to.
pub(crate) fn id_of(token: &TokenInCustody) -> i64 {
    let key = token.key.as_ref().unwrap();
    key.as_str().parse().unwrap()
}

/// Does something until a moment has come, and no further.
pub(crate) async fn cut_off<T>(work: impl Future<Output = T>, has_come: impl Fn() -> bool) {
    let moment = async {
        while !has_come() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = work => panic!("it came to its end before the moment had come"),
        () = moment => {}
    }
}

/// The path under which keys are made.
pub(crate) const KEYS: &str = "/api-keys";
/// The path under which a key is looked at and deleted.
pub(crate) const KEY: &str = "/api-keys/*";
/// The path under which a key is rotated.
pub(crate) const ROTATE: &str = "/api-keys/*/rotate";

/// This goes wrong as often as it is tried.
pub(crate) fn always(method: &str, path: &str, fault: Fault) -> Rule {
    Rule {
        times: 1_000,
        ..Rule::once(method, path, fault)
    }
}

/// The server fails, without having done anything.
pub(crate) fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after: None,
    }
}
