//! What an answer says, taken as far as it can be trusted: a version number, and a page on the same site.
//!
//! The form is `{"version": "1.2.3", "page": "https://…"}`. The names that GitHub, Gitea and Forgejo use for the same
//! (`tag_name`, `html_url`) are understood too, so that a project's own releases can be asked. Release notes
//! are not read: they are text of strangers that would have to be shown.

use semver::Version;
use serde::Deserialize;
use url::Url;

use crate::address::{is_loopback, is_private};

/// The longest version number that is read, in bytes.
const MAX_VERSION_BYTES: usize = 64;
/// The longest address that is read, in bytes.
const MAX_PAGE_BYTES: usize = 2048;

/// A version that is available.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its number.
    pub version: Version,
    /// Where the user reads about it and finds the packages. None when the answer names no such page, or one that is
    /// not on the site that was asked.
    pub page: Option<Url>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(alias = "tag_name")]
    version: String,
    #[serde(alias = "html_url", default)]
    page: Option<String>,
}

impl Release {
    pub(crate) fn read(body: &[u8], asked: &Url) -> Option<Self> {
        let answer: Answer = serde_json::from_slice(body).ok()?;
        Some(Self {
            version: version(&answer.version)?,
            page: answer.page.and_then(|page| page_of(&page, asked)),
        })
    }

    /// Whether it is later than `current` and not a pre-release.
    #[must_use]
    pub fn is_newer_than(&self, current: &Version) -> bool {
        self.version.pre.is_empty() && self.version.cmp_precedence(current).is_gt()
    }
}

/// A number such as `1.2.3` or `v1.2.3`.
fn version(text: &str) -> Option<Version> {
    if text.len() > MAX_VERSION_BYTES {
        return None;
    }
    Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()
}

/// An address that may be opened in a browser on the word of the site that was asked: on that site itself, or on the
/// one that it is a part of (`api.example.org` may name `example.org`).
fn page_of(text: &str, asked: &Url) -> Option<Url> {
    if text.len() > MAX_PAGE_BYTES {
        return None;
    }
    let page = Url::parse(text).ok()?;
    let is_plain = page.username().is_empty() && page.password().is_none();
    let (host, asked_host) = (page.host_str()?, asked.host_str()?);
    let is_part = asked_host
        .strip_suffix(host)
        .is_some_and(|rest| rest.ends_with('.') && host.contains('.'));
    let is_here = host == asked_host || is_part && !is_loopback(asked);
    (is_private(&page) && is_plain && is_here).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Url {
        "https://api.example.org/releases/latest".parse().unwrap()
    }

    fn read(body: &str) -> Option<Release> {
        Release::read(body.as_bytes(), &asked())
    }

    fn page(address: &str) -> Option<Url> {
        let body = serde_json::json!({ "version": "1.0.0", "page": address });
        read(&body.to_string()).unwrap().page
    }

    #[test]
    fn a_version_is_read_under_either_name() {
        for body in [
            r#"{"version": "1.2.3"}"#,
            r#"{"version": "v1.2.3", "page": null, "more": [1]}"#,
            r#"{"tag_name": "v1.2.3", "html_url": "https://example.org/x", "draft": false}"#,
        ] {
            let release = read(body).unwrap();
            assert_eq!(release.version, Version::new(1, 2, 3), "{body}");
        }
    }

    #[test]
    fn what_names_no_version_is_no_release() {
        let long = format!(r#"{{"version": "1.2.3-{}"}}"#, "x".repeat(100));
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"version": 2}"#,
            r#"{"version": "latest"}"#,
            r#"{"version": "1.2"}"#,
            r#"{"version": "1.2.3<script>"}"#,
            r#"{"version": "99999999999999999999.0.0"}"#,
            r#"{"version": "1.2.3", "tag_name": "2.0.0"}"#,
            &long,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }

    #[test]
    fn only_a_page_of_the_same_site_is_taken() {
        for taken in [
            "https://api.example.org/x",
            "https://example.org/pulse-keys/releases/tag/v2",
        ] {
            assert_eq!(page(taken).unwrap().as_str(), taken);
        }
        for left in [
            "http://example.org/x",
            "https://example.com/x",
            "https://example.org.evil.example/x",
            "https://ample.org/x",
            "https://org/x",
            "https://evil.api.example.org/x",
            "https://user:pass@example.org/x",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "/relative",
            "",
        ] {
            assert_eq!(page(left), None, "{left}");
        }
        assert_eq!(
            page(&format!("https://example.org/{}", "x".repeat(3000))),
            None
        );
    }

    #[test]
    fn only_a_later_version_that_is_done_is_newer() {
        let newer = |latest: &str, current: &str| {
            let release = read(&format!(r#"{{"version": "{latest}"}}"#)).unwrap();
            release.is_newer_than(&Version::parse(current).unwrap())
        };
        assert!(newer("0.1.1", "0.1.0"));
        assert!(newer("0.10.0", "0.9.9"));
        assert!(newer("1.0.0", "1.0.0-rc.1"));
        assert!(!newer("0.1.0", "0.1.0"));
        assert!(!newer("0.1.0+build.9", "0.1.0"));
        assert!(!newer("0.0.9", "0.1.0"));
        assert!(!newer("2.0.0-beta.1", "0.1.0"));
    }
}
