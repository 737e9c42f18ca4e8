//! Where a key is used on this machine, as the window sees it: the search, its findings, what is kept of them.
//!
//! A finding is a path, a line's number, a variable's name and a mask, never the line and never the secret. One secret
//! may come in: the text of [`RecogniseRequest`]. Paths go out, for reading; none comes in: the page names findings.

use jiff::Timestamp;
use pulseapi::KeyId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;
use crate::records::key::KeyRow;
use crate::records::uses::LastUse;

/// How far a search goes. Each goes further than the one before, and begins with what that one does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SearchTier {
    /// The environment, running programs, and files that are known to hold keys: an instant.
    Named,
    /// The search folders too, without what was downloaded or built, and the history of their git repositories.
    #[default]
    Folders,
    /// Everything in them, archives and large files too.
    Everything,
}

/// Search this machine for keys. A search that is under way for any of them is stopped by it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UsageRequest {
    /// Whose.
    pub account: AccountId,
    /// Which ones; none for every key of the list.
    #[cfg_attr(feature = "typescript", ts(type = "Array<string>"))]
    pub keys: Vec<KeyId>,
    /// How far to go.
    pub tier: SearchTier,
}

/// What a search says about a key, from weakest to strongest. Never the word "safe".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum UsageVerdict {
    /// Nobody looked.
    #[default]
    NotSearched,
    /// Nothing in the places searched.
    NothingFound,
    /// Something that may be this key.
    Possible,
    /// This key, proved.
    Confirmed,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SearchState {
    /// It is under way.
    Running,
    /// It came to its end.
    Finished,
    /// It was stopped before its end; what was found until then stands.
    Stopped,
    /// It ended before its end, by itself: a file did harm to it, or its process was ended. What was found until then
    /// stands; of the rest nothing is known.
    BrokenOff,
}

/// What is known about one key. In a card it is what the level of friction follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyUsage {
    /// The record id.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// The last 8 characters that were looked for: those of the token before, when the key was rotated since.
    pub last_eight: String,
    /// What the search says.
    pub verdict: UsageVerdict,
    /// In how many places it was proved to be.
    pub places: u32,
    /// In how many others it may be.
    pub possible_places: u32,
    /// All of that in one sentence ("Found in 3 places on this machine.").
    pub words: String,
    /// True when it was used within a day and nothing here proves to hold it: something that this search can't see
    /// uses it.
    pub used_by_something_unseen: bool,
}

/// The headings of the help article, in its order, and one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FindingHeading {
    /// Application environment variables.
    Environment,
    /// CI/CD pipeline secrets.
    Ci,
    /// Third-party integrations.
    Integration,
    /// Automation scripts.
    Script,
    /// Elsewhere, the history of git repositories included.
    Elsewhere,
}

/// How sure a finding is, from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// A name that suggests a key of this service; which one, nobody can tell.
    Hint,
    /// A genuine token that is of no key in any list.
    Unlisted,
    /// An earlier, dead version of the key.
    Older,
    /// The last 8 characters, without the rest of the proof.
    Mention,
    /// The last 8 characters at the end of something shaped like a token.
    Probable,
    /// This key.
    ThisKey,
}

/// How the token is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FindingEncoding {
    /// As it is.
    Raw,
    /// Percent-encoded.
    Percent,
    /// Escaped as in JSON.
    Json,
    /// Escaped as in HTML.
    Html,
    /// Escaped or quoted for a shell.
    Shell,
    /// In base64.
    Base64,
    /// In 16-bit characters.
    Utf16,
}

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A file.
    File,
    /// A member of an archive.
    Archive,
    /// The environment of this app.
    Environment,
    /// The user's table of timed jobs.
    Crontab,
    /// A key of the registry of Windows.
    Registry,
    /// The environment of another running program; it needs a restart after a change.
    Process,
    /// An object in the history of a git repository.
    Git,
}

/// What can be done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FindingAction {
    /// Open the file in the editor of texts.
    Open,
    /// Show it in its folder.
    Show,
    /// Copy its path.
    CopyPath,
}

/// One place that has to do with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Names it in a request; the same for the same finding in every search.
    pub id: String,
    /// The key; none for a hint.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub key: Option<KeyId>,
    /// How sure it is.
    pub level: FindingLevel,
    /// Whether it speaks of a living key, and not only of a name or a dead version: then it counts as a place.
    pub live: bool,
    /// What it is.
    pub kind: FindingKind,
    /// Its path, or the name of what has none; stripped of control and direction characters.
    pub path: String,
    /// The same, with `~` for the home folder.
    pub short_path: String,
    /// The member of an archive.
    pub inside: Option<String>,
    /// The first line that it stands on, counted from 1; none where there are no lines.
    pub line: Option<u32>,
    /// The name on the left of it.
    pub variable: Option<String>,
    /// How it is written there.
    pub encoding: FindingEncoding,
    /// The way from the file to the key, where it is written in more than one way ("base64 → gzip → JSON").
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub way: Option<String>,
    /// The record id and the last 8 characters around dots; empty for a hint.
    pub mask: String,
    /// How often it stands there like that.
    pub times: u32,
    /// Whether the file was last written before the key existed, so that it can hardly hold it.
    pub predates_key: bool,
    /// The project and the environment that it is part of, as far as the path tells ("shop, production").
    pub part_of: Option<String>,
    /// Whether it only tells what was, as a log or a history does: there is nothing to update.
    pub past: bool,
    /// The running program, with its number ("node, process 4711").
    pub process: Option<String>,
    /// What can be done about it.
    pub actions: Vec<FindingAction>,
}

