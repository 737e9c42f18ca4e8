//! A token that has just been issued, and the custodian that may hold it too.

use std::process::{Child, ChildStdin};

use pulseapi::{ApiKey, BearerToken};

use crate::custody::protocol;

/// A token that a write brought.
pub(crate) struct IssuedToken {
    pub(crate) key: Option<ApiKey>,
    pub(crate) request_id: Option<String>,
    pub(crate) token: BearerToken,
    /// Whether the keychain has it already.
    pub(crate) is_kept: bool,
    /// The process that has it too, when the keychain refused it.
    pub(crate) keeper: Option<Keeper>,
}

impl IssuedToken {
    /// A token that the keychain has, found there.
    pub(crate) fn in_keychain(token: BearerToken) -> Self {
        Self {
            key: None,
            request_id: None,
            token,
            is_kept: true,
            keeper: None,
        }
    }
}

/// A custodian that keeps a token which the keychain refused. When this is dropped without a release, or this process
/// ends, it goes on to ask the keychain by itself.
pub(crate) struct Keeper {
    pub(crate) input: ChildStdin,
    pub(crate) child: Child,
}

impl Keeper {
    /// The token is safe elsewhere, or nobody needs it any more.
    pub(crate) fn release(self) {
        let Self {
            mut input,
            mut child,
        } = self;
        if let Err(error) = protocol::write_release(&mut input) {
            tracing::debug!("the custodian was gone already: {error}");
        }
        drop(input);
        // It ends at once. Waited for, so that no dead process is left behind.
        std::thread::spawn(move || child.wait());
    }
}
