//! The lines between the app and its custodian, written and read.
//!
//! The app sends two lines: the request, and the credential or, where nothing is to be sent, the token itself. One line
//! comes back: what came of it; and a second one with
//! the token, only when the keychain refused it. Then the custodian keeps the token too, until the app sends the line
//! `release`. When its input ends without that line, the app is gone.

use std::io;

use pulseapi::{
    ApiKey, BaseUrl, BearerToken, Client, Contract, Error as ApiError, IdempotencyKey, KeyId,
    NewKey, NewToken,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::ids::AccountId;

/// The line by which the app says that its custodian need not keep the token any more.
const RELEASE: &str = "release";

/// What brings a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Nothing is sent: the user has pasted it, and it comes in the second line.
    Keep,
    /// A write at the service.
    Send(Write),
}

/// A write that brings a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Write {
    /// `POST /api-keys`.
    Create(NewKey),
    /// `POST /api-keys/{id}/rotate`.
    Rotate(KeyId),
}

impl Write {
    /// Sends it, once.
    pub(crate) async fn send(&self, client: &Client, intent: Uuid) -> Result<NewToken, ApiError> {
        let idempotency = IdempotencyKey::from(intent);
        match self {
            Self::Create(new) => client.create_key(new, idempotency).await,
            Self::Rotate(id) => client.rotate_key(id, idempotency).await,
        }
    }
}

/// What the custodian is to do; the credential, or the token that is to be kept, comes beside it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) base: BaseUrl,
    /// The app's, whatever its file says by now.
    pub(crate) contract: Contract,
    pub(crate) account: AccountId,
    pub(crate) intent: Uuid,
    /// The key's name, for notifications.
    pub(crate) name: String,
    pub(crate) task: Task,
}

/// What came of a request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum WorkerReply {
    /// A token came, and is in the keychain.
    Kept(Arrived),
    /// A token came, and the keychain refused it: it is in the second line.
    Refused(Arrived),
    /// No token came.
    Failed(ApiError),
}

/// What arrived beside the token.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub(crate) key: Option<ApiKey>,
    pub(crate) request_id: Option<String>,
}

/// Hands a request over.
///
/// # Errors
/// When the other side is gone.
pub(crate) fn write_request(
    mut out: impl io::Write,
    request: &Request,
    secret: &BearerToken,
) -> io::Result<()> {
    let mut lines = serde_json::to_vec(request)?;
    lines.push(b'\n');
    out.write_all(&lines)?;
    out.write_all(secret.secret().expose_secret().as_bytes())?;
    // The request counts once this last byte is there.
    out.write_all(b"\n")
}

/// Takes a request over.
///
/// # Errors
/// When it is not whole.
pub(crate) fn read_request(mut input: impl io::BufRead) -> io::Result<(Request, BearerToken)> {
    let mut request = String::new();
    input.read_line(&mut request)?;
    let mut credential = String::new();
    input.read_line(&mut credential)?;
    let credential = SecretString::from(credential);
    let request = serde_json::from_str(&request)?;
    let token = BearerToken::parse(credential.expose_secret()).map_err(io::Error::other)?;
    Ok((request, token))
}

/// Says what came of a request, with the token that the keychain refused.
///
/// # Errors
/// When the other side is gone.
pub(crate) fn write_reply(
    mut out: impl io::Write,
    reply: &WorkerReply,
    token: Option<&SecretString>,
) -> io::Result<()> {
    serde_json::to_writer(&mut out, reply)?;
    out.write_all(b"\n")?;
    if let Some(token) = token {
        out.write_all(token.expose_secret().as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Hears what came of a request. Without the end of its line a token may be cut off, and there is none.
///
/// # Errors
/// When the other side ended without a whole reply.
pub(crate) fn read_reply(
    mut input: impl io::BufRead,
) -> io::Result<(WorkerReply, Option<SecretString>)> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let reply = serde_json::from_str(&line)?;
    if !matches!(reply, WorkerReply::Refused(_)) {
        return Ok((reply, None));
    }
    let mut token = String::new();
    input.read_line(&mut token)?;
    let token = token
        .ends_with('\n')
        .then(|| SecretString::from(token.trim_end()));
    Ok((reply, token))
}

/// Says that the token need not be kept any more.
///
/// # Errors
/// When the custodian is gone already.
pub(crate) fn write_release(mut out: impl io::Write) -> io::Result<()> {
    writeln!(out, "{RELEASE}")
}

/// Waits for the app's word, or its end. Whether it was its word. Blocks.
pub(crate) fn is_released(mut input: impl io::BufRead) -> bool {
    let mut line = String::new();
    input.read_line(&mut line).is_ok() && line.trim_end() == RELEASE
}
