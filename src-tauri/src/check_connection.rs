//! `--check-connection`: the connection report of an account on standard output, without a window.
//!
//! It ends with 0 where everything is as it should be, 1 where something is not, and 2 where no account is called that.
//! Left out: the report itself (`pulse_keys_core::check_account`).

use std::process::ExitCode;

use pulse_keys_core::folders::Folders;
use pulse_keys_core::{Checked, check_account};
use vault::Vault;

/// As for options that are not understood.
const USAGE: u8 = 2;

/// Looks, and tells.
pub(crate) fn run(account: &str) -> ExitCode {
    let folders = match Folders::of_this_user() {
        Ok(folders) => folders,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let (vault, options) = (Vault::keychain(), pulseapi::Options::default());
    let version = env!("CARGO_PKG_VERSION");
    let looking = check_account(&folders, &vault, options, version, account);
    match tauri::async_runtime::block_on(looking) {
        Checked::Report { text, is_well } => {
            print!("{text}");
            if is_well {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Checked::Trouble(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
        Checked::NoSuchAccount => {
            eprintln!("No account has this name or id. Give one as Accounts shows it.");
            ExitCode::from(USAGE)
        }
    }
}
