//! The user in front of the app: answers the native question of a step as the step says, while other things happen.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use pulse_keys_core::host::{
    ClipboardError, Host, OpenPlace, Question, Reply, SandboxError, SandboxKind, SavePlace,
    ShowError, Showing,
};
use pulseapi::BaseUrl;
use secrecy::SecretString;
use usage::Machine;

use crate::process::{Moment, Process};
use crate::stage::Stage;
use crate::steps::{Dialog, Meanwhile, Says};

/// A question that was asked, and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) question: Question,
    pub(crate) reply: Reply,
    /// When it was asked.
    pub(crate) at: Timestamp,
}

/// The user of one process.
pub(crate) struct TestHost {
    pub(crate) stage: Stage,
    pub(crate) process: Arc<Process>,
    pub(crate) dialog: Mutex<Dialog>,
    pub(crate) answered: Arc<Mutex<Vec<Answered>>>,
    pub(crate) trace: Arc<Mutex<Vec<String>>>,
    pub(crate) home: PathBuf,
    pub(crate) socket: PathBuf,
}

#[async_trait]
impl Host for TestHost {
    async fn ask(&self, question: Question) -> Reply {
        let asked = format!(
            "asked: {} {}",
            question.headline,
            question.paragraphs.join(" / ")
        );
        self.note(&asked.replace('\n', " / "));
        let at = self.stage.time.at();
        self.process.happened(Moment::Asked);
        if self.process.has_come() {
            return std::future::pending().await;
        }
        let dialog = *self.dialog.lock().unwrap();
        // Only the first question of a step is interrupted; a second question is answered at once.
        if self.answered.lock().unwrap().is_empty() {
            match dialog.meanwhile {
                None => {}
                Some(Meanwhile::Other(other)) => {
                    let what = self.stage.script.other(&self.stage.faults, other);
                    self.note(&format!("meanwhile {what}"));
                }
                Some(Meanwhile::Passes(seconds)) => {
                    self.note(&format!("meanwhile {seconds} s pass"));
                    self.stage
                        .pass(std::time::Duration::from_secs(seconds.into()))
                        .await;
                }
                Some(Meanwhile::Keychain(mood)) => {
                    self.note(&format!("meanwhile the keychain becomes {mood:?}"));
                    self.stage.keychain.becomes(mood);
                }
            }
        }
        let reply = match dialog.says {
            Says::Yes => Reply::Yes,
            Says::Alternative if question.alternative.is_some() => Reply::Alternative,
            Says::Alternative | Says::No => Reply::No,
        };
        self.note(&format!("answered: {reply:?}"));
        self.answered.lock().unwrap().push(Answered {
            question,
            reply,
            at,
        });
        reply
    }

    async fn choose_file_to_save(&self, _: SavePlace) -> Option<PathBuf> {
        None
    }

    async fn choose_to_open(&self, _: OpenPlace) -> Option<PathBuf> {
        None
    }

    async fn show(&self, _: &Path, _: Showing) -> Result<(), ShowError> {
        Ok(())
    }

    fn home(&self) -> Option<PathBuf> {
        Some(self.home.clone())
    }

    fn machine(&self) -> Machine {
        Machine::none()
    }

    async fn copy(&self, _: SecretString, _: bool) -> Result<(), ClipboardError> {
        Ok(())
    }

    async fn clear_copied(&self, _: &SecretString) -> Result<bool, ClipboardError> {
        Ok(false)
    }

    fn custodian(&self) -> Option<Command> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relay"));
        command.arg(&self.socket);
        self.stage.starts();
        Some(command)
    }

    async fn sandbox(&self, _: SandboxKind) -> Result<BaseUrl, SandboxError> {
        Err(no_sandbox())
    }

    async fn sandbox_credential(&self, _: SandboxKind) -> Result<SecretString, SandboxError> {
        Err(no_sandbox())
    }

    async fn sandbox_screen(&self, _: SandboxKind) -> Result<String, SandboxError> {
        Err(no_sandbox())
    }

    async fn discard_sandbox(&self, _: SandboxKind) {}
}

impl TestHost {
    fn note(&self, what: &str) {
        self.trace.lock().unwrap().push(format!("    {what}"));
    }
}

fn no_sandbox() -> SandboxError {
    SandboxError {
        reason: "the server runs elsewhere".to_owned(),
    }
}
