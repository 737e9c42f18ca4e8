//! The shell as the host of the use cases: native dialogs, the clipboard, and the real sandbox in this process.
//!
//! Left out: the dialogs themselves (`confirm`, `file_dialog`), other programs (`show`), the clipboard itself
//! (`clipboard`), and the server itself (`sandbox`).

use std::path::{Path, PathBuf};
use std::process::Command;

use async_trait::async_trait;
use pulse_keys_core::host::{
    ClipboardError, Host, OpenPlace, Question, Reply, SandboxError, SavePlace, SearchProcess,
    ShowError, Showing,
};
use pulse_keys_core::view::WindowEvent;
use pulseapi::BaseUrl;
use sandbox::{Database, Sandbox, Settings};
use secrecy::SecretString;
use tauri::{AppHandle, Manager as _};
use tokio::sync::Mutex;

use crate::clipboard::Clipboard;
use crate::window_events::Page;
use crate::{confirm, custodian, file_dialog, open_path, search_process};

/// The host of the use cases in the desktop app.
pub(crate) struct Shell {
    app: AppHandle,
    clipboard: Clipboard,
    sandbox_file: PathBuf,
    sandbox: Mutex<Option<Sandbox>>,
}

impl Shell {
    pub(crate) fn new(app: AppHandle, sandbox_file: PathBuf) -> Self {
        Self {
            app,
            clipboard: Clipboard::default(),
            sandbox_file,
            sandbox: Mutex::new(None),
        }
    }

    async fn start(&self, sandbox: &mut Option<Sandbox>) -> Result<(), SandboxError> {
        if sandbox.is_none() {
            let settings = Settings {
                database: Database::File(self.sandbox_file.clone()),
                ..Settings::default()
            };
            *sandbox = Some(sandbox::start(settings).await.map_err(failed)?);
        }
        Ok(())
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

    fn request_sent(&self) {
        self.app
            .state::<Page>()
            .tell_if_there(WindowEvent::RequestSent);
    }

    fn search_process(&self) -> Option<SearchProcess> {
        search_process::start()
    }

    async fn sandbox(&self) -> Result<BaseUrl, SandboxError> {
        let mut sandbox = self.sandbox.lock().await;
        self.start(&mut sandbox).await?;
        let base = sandbox.as_ref().map(Sandbox::base_url).unwrap_or_default();
        BaseUrl::parse(&base).map_err(failed)
    }

    async fn sandbox_credential(&self) -> Result<SecretString, SandboxError> {
        let mut sandbox = self.sandbox.lock().await;
        self.start(&mut sandbox).await?;
        match sandbox.as_ref() {
            Some(sandbox) => sandbox.mint_credential().await.map_err(failed),
            None => Err(failed("it is not running")),
        }
    }

    async fn discard_sandbox(&self) {
        if let Some(sandbox) = self.sandbox.lock().await.take() {
            sandbox.stop().await;
        }
        for ending in ["", "-wal", "-shm"] {
            let mut file = self.sandbox_file.clone().into_os_string();
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
