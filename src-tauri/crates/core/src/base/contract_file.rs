//! The user's description of a server, in a file of the configuration folder (`pulseapi::Contract`).
//!
//! It is read at the start. One that can't be used takes the built-in contract out of use too: a server that the user
//! describes must not be met as if it were another. Left out: what may stand in it.

use std::io::{self, Read as _};
use std::path::Path;

use pulseapi::{Contract, ContractError, Options};

/// More than the longest file that is read, in bytes; a contract refuses what is longer.
const MAX_READ_BYTES: u64 = 1024 * 1024;

/// The same options, with what the file says of servers.
pub(crate) fn applied(path: &Path, options: Options) -> Options {
    match read(path) {
        Some(contract) => Options {
            contract,
            ..options
        },
        None => options,
    }
}

/// What the file says; nothing where there is none.
fn read(path: &Path) -> Option<Contract> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = match text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            let reason = format!("it can't be read: {error}");
            return Some(Contract::refused(ContractError::unreadable(&name, reason)));
        }
    };
    let read = Contract::read(&text, &name).unwrap_or_else(Contract::refused);
    if let Some(problem) = read.problem() {
        tracing::error!("{problem}");
    }
    Some(read)
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(MAX_READ_BYTES).read_to_string(&mut text)?;
    Ok(text)
}
