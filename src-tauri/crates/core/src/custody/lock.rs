//! A lock for each intent: who holds it is at work on it, across processes.
//!
//! A custodian holds it from before it sends until the token is safe; the app holds it while it settles the intent. The
//! files are empty. Left out: what is done under the lock (`custodian`, `reconcile`).

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// Between two attempts to get a lock that another process holds. Real time: the other process knows no other.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// The lock of an intent, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    _file: File,
}

fn file(folder: &Path, intent: Uuid) -> PathBuf {
    folder.join(intent.to_string())
}

/// Takes the lock; none when another process holds it.
///
/// # Errors
/// When the file cannot be made or locked for another reason.
pub(crate) fn claim(folder: &Path, intent: Uuid) -> io::Result<Option<Claim>> {
    std::fs::create_dir_all(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(file(folder, intent))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Claim { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The same, tried until `timeout` (real time) has passed. Blocks the thread.
///
/// # Errors
/// Those of [`claim`].
pub(crate) fn claim_within(
    folder: &Path,
    intent: Uuid,
    timeout: Duration,
) -> io::Result<Option<Claim>> {
    let end = Instant::now() + timeout;
    loop {
        let claimed = claim(folder, intent)?;
        if claimed.is_some() || Instant::now() >= end {
            return Ok(claimed);
        }
        std::thread::sleep(RETRY_INTERVAL);
    }
}

/// Removes the files of intents that are closed. One whose custodian is still at work stays.
pub(crate) fn sweep(folder: &Path, is_open: impl Fn(Uuid) -> bool) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(intent) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if !is_open(intent) && matches!(claim(folder, intent), Ok(Some(_))) {
            // An empty file that stays is swept the next time.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time_and_others_are_not_kept_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let held = claim(folder.path(), one).unwrap();
        assert!(held.is_some());
        assert!(claim(folder.path(), one).unwrap().is_none());
        assert!(
            claim_within(folder.path(), one, Duration::ZERO)
                .unwrap()
                .is_none()
        );
        assert!(claim(folder.path(), other).unwrap().is_some());
        drop(held);
        assert!(claim(folder.path(), one).unwrap().is_some());
    }

    #[test]
    fn files_of_closed_intents_are_swept_unless_somebody_is_at_work() {
        let folder = tempfile::tempdir().unwrap();
        let [open, closed, busy] = [1, 2, 3].map(Uuid::from_u128);
        let at_work = claim(folder.path(), busy).unwrap();
        for intent in [open, closed] {
            drop(claim(folder.path(), intent).unwrap());
        }
        sweep(folder.path(), |intent| intent == open);
        let left = |intent| file(folder.path(), intent).exists();
        assert!(left(open) && !left(closed) && left(busy));
        drop(at_work);
    }
}
