//! A whole app without its window: the real use cases, a real sandbox over real HTTP, a vault in memory, and a
//! person who answers as the test says.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::PulseKeys;
use pulse_keys_core::folders::Folders;
use pulse_keys_core::host::{ClipboardError, Host, Question, Reply, SandboxError, SavePlace};
use pulse_keys_core::view::{
    AccountId, ConnectRequest, DeleteOutcome, DeleteRequest, KeyRequest, UiError,
};
use pulseapi::{BaseUrl, Clock, KeyId, Options};
use sandbox::faults::{Faults, InsertedKey, Rule, VerbatimKey};
use sandbox::{Sandbox, Settings};
use secrecy::{ExposeSecret as _, SecretString};
use vault::Vault;

/// The machine's time, in which nobody ever waits.
#[derive(Debug)]
struct Impatient;

impl Clock for Impatient {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::ready(()))
    }
}

/// What happens while the native question is on screen.
type Meanwhile = Box<dyn Fn(&Faults) + Send + Sync>;

/// A person with a prepared answer.
pub(crate) struct Person {
    says: Mutex<Reply>,
    asked: Mutex<Vec<Question>>,
    meanwhile: Mutex<Option<Meanwhile>>,
    sandbox: Arc<Sandbox>,
    clipboard: Mutex<Clipboard>,
    saves_to: Mutex<Option<PathBuf>>,
}

/// A clipboard that remembers how it was used.
#[derive(Default)]
pub(crate) struct Clipboard {
    pub(crate) text: Option<SecretString>,
    /// Whether the text is kept out of clipboard histories.
    pub(crate) is_secret: bool,
}

#[async_trait]
impl Host for Person {
    async fn ask(&self, question: Question) -> Reply {
        self.asked.lock().unwrap().push(question);
        if let (Some(meanwhile), Some(faults)) = (
            self.meanwhile.lock().unwrap().as_ref(),
            self.sandbox.faults(),
        ) {
            meanwhile(faults);
        }
        *self.says.lock().unwrap()
    }

    async fn choose_file_to_save(&self, _: SavePlace) -> Option<PathBuf> {
        self.saves_to.lock().unwrap().clone()
    }

    async fn copy(&self, text: SecretString, secret: bool) -> Result<(), ClipboardError> {
        *self.clipboard.lock().unwrap() = Clipboard {
            text: Some(text),
            is_secret: secret,
        };
        Ok(())
    }

    async fn clear_copied(&self, text: &SecretString) -> Result<bool, ClipboardError> {
        let mut clipboard = self.clipboard.lock().unwrap();
        let held = clipboard.text.as_ref().map(SecretString::expose_secret);
        let is_ours = held == Some(text.expose_secret());
        if is_ours {
            clipboard.text = None;
        }
        Ok(is_ours)
    }

    async fn sandbox(&self) -> Result<BaseUrl, SandboxError> {
        Ok(BaseUrl::parse(&self.sandbox.base_url()).unwrap())
    }

    async fn sandbox_credential(&self) -> Result<SecretString, SandboxError> {
        Ok(self.sandbox.mint_credential().await.unwrap())
    }

    async fn discard_sandbox(&self) {}
}

/// The app, its server and its person.
pub(crate) struct World {
    pub(crate) app: PulseKeys,
    pub(crate) person: Arc<Person>,
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) credential: SecretString,
    _folder: tempfile::TempDir,
}

impl World {
    /// A server with its dozen keys, and an app that knows nobody yet.
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    /// The same with other settings; fault switches are always on.
    pub(crate) async fn with(settings: Settings) -> Self {
        let settings = Settings {
            faults: true,
            requests_per_minute: 100_000,
            ..settings
        };
        let sandbox = Arc::new(sandbox::start(settings).await.unwrap());
        let person = Arc::new(Person {
            says: Mutex::new(Reply::Yes),
            asked: Mutex::default(),
            meanwhile: Mutex::default(),
            sandbox: Arc::clone(&sandbox),
            clipboard: Mutex::default(),
            saves_to: Mutex::default(),
        });
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            clock: Arc::new(Impatient),
            total_timeout: Duration::from_secs(2),
            ..Options::default()
        };
        let app = PulseKeys::start(
            &Folders::below(folder.path()),
            Vault::session_only(),
            person.clone(),
            options,
            "0.0.0-test",
        )
        .unwrap();
        let credential = sandbox.mint_credential().await.unwrap();
        Self {
            app,
            person,
            sandbox,
            credential,
            _folder: folder,
        }
    }

    /// The same, signed in.
    pub(crate) async fn signed_in() -> (Self, AccountId) {
        let world = Self::new().await;
        let state = world.connect(&world.sandbox.base_url()).await.unwrap();
        let account = state.active.unwrap();
        (world, account)
    }

    /// Signs in with the world's credential.
    pub(crate) async fn connect(
        &self,
        base_url: &str,
    ) -> Result<pulse_keys_core::view::AppState, UiError> {
        self.connect_with(base_url, self.credential.expose_secret())
            .await
    }

    /// Signs in as typed.
    pub(crate) async fn connect_with(
        &self,
        base_url: &str,
        credential: &str,
    ) -> Result<pulse_keys_core::view::AppState, UiError> {
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

    /// Whether a key still exists, as the server's own database says.
    pub(crate) async fn exists(&self, key: i64) -> bool {
        self.faults().key(key).await.unwrap().is_some()
    }

    /// How many `DELETE`s reached the server.
    pub(crate) fn deletes_seen(&self) -> usize {
        self.faults()
            .requests()
            .iter()
            .filter(|request| request.method == "DELETE")
            .count()
    }

    /// What `curl` would get with a token: the status.
    pub(crate) async fn status_with(&self, token: &SecretString) -> u16 {
        let monitors = format!("{}/monitors", self.sandbox.base_url());
        let request = reqwest::Client::new()
            .get(monitors)
            .bearer_auth(token.expose_secret());
        request.send().await.unwrap().status().as_u16()
    }

    /// How the journal's rows about deletions ended, oldest first.
    pub(crate) async fn journalled_deletions(&self) -> Vec<String> {
        let journal = self.app.journal().await.unwrap();
        assert_eq!(journal.broken_at, None, "the journal's chain is whole");
        journal
            .rows
            .into_iter()
            .filter(|row| row.action == "delete_key")
            .map(|row| row.outcome)
            .collect()
    }

    /// From now on the person answers this.
    pub(crate) fn says(&self, reply: Reply) {
        *self.person.says.lock().unwrap() = reply;
    }

    /// From now on the person says no.
    pub(crate) fn says_no(&self) {
        self.says(Reply::No);
    }

    /// Something happens at the server while the question is on screen.
    pub(crate) fn meanwhile(&self, happens: impl Fn(&Faults) + Send + Sync + 'static) {
        *self.person.meanwhile.lock().unwrap() = Some(Box::new(happens));
    }

    /// The questions that the person was asked.
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.person.asked.lock().unwrap().clone()
    }
}

/// Names a key of an account.
pub(crate) fn request(account: AccountId, key: i64) -> KeyRequest {
    KeyRequest {
        account,
        key: KeyId::parse(&key.to_string()).unwrap(),
    }
}
