//! What the use cases ask of whoever runs them: a person's yes or no, and the server inside the app.
//!
//! The questions are narrow on purpose. The shell answers them with native dialogs and the real sandbox, tests
//! with a script. No use case deletes or signs out without having asked here, so nothing in the window can skip
//! the question.

use async_trait::async_trait;
use pulseapi::BaseUrl;
use secrecy::SecretString;
use thiserror::Error;

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
    /// The button that says no, the default.
    pub no: String,
}

/// Why the server inside the app did not start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The sandbox could not be started: {reason}.")]
pub struct SandboxError {
    /// What the server said, in words.
    pub reason: String,
}

/// The host of the use cases.
#[async_trait]
pub trait Host: Send + Sync {
    /// Asks the person. Anything but an explicit yes is no.
    async fn confirm(&self, question: Question) -> bool;

    /// Where the server inside the app answers; starts it when it is not running.
    ///
    /// # Errors
    /// When it does not start.
    async fn sandbox(&self) -> Result<BaseUrl, SandboxError>;

    /// A fresh credential of the running sandbox, with the abilities that the app needs.
    ///
    /// # Errors
    /// When it does not start or does not answer.
    async fn sandbox_credential(&self) -> Result<SecretString, SandboxError>;

    /// Stops the sandbox and removes its database: nobody is signed in to it any more.
    async fn discard_sandbox(&self);
}
