//! What the leaves report, told to a user: what happened, what state things are in now, what to do.
//!
//! One table for each place an error can surface in. Left out: how the page lays it out.

use pulseapi::{Error as ApiError, Mismatch};
use vault::VaultError;

use crate::base::database::DatabaseError;
use crate::base::error::{ErrorCode, UiError};
use crate::base::text::exact;

impl UiError {
    /// An error in words.
    pub(crate) fn new(
        code: ErrorCode,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The account is not on the list any more.
    pub(crate) fn stale() -> Self {
        Self::new(
            ErrorCode::Stale,
            "You are signed out of this account.",
            "Choose another account.",
        )
    }

    /// The same error, told as what it means for a key that was to be deleted.
    pub(crate) fn and_the_key_is_alive(mut self) -> Self {
        self.message = format!("{} The key was not deleted.", self.message);
        self
    }
}

const PLANS_WITH_API: &str = "API access needs a Starter, Professional or Team plan.";

/// What to do about a description of a server that can't be used.
const FIX_CONTRACT: &str = "Nothing was sent. Fix the file in the configuration folder, or move it away, and start Pulse Keys again.";

/// What to do where the server is described as one without the call.
const NOT_OFFERED: &str = "Nothing was sent. Do it on the service's own web screen, or change contract.toml if it is wrong.";

const SEE_PLAN: &str = "PulseAPI’s own settings show what the plan of this account allows.";

/// When a question that this error left open is asked again.
pub(crate) fn asked_again(error: &UiError) -> &'static str {
    match error.code {
        ErrorCode::Unauthorized => "Pulse Keys asks again once the credential is replaced.",
        _ => "Pulse Keys asks again at the next refresh.",
    }
}

/// An error of the service, while signing in.
pub(crate) fn while_connecting(error: &ApiError) -> UiError {
    let (code, hint) = match error {
        ApiError::Unauthorized => (
            ErrorCode::Credential,
            "Copy it again, or create a new key under Settings → API Keys.",
        ),
        ApiError::PlanWithoutApi { .. } => (ErrorCode::Credential, PLANS_WITH_API),
        ApiError::PlanLimit { .. } => (ErrorCode::Credential, SEE_PLAN),
        ApiError::MissingAbility { .. } | ApiError::Forbidden { .. } => (
            ErrorCode::Credential,
            "Use a key with the ability api-keys:manage, or with all abilities.",
        ),
        ApiError::NotPulseApi {
            reason: Mismatch::SignIn { .. },
        } => (
            ErrorCode::Credential,
            "This is how many servers refuse a token: copy it again. If it is right, check the address.",
        ),
        ApiError::NotPulseApi {
            reason: Mismatch::Html | Mismatch::NoKeyEndpoints,
        } => (
            ErrorCode::Address,
            "Check the address: PulseAPI documents https://api.pulseapi.io/v1. If it is right, check the token: some \
             servers answer a refused one with a web page.",
        ),
        ApiError::Offline { .. } | ApiError::Timeout { .. } | ApiError::ConnectionLost { .. } => (
            ErrorCode::Offline,
            "Check the address and your connection, then try again. Nothing was stored.",
        ),
        ApiError::Tls { .. } => (
            ErrorCode::Address,
            "The credential was not sent. Check the address, and this machine's clock and certificates.",
        ),
        ApiError::Contract { .. } => (ErrorCode::Address, FIX_CONTRACT),
        ApiError::NotOffered { .. } => (ErrorCode::Address, NOT_OFFERED),
        ApiError::NotFound
        | ApiError::NotPulseApi { .. }
        | ApiError::BodyTooLarge { .. }
        | ApiError::Rejected { .. } => (
            ErrorCode::Address,
            "Check the address: PulseAPI documents https://api.pulseapi.io/v1.",
        ),
        ApiError::RateLimited { .. } => (
            ErrorCode::RateLimited,
            "Try again then. Nothing was stored.",
        ),
        ApiError::Server { .. }
        | ApiError::Conflict { .. }
        | ApiError::Invalid { .. }
        | ApiError::NotFinished { .. } => (
            ErrorCode::Other,
            "Try again in a few minutes. Nothing was stored.",
        ),
    };
    UiError::new(code, message(error), hint)
}

