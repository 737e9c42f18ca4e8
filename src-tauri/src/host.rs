//! The shell as the host of the use cases: native dialogs, the clipboard, and the real sandbox in this process.
//!
//! Left out: the dialogs themselves (`confirm`, `file_dialog`), other programs (`show`), the clipboard itself
//! (`clipboard`), and the server itself (`sandbox`).

use std::path::{Path, PathBuf};
use std::process::Command;

use async_trait::async_trait;
use pulse_keys_core::custodian::Notifier as _;
use pulse_keys_core::folders::Folders;
use pulse_keys_core::host::{
    ClipboardError, Host, OpenPlace, Question, Reply, SandboxError, SandboxKind, SavePlace,
    SearchProcess, ShowError, Showing,
};
use pulse_keys_core::view::{AccountId, WindowEvent};
use pulseapi::{BaseUrl, KeyId};
use sandbox::{Database, Sandbox, Settings};
use secrecy::SecretString;
use tauri::{AppHandle, Manager as _};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use crate::clipboard::Clipboard;
use crate::notification::Notifications;
use crate::window_events::Page;
use crate::{confirm, custodian, file_dialog, open_path, search_process};

/// The host of the use cases in the desktop app.
pub(crate) struct Shell {
    app: AppHandle,
    clipboard: Clipboard,
    whole: Server,
    without_key_endpoints: Server,
}

impl Shell {
    pub(crate) fn new(app: AppHandle, folders: &Folders) -> Self {
        Self {
            app,
            clipboard: Clipboard::default(),
            whole: Server::new(folders.sandbox_file(), true),
            without_key_endpoints: Server::new(folders.sandbox_without_key_endpoints_file(), false),
        }
    }

    /// Tells the page, where there is one.
    fn tell(&self, event: WindowEvent) {
        self.app.state::<Page>().tell_if_there(event);
    }

    fn server(&self, kind: SandboxKind) -> &Server {
        match kind {
            SandboxKind::Whole => &self.whole,
            SandboxKind::WithoutKeyEndpoints => &self.without_key_endpoints,
        }
    }
}

#[async_trait]
impl Host for Shell {
    async fn ask(&self, question: Question) -> Reply {
        confirm::ask(&self.app, question).await
    }

    async fn choose_file_to_save(&self, place: SavePlace) -> Option<PathBuf> {
        file_dialog::save(&self.app, place).await
    }

    async fn choose_to_open(&self, place: OpenPlace) -> Option<PathBuf> {
        file_dialog::open(&self.app, place).await
    }

    async fn show(&self, path: &Path, how: Showing) -> Result<(), ShowError> {
        open_path::show(&self.app, path, how).await
    }

    async fn copy(&self, text: SecretString, secret: bool) -> Result<(), ClipboardError> {
        self.clipboard.put(text, secret).await
    }

    async fn clear_copied(&self, text: &SecretString) -> Result<bool, ClipboardError> {
        self.clipboard.clear_if_still(text.clone()).await
    }

    fn custodian(&self) -> Option<Command> {
        custodian::command()
    }

    fn notify(&self, title: &str, text: &str) {
        let (title, text) = (title.to_owned(), text.to_owned());
        // The desktop's answer is waited for, and nobody here needs it.
        std::thread::spawn(move || Notifications.notify(&title, &text));
    }

    fn clipboard_not_cleared(&self, message: &str) {
        self.tell(WindowEvent::ClipboardNotCleared {
            message: message.to_owned(),
        });
    }

    fn request_sent(&self) {
        self.tell(WindowEvent::RequestSent);
    }

    fn deletion_confirmed(&self, account: AccountId, key: &KeyId) {
        self.tell(WindowEvent::DeletionConfirmed {
            account,
            key: key.clone(),
        });
    }

    fn deletion_accepted(&self, account: AccountId, key: &KeyId) {
        self.tell(WindowEvent::DeletionAccepted {
            account,
            key: key.clone(),
        });
    }

    fn search_process(&self) -> Option<SearchProcess> {
        search_process::start()
    }

    async fn sandbox(&self, kind: SandboxKind) -> Result<BaseUrl, SandboxError> {
        let base = self.server(kind).running().await?.base_url();
        BaseUrl::parse(&base).map_err(failed)
    }

    async fn sandbox_credential(&self, kind: SandboxKind) -> Result<SecretString, SandboxError> {
        let running = self.server(kind).running().await?;
        running.mint_credential().await.map_err(failed)
    }

    async fn sandbox_screen(&self, kind: SandboxKind) -> Result<String, SandboxError> {
        Ok(self.server(kind).running().await?.web_screen())
    }

    async fn discard_sandbox(&self, kind: SandboxKind) {
        self.server(kind).discard().await;
    }
}

/// A server inside the app: it starts when it is first asked for.
struct Server {
    file: PathBuf,
    key_endpoints: bool,
    running: Mutex<Option<Sandbox>>,
}

impl Server {
    fn new(file: PathBuf, key_endpoints: bool) -> Self {
        Self {
            file,
            key_endpoints,
            running: Mutex::new(None),
        }
    }

    async fn running(&self) -> Result<MappedMutexGuard<'_, Sandbox>, SandboxError> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let settings = Settings {
                database: Database::File(self.file.clone()),
                key_endpoints: self.key_endpoints,
                ..Settings::default()
            };
            *running = Some(sandbox::start(settings).await.map_err(failed)?);
        }
        MutexGuard::try_map(running, Option::as_mut).map_err(|_| failed("it is not running"))
    }

    async fn discard(&self) {
        if let Some(sandbox) = self.running.lock().await.take() {
            sandbox.stop().await;
        }
        for ending in ["", "-wal", "-shm"] {
            let mut file = self.file.clone().into_os_string();
            file.push(ending);
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!("the sandbox's database could not be removed: {error}");
                }
                _ => {}
            }
        }
    }
}

fn failed(reason: impl std::fmt::Display) -> SandboxError {
    SandboxError {
        reason: reason.to_string(),
    }
}
