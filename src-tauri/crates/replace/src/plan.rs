//! The first step: what would be done to a file, and whatever could fail later, tried. The file is not changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::apply::Prepared;
use crate::disk::{Facts, Folder, Opened};
use crate::file::{OWN, own_name, parts, read};
use crate::kinds;
use crate::pending::{Pending, Print};
use crate::refusal::Reason;
use crate::spelling::{self, Encoding, Spot};
use crate::token::{NewToken, OldToken};
use crate::version_control::{self, VersionControl};

/// How many bytes more than the file has there must be room for: the new token may be longer.
const SPARE_BYTES: u64 = 4096;

/// What the name of a file ends with that only tries something.
const PROBE: &str = ".probe";

/// Something that a file is only written with, after somebody has said yes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// It has other names as well: it is written as it is, and all of them see it.
    HardLinks,
    /// It is outside the folders that are searched, or a link leads out of them.
    Outside,
}

/// What would be done to a file. It holds no secret.
#[derive(Debug)]
pub struct Plan {
    path: PathBuf,
    target: PathBuf,
    folder_identity: (u64, u64),
    facts: Facts,
    print: Print,
    spots: Vec<Spot>,
    consents: BTreeSet<Consent>,
    version_control: Option<VersionControl>,
}

/// Finds the old token in a file, and tries whatever could fail later. `roots` are the folders that may be written into
/// without being asked about.
///
/// # Errors
/// Why the file is not written.
pub fn look(path: &Path, old: &OldToken, roots: &[PathBuf]) -> Result<Plan, Reason> {
    if let Some(reason) = kinds::never(path) {
        return Err(reason);
    }
    let target = path.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => Reason::NotReadable,
        _ => Reason::Gone,
    })?;
    if let Some(reason) = kinds::never(&target) {
        return Err(reason);
    }
    let (folder_path, name) = parts(&target)?;
    let folder = Folder::open(folder_path)?;
    let opened = folder.file(name)?;
    let content = read(&opened)?;
    let found = spelling::find(&content, old, None).map_err(|_| Reason::Split)?;
    if found.is_empty() {
        return Err(Reason::NotThere);
    }
    let spots = spelling::spots(&content, &found);
    let wide = spots.iter().all(|spot| spot.encoding == Encoding::Utf16);
    if let Some(reason) = kinds::is_binary(&content, wide) {
        return Err(reason);
    }
    folder.check(name, &opened)?;
    if Folder::has_writers(&opened.facts) {
        return Err(Reason::Busy);
    }
    let probes = [(); 2].map(|()| own_name(&Uuid::new_v4(), PROBE));
    let probes = [probes[0].as_os_str(), probes[1].as_os_str()];
    folder.rehearse(&opened, opened.facts.size + SPARE_BYTES, probes)?;

    let mut consents = BTreeSet::new();
    if opened.facts.links > 1 {
        consents.insert(Consent::HardLinks);
    }
    if !roots.iter().any(|root| target.starts_with(root)) {
        consents.insert(Consent::Outside);
    }
    Ok(Plan {
        path: path.to_owned(),
        folder_identity: folder.identity()?,
        facts: opened.facts,
        print: Print::of(&content),
        spots,
        consents,
        version_control: version_control::of(&target, opened.facts.size, opened.facts.modified),
        target,
    })
}

impl Plan {
    /// The path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file itself, when the path leads over a link.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where the token stands in it.
    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// What has to be said yes to before it is written.
    #[must_use]
    pub fn consents(&self) -> &BTreeSet<Consent> {
        &self.consents
    }

    /// What git knows of it.
    #[must_use]
    pub fn version_control(&self) -> Option<VersionControl> {
        self.version_control
    }

    /// Whether the file is still what was planned on.
    ///
    /// # Errors
    /// Why the file would not be written now, as [`Plan::prepare`] has it.
    pub fn check(&self) -> Result<(), Reason> {
        self.unchanged().map(drop)
    }

    /// The file and its content, if it is still what was planned on.
    fn unchanged(&self) -> Result<(Opened, Zeroizing<Vec<u8>>), Reason> {
        let (folder_path, name) = parts(&self.target)?;
        let folder = Folder::open(folder_path)?;
        let opened = folder.file(name)?;
        let is_same = folder.identity()? == self.folder_identity && opened.facts == self.facts;
        let content = read(&opened)?;
        if !is_same || !self.print.is_of(&content) {
            return Err(Reason::NotThere);
        }
        Ok((opened, content))
    }

    /// Makes the new content. Nothing is written yet.
    ///
    /// # Errors
    /// Why the file is not written: also when it is not what was planned on any more, as [`Reason::Gone`] or
    /// [`Reason::NotThere`].
    pub fn prepare(self, old: &OldToken, new: &NewToken) -> Result<Prepared, Reason> {
        let (opened, content) = self.unchanged()?;
        let found = spelling::find(&content, old, Some(new)).map_err(|_| Reason::Split)?;
        // Where they begin may differ: with another id the id is exchanged too.
        let encodings = found.iter().map(|found| found.encoding);
        if !encodings.eq(self.spots.iter().map(|spot| spot.encoding)) {
            return Err(Reason::NotThere);
        }
        let written = spelling::with(&content, &found);
        let in_place = opened.facts.links > 1;
        if in_place && written.len() != content.len() {
            return Err(Reason::HardLinks);
        }
        let ranges = found
            .into_iter()
            .filter_map(|found| Some((found.range.start, found.instead?)));
        let pending = Pending::new(self.target, &content, &written);
        Ok(Prepared {
            pending,
            folder_identity: self.folder_identity,
            facts: self.facts,
            written,
            in_place: in_place.then(|| ranges.collect()),
        })
    }
}

/// Removes what a look that was killed left in a folder: files of zeros, or of nothing.
///
/// # Errors
/// Why it can't be removed now; it is to be tried again.
pub fn sweep(folder: &Path) -> Result<(), Reason> {
    let open = match Folder::open(folder) {
        Err(Reason::Gone) => return Ok(()),
        other => other?,
    };
    for entry in folder.read_dir().map_err(|_| Reason::NotReadable)? {
        let name = entry.map_err(|_| Reason::NotReadable)?.file_name();
        let id = name
            .to_str()
            .and_then(|name| name.strip_prefix(OWN)?.strip_suffix(PROBE));
        if id.is_some_and(|id| Uuid::try_parse(id).is_ok()) {
            match open.remove(&name) {
                Ok(()) | Err(Reason::Gone) => {}
                Err(reason) => return Err(reason),
            }
        }
    }
    Ok(())
}
