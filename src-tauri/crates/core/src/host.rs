//! What the use cases ask of the program that runs them: a user's decision, a file, a folder, the clipboard, this machine as
//! a search sees it, the programs for CI, and the server inside the app.
//!
//! The questions are narrow on purpose. The shell answers them with native dialogs and the real sandbox, tests
//! with a script. No use case deletes, rotates or signs out without having asked here, so nothing in the window can
//! skip the question. Left out: when the clipboard is cleared, and what is written to the file.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use async_trait::async_trait;
use ci::Tools;
use pulseapi::{BaseUrl, KeyId};
use secrecy::SecretString;
use thiserror::Error;
use usage::Machine;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::base::text::one_line;

/// How much of a question a dialog has room for, whatever went into its sentences: cells of a Latin letter for a
/// title, a headline, a line and a button, lines of a paragraph, and paragraphs.
const TITLE_WIDTH: usize = 60;
const HEADLINE_WIDTH: usize = 160;
const LINE_WIDTH: usize = 320;
const BUTTON_WIDTH: usize = 40;
const LINES_OF_A_PARAGRAPH: usize = 8;
const PARAGRAPHS: usize = 5;

/// A question whose *yes* destroys something. Return, Space, Esc and closing it mean *no*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The dialog's title.
    pub title: String,
    /// The question itself, one short line.
    pub headline: String,
    /// Facts and consequence, a paragraph each.
    pub paragraphs: Vec<String>,
    /// The button that says yes, with its verb ("Delete key").
    pub yes: String,
    /// A second way, less harmful than yes, as a button of its own ("Rotate instead…").
    pub alternative: Option<String>,
    /// The button that says no, the default.
    pub no: String,
}

impl Question {
    /// The same question, small enough for any screen: the last resort, for what the caller has not bounded.
    /// Names and other text of the service are short already; a sentence of ours is never as long as this.
    ///
    /// The last paragraph is always there: it says what happens.
    #[must_use]
    pub fn bounded(self) -> Self {
        let Self {
            title,
            headline,
            mut paragraphs,
            yes,
            alternative,
            no,
        } = self;
        if paragraphs.len() > PARAGRAPHS {
            let consequence = paragraphs.split_off(paragraphs.len() - 1);
            paragraphs.truncate(PARAGRAPHS - 1);
            paragraphs.extend(consequence);
        }
        Self {
            title: one_line(&title, TITLE_WIDTH),
            headline: one_line(&headline, HEADLINE_WIDTH),
            paragraphs: paragraphs.iter().map(|text| bounded(text)).collect(),
            yes: one_line(&yes, BUTTON_WIDTH),
            alternative: alternative.map(|label| one_line(&label, BUTTON_WIDTH)),
            no: one_line(&no, BUTTON_WIDTH),
        }
    }
}

fn bounded(paragraph: &str) -> String {
    let mut lines: Vec<String> = paragraph
        .split('\n')
        .map(|line| one_line(line, LINE_WIDTH))
        .collect();
    if lines.len() > LINES_OF_A_PARAGRAPH {
        lines.truncate(LINES_OF_A_PARAGRAPH - 1);
        lines.push("…".to_owned());
    }
    lines.join("\n")
}

/// What the user answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The button that says yes, and nothing else.
    Yes,
    /// The button of the second way.
    Alternative,
    /// Everything else: the button, a key, a closed dialog, a dialog that could not be shown.
    No,
}

/// Which file is to be written. The user chooses where, in a native dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePlace {
    /// The dialog's title.
    pub title: String,
    /// The name that is offered, with its extension.
    pub file_name: String,
    /// Without the dot ("csv").
    pub extension: String,
    /// What the kind of file is called ("CSV table").
    pub kind: String,
}

/// What the user is to choose in a native dialog, to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPlace {
    /// The dialog's title.
    pub title: String,
    /// The button that takes it.
    pub yes: String,
    /// Whether it is a folder and not a file.
    pub folder: bool,
}

/// How a file is shown to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    /// In the editor of texts, whatever kind of file it is: to open a script must not run it.
    Editor,
    /// In its folder.
    Folder,
}

/// Why a file could not be shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("It could not be opened: {reason}.")]
pub struct ShowError {
    /// What the system said, in words.
    pub reason: String,
}

/// Which of the servers inside the app: each has its own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SandboxKind {
    /// It speaks the whole API.
    Whole,
    /// It has no endpoints for keys: they are on its web screen only.
    WithoutKeyEndpoints,
}

/// Why the server inside the app did not start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The sandbox could not be started: {reason}.")]
pub struct SandboxError {
    /// What the server said, in words.
    pub reason: String,
}

/// Why the clipboard did not take or give anything.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The clipboard could not be used: {reason}.")]
pub struct ClipboardError {
    /// What the clipboard said, in words; never what it holds.
    pub reason: String,
}

impl ClipboardError {
    /// For the page, with what the user can do instead: another thing for each that can be copied.
    pub(crate) fn told(&self, instead: &str) -> UiError {
        UiError::new(ErrorCode::Other, self.to_string(), instead)
    }
}

/// How the process is started that searches this machine (see `usage_worker`).
#[derive(Debug)]
pub struct SearchProcess {
    /// The program with what tells it to search. Of its environment it gets only what is named here and what every
    /// program needs; its input and output are set when it is started.
    pub command: Command,
    /// How long it may say nothing new before it counts as hung.
    pub silence_timeout: Duration,
}

