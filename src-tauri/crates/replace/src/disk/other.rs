//! A system without an exchange of files that safe code can ask for: nothing is written, and the answer says so.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::path::Path;

use crate::disk::facts::{Facts, Opened};
use crate::refusal::Reason;

/// A folder that can't be opened.
#[derive(Debug)]
pub(crate) struct Folder(Infallible);

impl Folder {
    pub(crate) fn open(_: &Path) -> Result<Self, Reason> {
        Err(Reason::System)
    }

    pub(crate) fn file(&self, _: &OsStr) -> Result<Opened, Reason> {
        match self.0 {}
    }

    pub(crate) fn identity(&self) -> Result<(u64, u64), Reason> {
        match self.0 {}
    }

    pub(crate) fn check(&self, _: &OsStr, _: &Opened) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn rehearse(&self, _: &Opened, _: u64, _: [&OsStr; 2]) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn create(&self, _: &OsStr, _: &[u8], _: &Opened) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn rename(&self, _: &OsStr, _: &OsStr) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn exchange(&self, _: &OsStr, _: &OsStr) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn remove(&self, _: &OsStr) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn write_at(&self, _: &OsStr, _: u64, _: &[u8], _: &Facts) -> Result<(), Reason> {
        match self.0 {}
    }

    pub(crate) fn has_writers(_: &Facts) -> bool {
        false
    }

    pub(crate) fn sync(&self) -> Result<(), Reason> {
        match self.0 {}
    }
}
