//! What can go wrong with a keychain, by meaning, in words that tell the user what to do.
//!
//! No variant ever carries bytes of a secret. The mapping from what the platforms report is in
//! `error_map`.

/// Why a secret could not be kept, read or removed.
///
/// `Display` is one or two sentences for the user: what is the matter, and what to do on this
/// platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no keychain to talk to. Offer the session-only vault.
    #[error("{missing}")]
    Unavailable {
        /// The part that is not there.
        missing: Missing,
    },

    /// There is a keychain, it is locked, and nothing here can ask the user to unlock it.
    #[error(
        "The keychain is locked and can't ask for its password here. Unlock it in your desktop's \
         password program, then try again."
    )]
    Locked,

    /// The user dismissed the keychain's question, or the keychain refused this app.
    #[error("The keychain was not unlocked for Pulse Keys. Try again and allow the access.")]
    Denied,

    /// Several secrets carry this name, so none can be called the right one.
    /// Storing again replaces them all; forgetting removes them all.
    #[error(
        "The keychain holds more than one credential for this account. Sign in again to replace \
         them with one."
    )]
    Ambiguous,

    /// Nothing is kept under this name.
    #[error("The keychain holds no credential for this account. Sign in again.")]
    None,

    /// Anything else. Trying again may help; the vault opens the keychain anew each time.
    #[error("The keychain failed: {detail}.")]
    Failed {
        /// What the platform said; never part of a secret.
        detail: String,
    },
}

impl VaultError {
    pub(crate) fn unavailable(missing: Missing) -> VaultError {
        VaultError::Unavailable { missing }
    }

    pub(crate) fn failed(detail: impl Into<String>) -> VaultError {
        VaultError::Failed {
            detail: detail.into(),
        }
    }
}

/// The part of a keychain that is not there.
///
/// `Display` says what is missing and what to install or start. Every platform's wording is
/// compiled everywhere, each variant belongs to the platforms it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Linux: no D-Bus session bus, so no program can be reached at all.
    SessionBus,
    /// Linux: a bus, but no program that keeps secrets (`org.freedesktop.secrets`).
    SecretService,
    /// Linux and macOS: the program is there, but has no keyring to put secrets in, and none could
    /// be made.
    LoginKeyring,
    /// Windows: the process runs without a logon session (a service, a network logon).
    LogonSession,
    /// This platform's keychain is not known to the app.
    Platform,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Missing::SessionBus => {
                "There is no D-Bus session bus, so no keychain can be reached. Start Pulse Keys \
                 from a desktop session, or with dbus-run-session (Debian and Fedora: package \
                 dbus-daemon; Arch: dbus)."
            }
            Missing::SecretService => {
                "No program on this desktop keeps secrets (nothing answers as \
                 org.freedesktop.secrets). Install one and sign in to the desktop again: GNOME \
                 Keyring (Debian, Fedora, Arch: gnome-keyring), KWallet (Debian: kwalletmanager; \
                 Fedora: kf6-kwallet; Arch: kwallet), or KeePassXC (keepassxc) with its Secret \
                 Service integration turned on."
            }
            Missing::LoginKeyring if cfg!(target_os = "macos") => {
                "There is no login keychain to keep secrets in. Open Keychain Access, choose \
                 Settings, Reset Default Keychains, then try again."
            }
            Missing::LoginKeyring => {
                "The desktop's password program has no default keyring, and could not ask for one \
                 to be made. Make one in Passwords and Keys (Debian, Fedora, Arch: seahorse), or \
                 open a wallet or database in the program you use, then try again."
            }
            Missing::LogonSession => {
                "Windows gives this process no logon session, so Credential Manager can't be \
                 used. Start Pulse Keys as a signed-in user."
            }
            Missing::Platform => "Pulse Keys knows no keychain on this operating system.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Missing, VaultError};

    #[test]
    fn what_is_missing_on_linux_comes_with_the_packages_to_install() {
        let text = VaultError::unavailable(Missing::SecretService).to_string();
        for package in [
            "gnome-keyring",
            "kwalletmanager",
            "kf6-kwallet",
            "keepassxc",
        ] {
            assert!(text.contains(package), "{package} is not named in: {text}");
        }
    }

    #[test]
    fn every_missing_part_says_what_to_do_or_that_nothing_can_be_done() {
        for missing in [
            Missing::SessionBus,
            Missing::SecretService,
            Missing::LoginKeyring,
            Missing::LogonSession,
        ] {
            let text = missing.to_string();
            assert!(
                text.matches(". ").count() >= 1,
                "only states the problem: {text}"
            );
        }
    }
}
