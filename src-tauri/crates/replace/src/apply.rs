//! The third step: the exchange, and a look at what came out of it.

use std::ffi::OsStr;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::disk::{Facts, Folder};
use crate::file::{parts, read};
use crate::pending::{Finished, Pending, Step};
use crate::refusal::Reason;

/// A file whose new content is ready. `Debug` shows no content.
pub struct Prepared {
    pub(crate) pending: Pending,
    pub(crate) folder_identity: (u64, u64),
    pub(crate) facts: Facts,
    pub(crate) written: Zeroizing<Vec<u8>>,
    /// The ranges, for a file with other names, which can't be exchanged.
    pub(crate) in_place: Option<Vec<(usize, Zeroizing<Vec<u8>>)>>,
}

/// Why the new token is not in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Somebody else has changed the file meanwhile; it is as they left it.
    Changed,
    /// It is as it was, for this reason.
    Refused(Reason),
    /// Somebody else has changed the file twice meanwhile: it is as they left it last, and what they wrote before that
    /// stands in this file.
    LeftBeside(PathBuf),
    /// It broke off in the middle: [`Pending::finish`] is to be tried again.
    Unfinished(Reason),
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

impl Prepared {
    /// What has to be written down before [`Prepared::apply`], so that nothing is left behind by a kill.
    #[must_use]
    pub fn pending(&self) -> &Pending {
        &self.pending
    }

    /// Puts the new content where the old one was. Whatever the answer, nothing of ours is left beside the file, but for
    /// [`Failure::Unfinished`].
    ///
    /// # Errors
    /// [`Failure`]: the new token is not in the file then.
    pub fn apply(self) -> Result<(), Failure> {
        match self.exchange() {
            Err(Failure::Refused(reason)) => match self.pending.finish() {
                Ok(Finished::Done) => Ok(()),
                Ok(Finished::NotDone) => Err(Failure::Refused(reason)),
                Ok(Finished::LeftBeside(path)) => Err(Failure::LeftBeside(path)),
                Err(reason) => Err(Failure::Unfinished(reason)),
            },
            other => other,
        }
    }

    fn exchange(&self) -> Result<(), Failure> {
        let (folder_path, name) = parts(&self.pending.target)?;
        let folder = Folder::open(folder_path)?;
        if folder.identity()? != self.folder_identity {
            return Err(Failure::Changed);
        }
        let opened = folder.file(name)?;
        let content = read(&opened)?;
        if opened.facts != self.facts || !self.pending.before.is_of(&content) {
            return Err(Failure::Changed);
        }
        if Folder::has_writers(&opened.facts) {
            return Err(Failure::Refused(Reason::Busy));
        }
        if let Some(ranges) = &self.in_place {
            return self.write_in_place(&folder, ranges);
        }
        let (made, exchanged) = (
            self.pending.name(Step::Making),
            self.pending.name(Step::Exchanging),
        );
        let ready = folder
            .create(&made, &self.written, &opened)
            .and_then(|()| folder.rename(&made, &exchanged))
            .and_then(|()| self.is_unchanged(&folder, name))
            .and_then(|()| folder.exchange(&exchanged, name));
        match ready {
            Ok(()) => {}
            // What is ours is removed by whoever calls this.
            Err(Reason::Gone) => {
                self.pending.finish()?;
                return Err(Failure::Changed);
            }
            Err(reason) => return Err(reason.into()),
        }
        if self.is_what_was_planned_on(&folder)? {
            folder.remove(&exchanged)?;
            return Ok(folder.sync()?);
        }
        match self.pending.put_back(&folder)? {
            Finished::LeftBeside(path) => Err(Failure::LeftBeside(path)),
            Finished::NotDone | Finished::Done => Err(Failure::Changed),
        }
    }

    /// One more look at the last moment: most of what others do is noticed without an exchange.
    fn is_unchanged(&self, folder: &Folder, name: &OsStr) -> Result<(), Reason> {
        if folder.file(name)?.facts == self.facts {
            Ok(())
        } else {
            Err(Reason::Gone)
        }
    }

    /// Whether what came out of the exchange is the file that was planned on, with that content, and nobody can write to
    /// it any more: it has no other name, and no program has it open. The cheapest question first: until it is put back,
    /// who looks sees our file in the place of theirs.
    fn is_what_was_planned_on(&self, folder: &Folder) -> Result<bool, Reason> {
        let Ok(out) = folder.file(&self.pending.name(Step::Exchanging)) else {
            return Ok(false);
        };
        if out.facts != self.facts || Folder::has_writers(&out.facts) {
            return Ok(false);
        }
        // Read after the look at who has it open: what was written before that is in it.
        Ok(self.pending.before.is_of(&read(&out)?))
    }

    /// Each range by itself, so that each holds the old token or the new one at every instant.
    fn write_in_place(
        &self,
        folder: &Folder,
        ranges: &[(usize, Zeroizing<Vec<u8>>)],
    ) -> Result<(), Failure> {
        let (_, name) = parts(&self.pending.target)?;
        for (offset, bytes) in ranges {
            folder.write_at(name, *offset as u64, bytes, &self.facts)?;
        }
        let now = read(&folder.file(name)?)?;
        if self.pending.after.is_of(&now) {
            Ok(())
        } else {
            Err(Failure::Changed)
        }
    }
}
