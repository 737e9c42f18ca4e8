//! What the app and the process that searches say to each other: one JSON object a line, as `usage-scan --json` speaks.
//!
//! In: what to look for, by record ids, last characters and digests, and where; then perhaps *stop*. Out: findings,
//! progress, what is being read, and a summary as the last line. A path that is no text goes in as its bytes, and comes
//! out as it is shown. Left out: how the two are started and ended (`process`, `worker`).

use std::ffi::OsString;
use std::io::{self, BufRead as _, Read as _};
use std::path::PathBuf;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use usage::{
    FileIndex, Finding, Machine, Progress, Reason, Scan, SearchKey, Skipped, Summary, Tier,
};

use crate::usage::wire::{SearchTier, UsageTotals};

/// The longest line, in bytes. What a search of millions of files read is the longest that there is.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// What to search for, and where.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) keys: Vec<SearchKey>,
    pub(crate) tier: SearchTier,
    pub(crate) roots: Vec<OsString>,
    pub(crate) excluded: Vec<OsString>,
    pub(crate) machine: Machine,
    /// Whether genuine tokens of no key in the list are told too.
    pub(crate) unlisted: bool,
    /// For a search that nobody waits for.
    #[serde(default)]
    pub(crate) background: Option<Background>,
}

/// A search that stands back behind everything else, and begins with what the last one read.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Background {
    pub(crate) index: FileIndex,
    pub(crate) now: SystemTime,
}

impl Request {
    /// The search itself, which runs in whatever process this is called in.
    pub(crate) fn scan(self) -> Scan {
        let scan = Scan::new(self.keys)
            .tier(match self.tier {
                SearchTier::Named => Tier::Named,
                SearchTier::Folders => Tier::Folders,
                SearchTier::Everything => Tier::Everything,
            })
            .roots(self.roots)
            .excluded(self.excluded)
            .machine(self.machine)
            .unlisted(self.unlisted);
        match self.background {
            Some(Background { index, now }) => scan.threads(Some(1)).index(index, now),
            None => scan,
        }
    }
}

/// What the app says after the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Order {
    /// Stop, and say what was found until then.
    Stop,
}

/// What the search says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Line {
    /// Something was found.
    Finding(Finding),
    /// How far it is.
    Progress(Progress),
    /// Something is begun that may do harm. What is read beside it follows.
    Reading { paths: Vec<PathBuf> },
    /// It has come to its end, or was stopped. The last line.
    Summary(Ended),
}

/// What is known at the end of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) read: UsageTotals,
    pub(crate) skipped: Vec<NotSearched>,
    /// Stopped by somebody, or a part of it has failed.
    pub(crate) stopped: bool,
    /// What the next search in the background may rely on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<FileIndex>,
}

/// Something that was not looked into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NotSearched {
    pub(crate) reason: Reason,
    pub(crate) what: Option<String>,
    pub(crate) count: u64,
    pub(crate) examples: Vec<String>,
}

impl From<&Skipped> for NotSearched {
    fn from(skipped: &Skipped) -> Self {
        let examples = skipped.examples.iter();
        Self {
            reason: skipped.reason,
            what: skipped.what.as_deref().map(str::to_owned),
            count: skipped.count,
            examples: examples.map(|path| path.display().to_string()).collect(),
        }
    }
}

impl Ended {
    /// Together with another part of the same search.
    pub(crate) fn and(mut self, part: Self) -> Self {
        self.read.files += part.read.files;
        self.read.bytes += part.read.bytes;
        self.read.folders += part.read.folders;
        self.read.objects += part.read.objects;
        self.skipped.extend(part.skipped);
        self.stopped |= part.stopped;
        self.index = self.index.or(part.index);
        self
    }
}

impl From<&Summary> for Ended {
    fn from(summary: &Summary) -> Self {
        Self {
            read: UsageTotals {
                files: summary.totals.files,
                bytes: summary.totals.bytes,
                folders: summary.totals.folders,
                objects: summary.totals.objects,
            },
            skipped: summary.skipped.iter().map(NotSearched::from).collect(),
            stopped: summary.stopped,
            index: summary.index.clone(),
        }
    }
}

/// One object with the line break after it.
pub(crate) fn written(what: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    Ok(line)
}

/// The next object; none at the end.
///
/// # Errors
/// When it can't be read, is too long, or is none of the protocol's.
pub(crate) fn read<T: DeserializeOwned>(input: &mut impl io::BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    input.take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

#[cfg(test)]
mod tests {
    use usage::Level;

    use super::*;
    use crate::usage::found::tests::finding;

    #[test]
    fn what_is_said_arrives_as_it_was_said() {
        let object = usage::Object {
            id: "ab".repeat(20),
            kind: "blob",
        };
        let of_git = Finding {
            object: Some(object),
            ..finding(Level::ThisKey, "/a/.git/objects")
        };
        let mut input = written(&Line::Finding(of_git.clone())).unwrap();
        let text = String::from_utf8(input.clone()).unwrap();
        assert!(text.starts_with(r#"{"type":"finding","level":"this_key""#));
        input.extend(written(&Line::Summary(Ended::default())).unwrap());
        let mut input = input.as_slice();
        let Some(Line::Finding(read_back)) = read(&mut input).unwrap() else {
            panic!("no finding");
        };
        assert_eq!(read_back, of_git);
        let summary = read(&mut input).unwrap();
        assert!(matches!(summary, Some(Line::Summary(ended)) if ended == Ended::default()));
        assert!(read::<Line>(&mut input).unwrap().is_none());
        assert!(read::<Line>(&mut b"no object\n".as_slice()).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_whose_name_is_no_text_is_searched_as_it_is() {
        use std::os::unix::ffi::OsStringExt as _;
        let folder = OsString::from_vec(b"/a/\xff".to_vec());
        let request = Request {
            keys: vec![SearchKey::new("7", "ab12cd34").unwrap()],
            tier: SearchTier::Folders,
            roots: vec![folder.clone()],
            excluded: vec![],
            machine: Machine::none(),
            unlisted: false,
            background: None,
        };
        let line = written(&request).unwrap();
        let read_back: Request = read(&mut line.as_slice()).unwrap().unwrap();
        assert_eq!(read_back.roots, [folder]);
        assert_eq!(read_back.keys, request.keys);
    }
}
