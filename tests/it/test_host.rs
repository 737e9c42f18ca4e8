//! The user in front of the app, as a test says: what is answered, chosen and saved, and what was asked and shown.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ci::Tools;
use pulse_keys_core::host::{
    ClipboardError, Host, OpenPlace, Question, Reply, SandboxError, SandboxKind, SavePlace,
    SearchProcess, ShowError, Showing,
};
use pulseapi::BaseUrl;
use sandbox::Sandbox;
use sandbox::faults::Faults;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;
use usage::Machine;

/// What happens while the native question is on screen.
pub(crate) type Meanwhile = Box<dyn Fn(&Faults) + Send + Sync>;

/// A user with a prepared answer.
pub(crate) struct TestHost {
    pub(crate) says: Mutex<Reply>,
    pub(crate) asked: Mutex<Vec<Question>>,
    pub(crate) meanwhile: Mutex<Option<Meanwhile>>,
    pub(crate) thinks: Mutex<Option<oneshot::Receiver<()>>>,
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) clipboard: Mutex<Clipboard>,
    pub(crate) saves_to: Mutex<Option<PathBuf>>,
    pub(crate) opens: Mutex<Option<PathBuf>>,
    pub(crate) shown: Mutex<Vec<(PathBuf, Showing)>>,
    /// The headlines of notifications.
    pub(crate) notified: Mutex<Vec<String>>,
    pub(crate) home: PathBuf,
    pub(crate) searcher: Mutex<Searcher>,
    /// With which the user is signed in to where pipelines run; none of them by itself.
    pub(crate) ci_tools: Mutex<Tools>,
}

/// Which program searches, and how.
#[derive(Clone, Debug)]
pub(crate) struct Searcher {
    /// None for a search in the test's own process.
    pub(crate) program: Option<PathBuf>,
    /// The most memory that it may have, in bytes, and the file whose being there makes it need more; none for the
    /// usual.
    pub(crate) memory: Option<(u64, PathBuf)>,
    pub(crate) silence_timeout: Duration,
    /// Where it finds programs; none for where the test finds them.
    pub(crate) path: Option<String>,
}

impl Default for Searcher {
    fn default() -> Self {
        Self {
            program: Some(env!("CARGO_BIN_EXE_search-probe").into()),
            memory: None,
            silence_timeout: Duration::from_secs(60),
            path: None,
        }
    }
}

/// A clipboard that remembers how it was used.
#[derive(Default)]
pub(crate) struct Clipboard {
    pub(crate) text: Option<SecretString>,
    /// Whether the text is kept out of clipboard histories.
    pub(crate) is_secret: bool,
    /// Whether another program holds it: nothing is taken, and nothing is cleared.
    pub(crate) is_held: bool,
    /// What the user was told where it could not be cleared.
    pub(crate) not_cleared: Vec<String>,
}

impl Clipboard {
    fn is_free(&self) -> Result<(), ClipboardError> {
        if self.is_held {
            return Err(ClipboardError {
                reason: "another program holds it".to_owned(),
            });
        }
        Ok(())
    }
}

#[async_trait]
impl Host for TestHost {
    async fn ask(&self, question: Question) -> Reply {
        self.asked.lock().unwrap().push(question);
        if let (Some(meanwhile), Some(faults)) = (
            self.meanwhile.lock().unwrap().as_ref(),
            self.sandbox.faults(),
        ) {
            meanwhile(faults);
        }
        let thinks = self.thinks.lock().unwrap().take();
        if let Some(until) = thinks {
            let _ = until.await;
        }
        *self.says.lock().unwrap()
    }

    async fn choose_file_to_save(&self, _: SavePlace) -> Option<PathBuf> {
        self.saves_to.lock().unwrap().clone()
    }

    async fn choose_to_open(&self, _: OpenPlace) -> Option<PathBuf> {
        self.opens.lock().unwrap().clone()
    }

    async fn show(&self, path: &Path, how: Showing) -> Result<(), ShowError> {
        self.shown.lock().unwrap().push((path.to_owned(), how));
        Ok(())
    }

    fn home(&self) -> Option<PathBuf> {
        Some(self.home.clone())
    }

    fn machine(&self) -> Machine {
        Machine::none()
    }

    fn ci_tools(&self) -> Tools {
        self.ci_tools.lock().unwrap().clone()
    }

    fn notify(&self, title: &str, _text: &str) {
        self.notified.lock().unwrap().push(title.to_owned());
    }

    fn search_process(&self) -> Option<SearchProcess> {
        let searcher = self.searcher.lock().unwrap().clone();
        let mut command = Command::new(searcher.program?);
        command.arg(&self.home);
        if let Some((memory, when)) = searcher.memory {
            command.arg(memory.to_string()).arg(when);
        }
        command.envs(searcher.path.map(|path| ("PATH", path)));
        Some(SearchProcess {
            silence_timeout: searcher.silence_timeout,
            ..SearchProcess::new(command)
        })
    }

    async fn copy(&self, text: SecretString, secret: bool) -> Result<(), ClipboardError> {
        let mut clipboard = self.clipboard.lock().unwrap();
        clipboard.is_free()?;
        clipboard.text = Some(text);
        clipboard.is_secret = secret;
        Ok(())
    }

    fn clipboard_not_cleared(&self, message: &str) {
        let mut clipboard = self.clipboard.lock().unwrap();
        clipboard.not_cleared.push(message.to_owned());
    }

    async fn clear_copied(&self, text: &SecretString) -> Result<bool, ClipboardError> {
        let mut clipboard = self.clipboard.lock().unwrap();
        clipboard.is_free()?;
        let held = clipboard.text.as_ref().map(SecretString::expose_secret);
        let is_ours = held == Some(text.expose_secret());
        if is_ours {
            clipboard.text = None;
        }
        Ok(is_ours)
    }

    async fn sandbox(&self, _: SandboxKind) -> Result<BaseUrl, SandboxError> {
        Ok(BaseUrl::parse(&self.sandbox.base_url()).unwrap())
    }

    async fn sandbox_credential(&self, _: SandboxKind) -> Result<SecretString, SandboxError> {
        Ok(self.sandbox.mint_credential().await.unwrap())
    }

    async fn sandbox_screen(&self, _: SandboxKind) -> Result<String, SandboxError> {
        Ok(self.sandbox.web_screen())
    }

    async fn discard_sandbox(&self, _: SandboxKind) {}
}
