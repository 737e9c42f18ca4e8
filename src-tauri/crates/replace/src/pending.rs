//! What a kill in the middle leaves behind, and how that is ended at the next start.
//!
//! Two names: under the first stands what is ours and nobody else's, whole or not. Under the second stands a whole file
//! of ours until the exchange, and after it what came out. So the content under the second name tells how far it came.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::disk::Folder;
use crate::file::{own_name, parts, read};
use crate::refusal::Reason;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The new file is written.
    Making,
    /// It is whole, and is exchanged with the other one.
    Exchanging,
}

/// What is under way with a file: to be written down before, and forgotten after. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    id: Uuid,
    pub(crate) target: PathBuf,
    pub(crate) before: Print,
    pub(crate) after: Print,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The file has the old token: it had not come to the exchange, or somebody else has changed the file since.
    NotDone,
    /// The file has the new token.
    Done,
    /// The file is as somebody else left it last, and what they wrote before that stands in this file.
    LeftBeside(PathBuf),
}

/// What a content is known by. Salted: a file may hold nothing but a token, and what a token is known by is the
/// service's own secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Print {
    salt: Uuid,
    digest: String,
}

impl Print {
    pub(crate) fn of(content: &[u8]) -> Self {
        let salt = Uuid::new_v4();
        Self {
            salt,
            digest: digest(salt, content),
        }
    }

    pub(crate) fn is_of(&self, content: &[u8]) -> bool {
        digest(self.salt, content) == self.digest
    }
}

fn digest(salt: Uuid, content: &[u8]) -> String {
    let digest = Sha256::new()
        .chain_update(salt.as_bytes())
        .chain_update(content);
    hex::encode(digest.finalize())
}

impl Pending {
    pub(crate) fn new(target: PathBuf, before: &[u8], after: &[u8]) -> Self {
        Self {
            id: Uuid::new_v4(),
            target,
            before: Print::of(before),
            after: Print::of(after),
        }
    }

    /// The file.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Ends what a kill left in the middle: afterwards nothing of ours stands beside the file.
    ///
    /// # Errors
    /// Why it can't be ended now; it is to be tried again.
    pub fn finish(&self) -> Result<Finished, Reason> {
        let (folder_path, name) = parts(&self.target)?;
        let folder = match Folder::open(folder_path) {
            // With its folder all that was in it is gone.
            Err(Reason::Gone) => return Ok(Finished::NotDone),
            other => other?,
        };
        match folder.remove(&self.name(Step::Making)) {
            Ok(()) | Err(Reason::Gone) => {}
            Err(reason) => return Err(reason),
        }
        let content = |name| -> Result<_, Reason> {
            match folder.file(name) {
                Ok(opened) => Ok(Some(read(&opened)?)),
                Err(Reason::Gone) => Ok(None),
                Err(reason) => Err(reason),
            }
        };
        let exchanging = self.name(Step::Exchanging);
        if let Some(out) = content(&exchanging)? {
            let is_ours = self.after.is_of(&out);
            if !is_ours && !self.before.is_of(&out) {
                // Somebody else's: the exchange took it out of its place.
                return self.put_back(&folder);
            }
            folder.remove(&exchanging)?;
        }
        folder.sync()?;
        let now = content(name)?;
        Ok(match now {
            Some(now) if self.after.is_of(&now) => Finished::Done,
            _ => Finished::NotDone,
        })
    }

    /// Exchanges back what somebody else wrote meanwhile, and removes our own file. What they wrote last is what stays.
    pub(crate) fn put_back(&self, folder: &Folder) -> Result<Finished, Reason> {
        let (folder_path, name) = parts(&self.target)?;
        let exchanging = self.name(Step::Exchanging);
        let is_ours = |name| -> Result<bool, Reason> {
            match folder.file(name) {
                Ok(opened) => Ok(self.after.is_of(&read(&opened)?)),
                // Whatever it is, it is not ours.
                Err(Reason::Special | Reason::Gone) => Ok(false),
                Err(reason) => Err(reason),
            }
        };
        if is_ours(name)? {
            folder.exchange(&exchanging, name)?;
            if is_ours(&exchanging)? {
                folder.remove(&exchanging)?;
                folder.sync()?;
                return Ok(Finished::NotDone);
            }
            // Changed once more in between: the newer one belongs in the place.
            folder.exchange(&exchanging, name)?;
        }
        Ok(Finished::LeftBeside(folder_path.join(exchanging)))
    }

    pub(crate) fn name(&self, step: Step) -> OsString {
        own_name(
            &self.id,
            match step {
                Step::Making => ".new",
                Step::Exchanging => ".old",
            },
        )
    }
}
