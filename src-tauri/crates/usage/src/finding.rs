//! What a search found: where, how sure, under which heading. Never the secret and never the line it stood in.

use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::archive::{Kind, Packer};
use crate::registry;
use crate::verdict::Verdict;

/// One place that has to do with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How sure it is.
    pub level: Level,
    /// Under which heading of the help article it belongs.
    pub place: Place,
    /// The file; for a process the pseudo file of its environment; for an object of git the object store.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// The member of an archive, when the file is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
    /// The first line it stands on, counted from 1; `None` where there are no lines.
    pub line: Option<u64>,
    /// The name on the left of it: of a variable, a property or a header.
    pub variable: Option<String>,
    /// How it is written there.
    pub encoding: Encoding,
    /// What that is decoded from, from the outside in; none where it stands as it is, or in one encoding only that
    /// [`Encoding`] names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Layer>,
    /// The record id and the last 8 characters around dots: what the list of keys shows as well. Empty for a hint.
    pub mask: String,
    /// The record id of the key; `None` for a hint and for a token that is of no key in the list.
    pub key: Option<String>,
    /// How often it stands in this file, under this name and in this way of writing.
    pub times: u32,
    /// Whether the file was last written before the key existed, so that it can hardly hold it. Never said of a token that
    /// is proved to be the key's, nor where the difference may be one of clocks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub predates_key: bool,
    /// The process that holds it in its environment; it needs a restart after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<Process>,
    /// The object of git that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// The folder of the project that the file belongs to: the nearest with a repository or a compose file.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "lossy_if_any"
    )]
    pub project: Option<PathBuf>,
    /// In which environment it works, as its path says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// Where something runs, as people call it in names of files and folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// For everybody.
    Production,
    /// To try what will be in production.
    Staging,
    /// Where it is built and tested.
    Ci,
    /// On the machine of whoever works on it.
    Local,
}

impl Finding {
    /// Whether it was found in the registry of Windows: its path names a key of that, and what it is inside of one below.
    #[must_use]
    pub fn is_in_registry(&self) -> bool {
        let path = self.path.as_os_str().as_encoded_bytes();
        self.path.is_relative() && path.starts_with(registry::ROOT)
    }

    /// The way from the file to the key, where it is written in more than one way: `base64 → gzip → JSON`.
    #[must_use]
    pub fn way(&self) -> Option<String> {
        let mut steps: Vec<_> = self.layers.iter().map(|layer| layer.name()).collect();
        if steps.is_empty() {
            return None;
        }
        steps.extend(self.encoding.name());
        Some(steps.join(" → "))
    }
}

/// How sure a finding is, from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A name that suggests a key of this service; which one, it does not say.
    Hint,
    /// A genuine token (its checksum is right) that is of no key in the list. Only looked for when asked.
    Unlisted,
    /// A genuine token with the key's record id and other last characters: an earlier, dead version of it, or the
    /// token of another service that counts its records likewise.
    Older,
    /// The last 8 characters, without the rest of the proof.
    Mention,
    /// The last 8 characters at the end of something shaped like a token, where no checksum can prove it.
    Probable,
    /// Proved by its checksum, its record id or its digest.
    ThisKey,
}

impl Level {
    /// What a finding of this level says about the key. A dead version, a foreign token and a mere name say nothing.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::ThisKey => Verdict::Confirmed,
            Self::Probable | Self::Mention => Verdict::Possible,
            Self::Older | Self::Unlisted | Self::Hint => Verdict::NothingFound,
        }
    }
}

/// The headings of the help article, and two more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Application environment variables.
    Environment,
    /// CI/CD pipeline secrets.
    Ci,
    /// Third-party integration configurations.
    Integration,
    /// Automation scripts.
    Script,
    /// Elsewhere.
    Other,
    /// The history of a git repository.
    Git,
}

/// How the token, or the separator after its record id, is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// As it is.
    Raw,
    /// With the separator percent-encoded.
    Percent,
    /// With the separator as `\u007c`.
    Json,
    /// With the separator as a character reference.
    Html,
    /// With the separator escaped or quoted for a shell.
    Shell,
    /// Inside base64.
    Base64,
    /// In 16-bit characters.
    Utf16,
}

