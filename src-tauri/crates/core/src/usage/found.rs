//! Findings as core holds them: with the path as it is, which the page gets only to read.
//!
//! A finding's id comes from what it says, so that it means the same place in every snapshot and after a restart.
//! Left out: finding anything (the crate `usage`), and what the findings of a key say together (`evidence`).

use std::path::{Path, PathBuf};

use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use usage::{Encoding, Environment, Level, Place};

use crate::base::text::sanitized;
use crate::usage::wire::{
    Finding, FindingAction, FindingEncoding, FindingHeading, FindingKind, FindingLevel,
};

/// One place that has to do with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFinding {
    pub(crate) id: String,
    pub(crate) key: Option<KeyId>,
    pub(crate) level: Level,
    heading: FindingHeading,
    pub(crate) kind: FindingKind,
    path: PathBuf,
    inside: Option<String>,
    line: Option<u32>,
    variable: Option<String>,
    encoding: FindingEncoding,
    /// The way from the file to the key, where there is more than one step.
    #[serde(default)]
    way: Option<String>,
    mask: String,
    times: u32,
    pub(crate) predates_key: bool,
    process: Option<(u32, String)>,
    /// The name of an object of git.
    object: Option<String>,
    #[serde(default)]
    project: Option<PathBuf>,
    #[serde(default)]
    pub(crate) environment: Option<Environment>,
}

impl StoredFinding {
    pub(crate) fn of(finding: usage::Finding) -> Self {
        let kind = match &finding {
            usage::Finding {
                process: Some(_), ..
            } => FindingKind::Process,
            usage::Finding {
                object: Some(_), ..
            } => FindingKind::Git,
            found if found.is_in_registry() => FindingKind::Registry,
            usage::Finding {
                inside: Some(_), ..
            } => FindingKind::Archive,
            // What has no file has a name instead of a whole path.
            usage::Finding { path, place, .. } if path.is_relative() => match place {
                Place::Script => FindingKind::Crontab,
                _ => FindingKind::Environment,
            },
            _ => FindingKind::File,
        };
        let way = finding.way();
        let mut found = Self {
            id: String::new(),
            way,
            key: finding.key.and_then(|key| KeyId::parse(&key).ok()),
            level: finding.level,
            heading: heading(finding.place),
            kind,
            // A path that is no text would not survive being written down, and is shown, never opened.
            path: finding.path.to_string_lossy().into_owned().into(),
            inside: finding.inside,
            line: finding.line.map(small),
            variable: finding.variable,
            encoding: encoding(finding.encoding),
            mask: finding.mask,
            times: finding.times,
            predates_key: finding.predates_key,
            process: finding.process.map(|process| (process.id, process.name)),
            object: finding.object.map(|object| object.id),
            project: finding.project,
            environment: finding.environment,
        };
        found.id = found.digest();
        found
    }

    fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let line = self.line.map(|line| line.to_string());
        let parts = [
            self.key.as_ref().map(KeyId::as_str),
            self.path.to_str(),
            self.inside.as_deref(),
            line.as_deref(),
            self.variable.as_deref(),
            Some(&self.mask),
            self.object.as_deref(),
            self.way.as_deref(),
        ];
        for part in parts {
            digest.update(part.unwrap_or_default());
            digest.update([0]);
        }
        digest.update([self.level as u8, self.encoding as u8, self.kind as u8]);
        let digest = digest.finalize();
        hex::encode(&digest[..8])
    }

    /// What counts as one place: a file however often it holds the key, a program however often it runs.
    pub(crate) fn place(&self) -> (FindingKind, &str) {
        match &self.process {
            Some((_, name)) => (self.kind, name),
            None => (self.kind, self.path.to_str().unwrap_or_default()),
        }
    }

    /// The last 8 characters of the token, with which its mask ends; empty for a hint.
    pub(crate) fn last_eight(&self) -> &str {
        self.mask.rsplit('•').next().unwrap_or_default()
    }

    pub(crate) fn heading(&self) -> FindingHeading {
        self.heading
    }

    /// What proves something first; of that what is in production, project by project; the surest first in each, then
    /// what is of now, then by place.
    pub(crate) fn order(&self) -> impl Ord + '_ {
        let is_weak = self.level < Level::Probable;
        let is_elsewhere = self.environment != Some(Environment::Production);
        let surest_first = std::cmp::Reverse(self.level);
        (
            (is_weak, is_elsewhere, &self.project, self.environment),
            (surest_first, self.predates_key, &self.path, self.line),
        )
    }

    /// The project and the environment, as a heading over findings of both ("shop, production").
    fn part_of(&self) -> Option<String> {
        let project = self.project.as_deref().and_then(Path::file_name);
        let project = project.map(|name| sanitized(&name.to_string_lossy()));
        let environment = self.environment.map(|environment| match environment {
            Environment::Production => "production".to_owned(),
            Environment::Staging => "staging".to_owned(),
            Environment::Ci => "CI".to_owned(),
            Environment::Local => "local".to_owned(),
        });
        let parts: Vec<String> = project.into_iter().chain(environment).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What can be done about it. To open an archive or the store of a repository helps nobody.
    pub(crate) fn actions(&self) -> Vec<FindingAction> {
        let whole = !self.path.to_string_lossy().contains('\u{FFFD}');
        match self.kind {
            FindingKind::File if whole => {
                vec![
                    FindingAction::Open,
                    FindingAction::Show,
                    FindingAction::CopyPath,
                ]
            }
            FindingKind::Archive | FindingKind::Git if whole => {
                vec![FindingAction::Show, FindingAction::CopyPath]
            }
            FindingKind::File | FindingKind::Archive | FindingKind::Git => {
                vec![FindingAction::CopyPath]
            }
            FindingKind::Environment
            | FindingKind::Crontab
            | FindingKind::Registry
            | FindingKind::Process => Vec::new(),
        }
    }

    /// The path as it is, for the host and never for the page.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The object store and the name of the object, for a finding in the history of a repository.
    pub(crate) fn object(&self) -> Option<(&Path, &str)> {
        Some((&self.path, self.object.as_deref()?))
    }

    pub(crate) fn view(&self, home: Option<&Path>) -> Finding {
        let path = match self.kind {
            FindingKind::Environment => "the environment of this app".to_owned(),
            FindingKind::Crontab => "the table of timed jobs (crontab)".to_owned(),
            // `.git` reads better than `.git/objects`.
            FindingKind::Git => {
                sanitized(&self.path.parent().unwrap_or(&self.path).to_string_lossy())
            }
            FindingKind::Registry => {
                let key = self.path.to_string_lossy();
                let whole = self.inside.as_ref().map(|below| format!("{key}\\{below}"));
                sanitized(whole.as_deref().unwrap_or(&key))
            }
            _ => sanitized(&self.path.to_string_lossy()),
        };
        let inside = self.inside.as_deref();
        Finding {
            id: self.id.clone(),
            key: self.key.clone(),
            level: self.level.into(),
            live: self.level >= Level::Mention,
            kind: self.kind,
            short_path: shortened(&path, home),
            path,
            // Said with the path above.
            inside: inside
                .filter(|_| self.kind != FindingKind::Registry)
                .map(sanitized),
            line: self.line,
            variable: self.variable.as_deref().map(sanitized),
            encoding: self.encoding,
            way: self.way.clone(),
            mask: self.mask.clone(),
            times: self.times,
            predates_key: self.predates_key,
            part_of: self.part_of(),
            past: self.kind == FindingKind::File && replace::is_of_the_past(&self.path),
            process: self
                .process
                .as_ref()
                .map(|(id, name)| format!("{}, process {id}", sanitized(name))),
            actions: self.actions(),
        }
    }
}

/// With `~` for the home folder.
pub(crate) fn shortened(path: &str, home: Option<&Path>) -> String {
    let below = home.and_then(|home| Path::new(path).strip_prefix(home).ok());
    match below {
        Some(below) if below.as_os_str().is_empty() => "~".to_owned(),
        Some(below) => Path::new("~").join(below).display().to_string(),
        None => path.to_owned(),
    }
}

pub(crate) fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<Level> for FindingLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Hint => Self::Hint,
            Level::Unlisted => Self::Unlisted,
            Level::Older => Self::Older,
            Level::Mention => Self::Mention,
            Level::Probable => Self::Probable,
            Level::ThisKey => Self::ThisKey,
        }
    }
}

fn heading(place: Place) -> FindingHeading {
    match place {
        Place::Environment => FindingHeading::Environment,
        Place::Ci => FindingHeading::Ci,
        Place::Integration => FindingHeading::Integration,
        Place::Script => FindingHeading::Script,
        Place::Other | Place::Git => FindingHeading::Elsewhere,
    }
}