impl SearchProcess {
    /// With a timeout that outlasts a slow disk.
    #[must_use]
    pub fn new(command: Command) -> Self {
        Self {
            command,
            silence_timeout: Duration::from_secs(60),
        }
    }
}

/// The host of the use cases.
#[async_trait]
pub trait Host: Send + Sync {
    /// Asks the user. Anything but one of the other two buttons is no.
    async fn ask(&self, question: Question) -> Reply;

    /// Where to write a file. The dialog itself asks before a file that is there already is chosen. None when the
    /// user chose no place.
    async fn choose_file_to_save(&self, place: SavePlace) -> Option<PathBuf>;

    /// Which file or folder to read; none when the user chose none.
    async fn choose_to_open(&self, place: OpenPlace) -> Option<PathBuf>;

    /// Shows a file to the user.
    ///
    /// # Errors
    /// When the system has no program for it.
    async fn show(&self, path: &Path, how: Showing) -> Result<(), ShowError>;

    /// The user's home folder, where a search of this machine begins.
    fn home(&self) -> Option<PathBuf> {
        directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned())
    }

    /// This machine, as a search looks into it besides folders.
    fn machine(&self) -> Machine {
        Machine::this()
    }

    /// The programs with which the user is signed in to where pipelines run.
    fn ci_tools(&self) -> Tools {
        Tools::this()
    }

    /// Puts text on the clipboard. A secret is kept out of the clipboard's history.
    ///
    /// # Errors
    /// When there is no clipboard, or another program holds it; what it held may be gone.
    async fn copy(&self, text: SecretString, secret: bool) -> Result<(), ClipboardError>;

    /// Clears the clipboard if it still holds exactly this text; whether it did.
    ///
    /// # Errors
    /// When it could not be read or cleared; it may hold the text still.
    async fn clear_copied(&self, text: &SecretString) -> Result<bool, ClipboardError>;

    /// The clipboard could not be cleared, and may hold a secret still: this tells the user, in the window.
    fn clipboard_not_cleared(&self, _message: &str) {}

    /// How to start a custodian (see `custodian`) with this app's folders and keychain; none where that is not
    /// possible, and the app does its errands itself.
    fn custodian(&self) -> Option<Command> {
        None
    }

    /// How to start the process that searches this machine; none where there is no such program, as in a test of
    /// something else, and the search runs in this process. The app always has one: one that does not start is told,
    /// and nothing is searched.
    fn search_process(&self) -> Option<SearchProcess> {
        None
    }

    /// Tells the user something outside the window, where the desktop can: a headline and a sentence.
    fn notify(&self, _title: &str, _text: &str) {}

    /// A request that brings a token leaves this machine now. Until then the user may have been asked something.
    fn request_sent(&self) {}

    /// The user has said yes to deleting this key, and the request leaves as soon as the key was looked at again.
    fn deletion_confirmed(&self, _account: AccountId, _key: &KeyId) {}

    /// The service has confirmed the deletion of this key. Whether the key is gone is not proved yet.
    fn deletion_accepted(&self, _account: AccountId, _key: &KeyId) {}

    /// Where the server inside the app answers; starts it when it is not running.
    ///
    /// # Errors
    /// When it does not start.
    async fn sandbox(&self, kind: SandboxKind) -> Result<BaseUrl, SandboxError>;

    /// A fresh credential of the running sandbox, with the abilities that the app needs.
    ///
    /// # Errors
    /// When it does not start or does not answer.
    async fn sandbox_credential(&self, kind: SandboxKind) -> Result<SecretString, SandboxError>;

    /// The address of the sandbox's web screen, where its keys are; starts the server when it is not running.
    ///
    /// # Errors
    /// When it does not start.
    async fn sandbox_screen(&self, kind: SandboxKind) -> Result<String, SandboxError>;

    /// Stops the sandbox and removes its database: nobody is signed in to it any more.
    async fn discard_sandbox(&self, kind: SandboxKind);
}

impl From<SandboxError> for UiError {
    fn from(error: SandboxError) -> Self {
        Self::new(ErrorCode::Other, error.to_string(), "Try again.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_of_any_size_is_made_small_and_keeps_what_happens() {
        let huge = "word \u{202E}".repeat(10_000);
        let lines = "line\n".repeat(1_000);
        let mut paragraphs = vec![huge.clone(), lines];
        paragraphs.extend(std::iter::repeat_n(huge.clone(), 100));
        paragraphs.push("There is no undo.".to_owned());
        let question = Question {
            title: huge.clone(),
            headline: huge.clone(),
            paragraphs,
            yes: huge.clone(),
            alternative: Some(huge.clone()),
            no: huge,
        };
        let bounded = question.bounded();
        assert_eq!(bounded.paragraphs.len(), PARAGRAPHS);
        assert_eq!(bounded.paragraphs.last().unwrap(), "There is no undo.");
        for paragraph in &bounded.paragraphs {
            assert!(paragraph.lines().count() <= LINES_OF_A_PARAGRAPH);
            assert!(
                paragraph
                    .lines()
                    .all(|line| line.chars().count() <= LINE_WIDTH + 1)
            );
        }
        assert!(bounded.headline.chars().count() <= HEADLINE_WIDTH + 1);
        assert!(bounded.yes.chars().count() <= BUTTON_WIDTH + 1);
        assert_eq!(bounded.clone().bounded(), bounded);
    }
}
