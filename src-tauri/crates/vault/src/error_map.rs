//! From what keychains report to what it means: the only place that reads their errors.
//!
//! By variant or error name, never by message text. keyring's own `Debug` and some of its variants
//! hold bytes of the secret; those are wiped here and never printed.

use keyring::Error;
use secrecy::zeroize::Zeroize;

use crate::error::{Missing, VaultError};

type Cause = dyn std::error::Error + Send + Sync + 'static;

pub(crate) fn from_keyring(error: Error) -> VaultError {
    match error {
        Error::NoEntry => VaultError::None,
        Error::Ambiguous(_) => VaultError::Ambiguous,
        // The one thing that the Windows store reports so; the other stores' causes say more.
        Error::NoStorageAccess(_) if cfg!(windows) => {
            VaultError::unavailable(Missing::LogonSession)
        }
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => {
            from_platform(cause.as_ref())
        }
        Error::BadEncoding(mut bytes) => {
            bytes.zeroize();
            VaultError::failed("what it holds under this name is not text")
        }
        Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            VaultError::failed("what it holds under this name is damaged")
        }
        Error::BadStoreFormat(_) => VaultError::failed("its own data is damaged"),
        Error::TooLong(attribute, limit) => VaultError::failed(format!(
            "it allows at most {limit} characters for the {attribute}"
        )),
        Error::NoDefaultStore => VaultError::unavailable(Missing::Platform),
        Error::NotSupportedByStore(_) | Error::Invalid(..) => {
            VaultError::failed("it does not support this call")
        }
        // The enum may grow; its Debug may hold the secret, so nothing of it is passed on.
        _ => VaultError::failed("it answered with an error this version doesn't know"),
    }
}

#[cfg(target_os = "linux")]
fn from_platform(cause: &Cause) -> VaultError {
    cause.downcast_ref::<secret_service::Error>().map_or_else(
        || VaultError::failed(cause.to_string()),
        from_secret_service,
    )
}

/// The Secret Service's answers, <https://specifications.freedesktop.org/secret-service/latest/>.
#[cfg(target_os = "linux")]
pub(crate) fn from_secret_service(error: &secret_service::Error) -> VaultError {
    use secret_service::Error as Service;
    match error {
        Service::Unavailable => VaultError::unavailable(Missing::SessionBus),
        Service::NoResult => VaultError::unavailable(Missing::LoginKeyring),
        // The service reports a prompt that could not be shown and one that was dismissed alike;
        // what differs is whether there was anywhere to show it.
        Service::Prompt if crate::prompt_display::can_ask() => VaultError::Denied,
        Service::Prompt | Service::Locked => VaultError::Locked,
        Service::Zbus(error) => from_bus(error),
        Service::ZbusFdo(error) => from_standard_error(error),
        other => VaultError::failed(other.to_string()),
    }
}

#[cfg(target_os = "linux")]
pub(crate) fn from_bus(error: &zbus::Error) -> VaultError {
    use zbus::Error as Bus;
    match error {
        Bus::Address(_) | Bus::Connection(..) | Bus::Handshake(_) | Bus::InputOutput(_) => {
            VaultError::unavailable(Missing::SessionBus)
        }
        Bus::MethodError(name, ..) => by_name(name, error),
        Bus::FDO(error) => from_standard_error(error),
        other => VaultError::failed(other.to_string()),
    }
}

#[cfg(target_os = "linux")]
fn from_standard_error(error: &zbus::fdo::Error) -> VaultError {
    match error {
        zbus::fdo::Error::ZBus(error) => from_bus(error),
        other => by_name(&zbus::DBusError::name(other), other),
    }
}

/// D-Bus errors are told apart by name, as its specification wants it; the text is for humans.
#[cfg(target_os = "linux")]
fn by_name(name: &str, error: &Cause) -> VaultError {
    match name {
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
            VaultError::unavailable(Missing::SecretService)
        }
        // Installed and registered, but it did not start.
        name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => {
            VaultError::unavailable(Missing::SecretService)
        }
        "org.freedesktop.DBus.Error.AccessDenied" => VaultError::Denied,
        "org.freedesktop.Secret.Error.IsLocked" => VaultError::Locked,
        _ => VaultError::failed(error.to_string()),
    }
}

/// Codes from Apple's `SecBase.h`.
#[cfg(target_os = "macos")]
fn from_platform(cause: &Cause) -> VaultError {
    let Some(error) = cause.downcast_ref::<security_framework::base::Error>() else {
        return VaultError::failed(cause.to_string());
    };
    match error.code() {
        // errSecUserCanceled, errSecAuthFailed, errSecWrPerm, errSecInvalidOwnerEdit
        -128 | -25293 | -61 | -25244 => VaultError::Denied,
        // errSecInteractionNotAllowed, errSecInteractionRequired: locked, and no way to ask
        -25308 | -25315 => VaultError::Locked,
        // errSecNotAvailable, errSecNoSuchKeychain, errSecInvalidKeychain, errSecNoDefaultKeychain
        -25291 | -25294 | -25295 | -25307 => VaultError::unavailable(Missing::LoginKeyring),
        _ => VaultError::failed(error.to_string()),
    }
}

/// The Windows store keeps its error type to itself; its text is the error's name or number.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn from_platform(cause: &Cause) -> VaultError {
    VaultError::failed(cause.to_string())
}

#[cfg(test)]
#[path = "error_map_tests.rs"]
mod tests;