impl Encoding {
    /// What it is called; nothing when it is as it is.
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Raw => None,
            Self::Percent => Some("percent-encoding"),
            Self::Json => Some("JSON"),
            Self::Html => Some("HTML"),
            Self::Shell => Some("shell"),
            Self::Base64 => Some("base64"),
            Self::Utf16 => Some("UTF-16"),
        }
    }
}

/// A step on the way from a file to a key in it that is not written there as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// In the name of a file or folder that stands there.
    Name,
    /// In where the link leads.
    Link,
    /// In an extended attribute of the file, as browsers write the address of a download.
    Attribute,
    /// Broken: by the ends of lines, colours, marks of a quotation.
    Lines,
    /// In base64.
    Base64,
    /// In hexadecimal.
    Hex,
    /// In 16-bit characters.
    Utf16,
    /// Packed as by gzip.
    Gzip,
    /// Packed as by zlib.
    Zlib,
    /// Packed as by another packer.
    Packed,
    /// In a zip.
    Zip,
    /// In another kind of archive.
    Archive,
}

impl Layer {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name of a file",
            Self::Link => "target of a link",
            Self::Attribute => "attribute of the file",
            Self::Lines => "broken lines",
            Self::Base64 => "base64",
            Self::Hex => "hexadecimal",
            Self::Utf16 => "UTF-16",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Packed => "packed",
            Self::Zip => "zip",
            Self::Archive => "archive",
        }
    }

    /// The step that a container is.
    pub(crate) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Packed(Packer::Gzip) => Self::Gzip,
            Kind::Packed(_) => Self::Packed,
            Kind::Zip => Self::Zip,
            _ => Self::Archive,
        }
    }
}

/// A running program of this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// Its name, as the system lists it.
    pub name: String,
}

/// An object of git.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Object {
    /// Its name in hexadecimal. [`crate::git::locate`] finds the commits and paths that have it.
    pub id: String,
    /// `blob`, `commit` or `tag`.
    pub kind: &'static str,
}

/// As it is read back from a search in another process.
impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Read {
            id: String,
            kind: String,
        }
        let Read { id, kind } = Read::deserialize(deserializer)?;
        let known = ["blob", "commit", "tag"];
        let kind = known.into_iter().find(|known| *known == kind);
        let kind = kind.ok_or_else(|| D::Error::custom("no kind of object that is searched"))?;
        Ok(Self { id, kind })
    }
}

fn lossy_if_any<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    match path {
        Some(path) => lossy(path, serializer),
        None => serializer.serialize_none(),
    }
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Finding, Level, Place};
    use crate::verdict::Verdict;

    #[test]
    fn only_proof_confirms_and_a_dead_version_says_nothing() {
        assert_eq!(Level::ThisKey.verdict(), Verdict::Confirmed);
        assert_eq!(Level::Mention.verdict(), Verdict::Possible);
        assert_eq!(Level::Older.verdict(), Verdict::NothingFound);
        assert!(Level::ThisKey > Level::Probable && Level::Probable > Level::Mention);
    }

    #[test]
    fn what_goes_over_the_wire_is_flat_and_in_small_letters() {
        let finding = Finding {
            level: Level::ThisKey,
            place: Place::Ci,
            path: "/home/a/.github/workflows/x.yml".into(),
            inside: None,
            line: Some(3),
            variable: Some("PULSEAPI_TOKEN".into()),
            encoding: Encoding::Utf16,
            layers: Vec::new(),
            mask: "7|••••ab12cd34".into(),
            key: Some("7".into()),
            times: 1,
            predates_key: false,
            process: None,
            object: None,
            project: None,
            environment: None,
        };
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!(json["level"], "this_key");
        assert_eq!(json["place"], "ci");
        assert_eq!(json["encoding"], "utf16");
        assert_eq!(json["line"], 3);
        assert!(json.get("process").is_none() && json.get("layers").is_none());
    }
}