pub(crate) fn encoding(encoding: Encoding) -> FindingEncoding {
    match encoding {
        Encoding::Raw => FindingEncoding::Raw,
        Encoding::Percent => FindingEncoding::Percent,
        Encoding::Json => FindingEncoding::Json,
        Encoding::Html => FindingEncoding::Html,
        Encoding::Shell => FindingEncoding::Shell,
        Encoding::Base64 => FindingEncoding::Base64,
        Encoding::Utf16 => FindingEncoding::Utf16,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn finding(level: Level, path: &str) -> usage::Finding {
        usage::Finding {
            level,
            place: Place::Environment,
            path: path.into(),
            inside: None,
            line: Some(3),
            variable: Some("PULSEAPI_TOKEN".to_owned()),
            encoding: Encoding::Raw,
            layers: Vec::new(),
            mask: "7|••••ab12cd34".to_owned(),
            key: Some("7".to_owned()),
            times: 1,
            predates_key: false,
            process: None,
            object: None,
            project: None,
            environment: None,
        }
    }

    #[test]
    fn production_comes_first_then_project_by_project_and_what_proves_nothing_last() {
        let of = |level, path: &str, project: &str, environment| {
            StoredFinding::of(usage::Finding {
                project: Some(project.into()),
                environment,
                ..finding(level, path)
            })
        };
        let mut found = [
            of(
                Level::Mention,
                "/b/prod/x",
                "/b",
                Some(Environment::Production),
            ),
            of(Level::ThisKey, "/b/.env", "/b", None),
            of(
                Level::ThisKey,
                "/c/.env.prod",
                "/c",
                Some(Environment::Production),
            ),
            of(Level::ThisKey, "/a/z", "/a", None),
            of(Level::Probable, "/a/b", "/a", None),
        ];
        found.sort_by(|one, other| one.order().cmp(&other.order()));
        let paths: Vec<_> = found.iter().map(StoredFinding::path).collect();
        let expected = ["/c/.env.prod", "/a/z", "/a/b", "/b/.env", "/b/prod/x"];
        assert_eq!(paths, expected.map(Path::new));
        let heads: Vec<_> = found.iter().map(StoredFinding::part_of).collect();
        assert_eq!(heads[0].as_deref(), Some("c, production"));
        assert_eq!(heads[1].as_deref(), Some("a"));
    }

    #[test]
    fn the_same_finding_has_the_same_id_and_another_one_has_not() {
        let found = |path| StoredFinding::of(finding(Level::ThisKey, path));
        assert_eq!(found("/a/.env").id, found("/a/.env").id);
        assert_ne!(found("/a/.env").id, found("/b/.env").id);
        assert_ne!(
            found("/a/.env").id,
            StoredFinding::of(finding(Level::Mention, "/a/.env")).id
        );
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let process = usage::Finding {
            process: Some(usage::Process {
                id: 7,
                name: "node".to_owned(),
            }),
            ..finding(Level::ThisKey, "/proc/7/environ")
        };
        let process = StoredFinding::of(process).view(None);
        assert_eq!(
            (process.kind, process.actions),
            (FindingKind::Process, vec![])
        );
        assert_eq!(process.process.as_deref(), Some("node, process 7"));
        let own = StoredFinding::of(finding(Level::ThisKey, "environment")).view(None);
        assert_eq!(own.kind, FindingKind::Environment);
        let service = usage::Finding {
            inside: Some("check".to_owned()),
            ..finding(
                Level::ThisKey,
                r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services",
            )
        };
        let service = StoredFinding::of(service).view(None);
        assert_eq!(
            (service.kind, service.actions, service.inside),
            (FindingKind::Registry, vec![], None)
        );
        assert!(
            service.path.ends_with(r"\Services\check"),
            "{}",
            service.path
        );
    }

    #[test]
    fn the_home_folder_is_shortened_and_a_deceiving_name_made_harmless() {
        let home = Some(Path::new("/home/a"));
        let view = StoredFinding::of(finding(Level::ThisKey, "/home/a/b\u{202E}c/.env")).view(home);
        assert_eq!(view.path, "/home/a/bc/.env");
        assert_eq!(view.short_path, "~/bc/.env");
        let other = StoredFinding::of(finding(Level::ThisKey, "/home/ab/.env")).view(home);
        assert_eq!(other.short_path, "/home/ab/.env");
    }
}