/// An error of the service, in the account's everyday work.
pub(crate) fn at_work(error: &ApiError) -> UiError {
    let (code, hint) = match error {
        ApiError::Unauthorized => (ErrorCode::Unauthorized, "Sign in again with a working key."),
        ApiError::PlanWithoutApi { .. } => (ErrorCode::Other, PLANS_WITH_API),
        ApiError::PlanLimit { .. } => (ErrorCode::Other, SEE_PLAN),
        ApiError::NotPulseApi {
            reason: Mismatch::SignIn { .. },
        } => (
            ErrorCode::Unauthorized,
            "This is how many servers refuse a token. Sign in again with a working key.",
        ),
        ApiError::MissingAbility { .. } | ApiError::Forbidden { .. } => (
            ErrorCode::Other,
            "Sign in with a key that has the ability api-keys:manage.",
        ),
        ApiError::Offline { .. } | ApiError::Timeout { .. } | ApiError::ConnectionLost { .. } => {
            (ErrorCode::Offline, "Check your connection, then try again.")
        }
        ApiError::Tls { .. } => (
            ErrorCode::Offline,
            "Check this machine's clock and certificates. Nothing was sent.",
        ),
        ApiError::Contract { .. } => (ErrorCode::Other, FIX_CONTRACT),
        ApiError::NotOffered { .. } => (ErrorCode::Other, NOT_OFFERED),
        ApiError::RateLimited { .. } => (ErrorCode::RateLimited, "Try again then."),
        ApiError::NotFound | ApiError::NotFinished { .. } => {
            (ErrorCode::Other, "Refresh the list.")
        }
        ApiError::Rejected { status: 405, .. } => (
            ErrorCode::Other,
            "This service does not let programs do that. Do it in the browser, under Settings → API Keys.",
        ),
        _ => (ErrorCode::Other, "Try again in a few minutes."),
    };
    UiError::new(code, message(error), hint)
}

/// The client's own sentence, but for the ones that people read a time from.
fn message(error: &ApiError) -> String {
    match error {
        ApiError::RateLimited { until } => {
            format!("PulseAPI asks to wait until {}.", exact(*until))
        }
        other => other.to_string().trim().to_owned(),
    }
}

impl From<VaultError> for UiError {
    fn from(error: VaultError) -> Self {
        let (code, hint) = match error {
            VaultError::None | VaultError::Ambiguous => (ErrorCode::Unauthorized, ""),
            VaultError::Unavailable { .. } => (
                ErrorCode::Keychain,
                "Or go on without a keychain: credentials are then kept until you close the app.",
            ),
            VaultError::Locked | VaultError::Denied | VaultError::Failed { .. } => {
                (ErrorCode::Keychain, "")
            }
        };
        Self::new(code, error.to_string(), hint)
    }
}

impl From<DatabaseError> for UiError {
    fn from(error: DatabaseError) -> Self {
        Self::new(
            ErrorCode::Other,
            error.to_string(),
            "Check that the disk has space, then try again.",
        )
    }
}

/// A request for a change left, and the app's own files failed when what became of it was to be written down. Its intent is
/// still open.
pub(crate) fn sent_but_not_written(error: &UiError) -> UiError {
    UiError::new(
        error.code,
        format!(
            "{} The request had been sent. What became of it is not written down yet.",
            error.message
        ),
        "Pulse Keys asks for it at the next refresh and at the next start. It will not send the request twice.",
    )
}

/// The account list could not be written.
pub(crate) fn accounts_not_written(error: &std::io::Error) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("The list of accounts could not be written: {error}. Nothing was changed."),
        "Check that the disk has space and the folder may be written, then try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_at_sign_in_stands_at_the_field_that_can_mend_it() {
        let ability = ApiError::MissingAbility {
            message: String::new(),
        };
        assert_eq!(
            while_connecting(&ApiError::Unauthorized).code,
            ErrorCode::Credential
        );
        assert_eq!(while_connecting(&ability).code, ErrorCode::Credential);
        assert_eq!(
            while_connecting(&ApiError::NotFound).code,
            ErrorCode::Address
        );
        let offline = ApiError::Offline {
            detail: "connection refused".to_owned(),
        };
        assert_eq!(while_connecting(&offline).code, ErrorCode::Offline);
    }

    #[test]
    fn a_wait_is_told_as_a_time_a_user_can_read() {
        let until = "2026-11-22T14:03:00Z".parse().unwrap();
        let told = at_work(&ApiError::RateLimited { until });
        assert_eq!(
            told.message,
            "PulseAPI asks to wait until 22 Nov 2026 14:03:00 UTC."
        );
    }
}