/// What was found under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FindingGroup {
    /// Which one.
    pub heading: FindingHeading,
    /// As the help article writes it.
    pub title: String,
    /// How many findings there are, hints and dead versions left out.
    pub count: u32,
    /// The surest first; at most 100, hints and dead versions included.
    pub findings: Vec<Finding>,
    /// How many more there are than are listed.
    pub more: u32,
}

/// Something that was not looked into, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SkippedPlace {
    /// In words, with the count ("3 folders that you may not read").
    pub words: String,
    /// How many.
    pub count: u32,
    /// The first few, by their paths.
    pub examples: Vec<String>,
    /// Whether one would expect it to have been searched: then "nothing found" is not the whole truth.
    pub is_gap: bool,
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UsageTotals {
    /// Files.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Folders.
    pub folders: u64,
    /// Objects of git.
    pub objects: u64,
}

/// What a search found: while it runs, at its end, or as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct UsageReport {
    /// Whose keys.
    pub account: AccountId,
    /// How far it went.
    pub tier: SearchTier,
    /// How far it is.
    pub state: SearchState,
    /// When it began.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub begun_at: Timestamp,
    /// When it ended; none while it runs.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub ended_at: Option<Timestamp>,
    /// How long it took so far.
    pub milliseconds: u64,
    /// What was read.
    pub read: UsageTotals,
    /// Each key that was searched for, in the order of the request. While a search for more than 100 runs, only those
    /// that something was found of.
    pub keys: Vec<KeyUsage>,
    /// A group for each heading, in the help article's order, empty ones too.
    pub groups: Vec<FindingGroup>,
    /// Genuine tokens of no key in the list; looked for only where the list is the user's own, in a search for all of it.
    pub tokens: Vec<FoundToken>,
    /// What was not looked into; known at the end.
    pub skipped: Vec<SkippedPlace>,
    /// Whether "nothing found" would not be the whole truth: stopped, or something could not be read.
    pub incomplete: bool,
    /// Why it ended before its end by itself, and where, in words; none when it did not.
    pub broke_off: Option<String>,
    /// All of it in one sentence.
    pub message: String,
}

/// A genuine token of no key in the user's own list, as a search of this machine found it: by its checksum, offline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FoundToken {
    /// Its last 8 characters: what the web screen shows of it.
    pub last_eight: String,
    /// Whether it is the credential that the app itself signs in with.
    pub own: bool,
    /// In how many places it stands.
    pub places: u32,
    /// Some of them.
    pub findings: Vec<Finding>,
}

/// Do something about a finding of the last report of a key, or of the search that is under way for it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FindingRequest {
    /// Whose key.
    pub account: AccountId,
    /// The key; for a hint any key that was searched for.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// The finding's id.
    pub finding: String,
    /// What to do.
    pub action: FindingAction,
}

/// Ask where in the history of a repository a finding is.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LocateRequest {
    /// Whose key.
    pub account: AccountId,
    /// The key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// The finding's id.
    pub finding: String,
}

/// Where in the history of a repository something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GitLocation {
    /// What that means, in one or two sentences.
    pub message: String,
    /// Whether it is on a remote, as far as this clone knows: then it counts as leaked.
    pub pushed: bool,
    /// The commits that brought it, newest first; at most 20.
    pub commits: Vec<GitCommit>,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GitCommit {
    /// Its name, in hexadecimal.
    pub commit: String,
    /// The paths under which it has it; none for its own message.
    pub paths: Vec<String>,
}

/// "I found this string": which key is it?
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RecogniseRequest {
    /// This text, as pasted; at most 1 MiB.
    Text {
        /// Never logged, never sent, gone after the answer.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        text: SecretString,
    },
    /// A file that the user chooses in a native dialog.
    Choose,
    /// The file that was dropped on the window last.
    Dropped,
}

/// What a token turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RecognisedToken {
    /// How sure it is.
    pub level: FindingLevel,
    /// The account that has the key; none for an unlisted one.
    pub account: Option<AccountId>,
    /// What that account is called.
    pub account_label: Option<String>,
    /// The key, as it was last seen.
    pub key: Option<KeyRow>,
    /// True when its checksum is right, false when it is wrong or cut off; none where tokens of its kind have none.
    pub genuine: Option<bool>,
    /// True while the list has it, false for an earlier version of a key; none when nobody knows.
    pub alive: Option<bool>,
    /// When that list was fetched.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub known_at: Option<Timestamp>,
    /// The record id and the last 8 characters around dots.
    pub mask: String,
    /// How it is written.
    pub encoding: FindingEncoding,
    /// The line that it stands on, counted from 1.
    pub line: u32,
    /// All of that, in one or two sentences.
    pub message: String,
}

/// What is in a text or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Recognised {
    /// It was looked at.
    Looked {
        /// The surest first; at most 100.
        found: Vec<RecognisedToken>,
        /// All of it in one sentence.
        message: String,
        /// The name of the file, when it is one.
        file: Option<String>,
    },
    /// The user chose no file.
    Cancelled,
}

/// The uses of a key that this app came to know of. The service tells the last one only, so there were others between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LastUses {
    /// Newest first; at most 50.
    pub uses: Vec<LastUse>,
}
