//! Starting the app of a test.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pulse_keys_core::folders::Folders;
use pulse_keys_core::{PulseKeys, StartError};
use pulseapi::Options;
use vault::Vault;

use crate::keychain::Keychain;
use crate::test_host::TestHost;
use crate::time::Time;

/// Starts the app in this folder, with this keychain, or with none for this session.
pub(crate) fn start(
    folder: &Path,
    keychain: Option<&Keychain>,
    host: &Arc<TestHost>,
    time: &Arc<Time>,
) -> PulseKeys {
    try_start(folder, keychain, host, time).unwrap()
}

/// The same, where it may fail.
pub(crate) fn try_start(
    folder: &Path,
    keychain: Option<&Keychain>,
    host: &Arc<TestHost>,
    time: &Arc<Time>,
) -> Result<PulseKeys, StartError> {
    let vault = keychain.map_or_else(Vault::session_only, Keychain::vault);
    let options = Options {
        clock: time.clone(),
        total_timeout: Duration::from_secs(2),
        token_timeout: Duration::from_secs(2),
        ..Options::default()
    };
    PulseKeys::start(
        &Folders::below(folder),
        vault,
        host.clone(),
        options,
        "0.0.0-test",
    )
}
