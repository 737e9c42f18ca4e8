//! What each kind of keychain error means, and that no secret survives the translation.

use std::io;

use keyring::Error;

use super::from_keyring;
use crate::error::VaultError;

#[test]
fn errors_that_hold_secret_bytes_lose_them() {
    let secret = b"7|topsecret".to_vec();
    for error in [
        Error::BadEncoding(secret.clone()),
        Error::BadDataFormat(secret.clone(), Box::new(io::Error::other("topsecret"))),
    ] {
        let meant = from_keyring(error);
        let shown = format!("{meant} {meant:?}");
        assert!(!shown.contains("topsecret"), "{shown}");
        assert!(!shown.contains(&format!("{secret:?}")), "{shown}");
    }
}

#[test]
fn absence_and_ambiguity_keep_their_meaning() {
    assert_eq!(from_keyring(Error::NoEntry), VaultError::None);
    assert_eq!(
        from_keyring(Error::Ambiguous(vec![])),
        VaultError::Ambiguous
    );
}

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::Arc;

    use secret_service::Error as Service;

    use super::super::{by_name, from_secret_service};
    use super::{Error, VaultError, from_keyring, io};
    use crate::error::Missing;

    fn meant_by(error: Service) -> VaultError {
        from_keyring(Error::PlatformFailure(Box::new(error)))
    }

    #[test]
    fn the_store_wraps_the_same_cause_in_two_ways_and_both_mean_the_same() {
        assert_eq!(
            from_keyring(Error::NoStorageAccess(Box::new(Service::Locked))),
            VaultError::Locked
        );
        assert_eq!(meant_by(Service::Locked), VaultError::Locked);
    }

    #[test]
    fn a_bus_that_is_not_there_is_told_from_a_service_that_is_not() {
        let no_bus = zbus::Error::InputOutput(Arc::new(io::Error::other("reset")));
        assert_eq!(
            meant_by(Service::Zbus(no_bus)),
            VaultError::unavailable(Missing::SessionBus)
        );
        let no_service = zbus::fdo::Error::ServiceUnknown("nobody".to_owned());
        assert_eq!(
            meant_by(Service::ZbusFdo(no_service)),
            VaultError::unavailable(Missing::SecretService)
        );
        let did_not_start = zbus::fdo::Error::SpawnChildExited("1".to_owned());
        assert_eq!(
            meant_by(Service::Zbus(zbus::Error::FDO(Box::new(did_not_start)))),
            VaultError::unavailable(Missing::SecretService)
        );
    }

    #[test]
    fn errors_by_name_of_the_secret_service_itself() {
        let text = io::Error::other("some text");
        assert_eq!(
            by_name("org.freedesktop.Secret.Error.IsLocked", &text),
            VaultError::Locked
        );
        assert!(matches!(
            by_name("org.freedesktop.Secret.Error.NoSession", &text),
            VaultError::Failed { detail } if detail.contains("some text")
        ));
    }

    #[test]
    fn a_prompt_cut_off_by_a_dying_service_is_not_called_a_refusal() {
        assert!(matches!(
            from_secret_service(&Service::PromptDisconnected),
            VaultError::Failed { .. }
        ));
    }
}
