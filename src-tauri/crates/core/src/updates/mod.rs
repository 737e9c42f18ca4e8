//! Whether a newer version of the app exists: asked only where the user has turned that on, at the start, at most
//! once a day.
//!
//! When it was asked is written down before the request leaves, so that a crash or a failing address makes it no more
//! often than that. Left out: the request itself and reading its answer (`updates`, the crate), and replacing the app.

pub(crate) mod wire;

use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulseapi::{AddressError, BaseUrl};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use updates::{Release, Timeouts, Version};
use url::Url;

use crate::base::json_file;
use crate::context::Context;
use crate::preferences;
use crate::updates::wire::UpdatesView;

/// The id under which the notice of a newer version is put away.
pub(crate) const NOTICE: &str = "newer-version";

/// How often it is asked.
const BETWEEN: SignedDuration = SignedDuration::from_hours(24);

/// Nobody waits for it.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(10),
};

/// When it was last asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    at: Timestamp,
    address: String,
    /// None while nothing has come of it yet.
    answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Release {
        version: Version,
        page: Option<Url>,
        dismissed: bool,
    },
    Problem(String),
}

/// Whether there is a newer version. Asks for it when the user wants that and it was not asked for a day.
pub(crate) async fn updates(ctx: &Context) -> UpdatesView {
    let preferences = preferences::preferences(ctx);
    if !preferences.tell_of_updates {
        return UpdatesView::Off;
    }
    // Two windows' worth of calls at once would both find that nobody has asked yet.
    let _one_at_a_time = ctx.of::<Asking>().0.lock().await;
    let now = ctx.now();
    let asked = match asked_about(ctx, &preferences.updates_address) {
        Some(asked) if !is_due(asked.at, now) => asked,
        _ => ask(ctx, preferences.updates_address, now).await,
    };
    view_of(ctx, &asked)
}

/// Where the newer version can be had: a page that was found to be on the site that announced it.
#[must_use]
pub(crate) fn page_of_newer_version(ctx: &Context) -> Option<Url> {
    let asked = asked_about(ctx, &preferences::preferences(ctx).updates_address)?;
    match asked.answer? {
        Answer::Release { page, .. } => page,
        Answer::Problem(_) => None,
    }
}

/// The notice of the version need not be shown again. It comes back if that cannot be written.
pub(crate) fn dismiss_newer_version(ctx: &Context) {
    let asked = asked_about(ctx, &preferences::preferences(ctx).updates_address);
    if let Some(mut asked) = asked
        && let Some(Answer::Release { dismissed, .. }) = &mut asked.answer
    {
        *dismissed = true;
        if let Err(error) = json_file::write(&ctx.folders.updates_file(), &asked) {
            tracing::warn!("it could not be noted that a newer version was read of: {error}");
        }
    }
}

async fn ask(ctx: &Context, address: String, now: Timestamp) -> Asked {
    let file = ctx.folders.updates_file();
    let before = read(&file);
    let mut asked = Asked {
        at: now,
        address,
        answer: None,
    };
    let answer = match json_file::write(&file, &asked) {
        Ok(()) => newest(&asked.address).await,
        Err(error) => Err(Unknown::NotNoted(error)),
    };
    asked.answer = Some(match answer {
        Ok(Release { version, page }) => Answer::Release {
            dismissed: before.is_some_and(|before| before.has_dismissed(&version)),
            version,
            page,
        },
        Err(problem) => {
            tracing::warn!("it is not known whether there is a newer version: {problem}");
            Answer::Problem(problem.to_string())
        }
    });
    if let Err(error) = json_file::write(&file, &asked) {
        tracing::warn!("what is known of newer versions could not be written: {error}");
    }
    asked
}

/// What was asked of this address, and no other.
fn asked_about(ctx: &Context, address: &str) -> Option<Asked> {
    read(&ctx.folders.updates_file()).filter(|asked| asked.address == address)
}

fn view_of(ctx: &Context, asked: &Asked) -> UpdatesView {
    let asked_at = asked.at;
    match &asked.answer {
        Some(Answer::Release {
            version,
            page,
            dismissed,
        }) => {
            let release = Release {
                version: version.clone(),
                page: page.clone(),
            };
            let is_newer =
                Version::parse(ctx.version).is_ok_and(|current| release.is_newer_than(&current));
            if !is_newer {
                return UpdatesView::Newest { asked_at };
            }
            UpdatesView::Newer {
                asked_at,
                version: format!("{}.{}.{}", version.major, version.minor, version.patch),
                page_host: page
                    .as_ref()
                    .and_then(|page| page.host_str().map(ToOwned::to_owned)),
                dismissed: *dismissed,
            }
        }
        Some(Answer::Problem(problem)) => UpdatesView::NotKnown {
            asked_at,
            problem: sentence(problem),
        },
        None => UpdatesView::NotKnown {
            asked_at,
            problem: "The app ended before an answer came.".to_owned(),
        },
    }
}

impl Asked {
    fn has_dismissed(&self, wanted: &Version) -> bool {
        matches!(
            &self.answer,
            Some(Answer::Release { version, dismissed: true, .. }) if version == wanted
        )
    }
}

/// One that cannot be read is as good as none: then it is asked once more than it would have been.
fn read(file: &Path) -> Option<Asked> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

/// A day has passed, or the clock was set back and nobody knows.
fn is_due(asked_at: Timestamp, now: Timestamp) -> bool {
    asked_at > now || now.duration_since(asked_at) >= BETWEEN
}

/// Why there is no answer, to be told in a sentence.
#[derive(Debug, Error)]
enum Unknown {
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error(transparent)]
    Url(#[from] url::ParseError),
    #[error(transparent)]
    Answer(#[from] updates::UpdateError),
    /// Without a note of it, it would be asked at every start.
    #[error("nothing was sent, since that could not be noted: {0}")]
    NotNoted(io::Error),
}

async fn newest(address: &str) -> Result<Release, Unknown> {
    let address = BaseUrl::parse(address)?;
    let url = Url::parse(&address.to_string())?;
    Ok(updates::newest(&url, TIMEOUTS).await?)
}

fn sentence(problem: &str) -> String {
    let mut letters = problem.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Newer versions are asked for by one at a time, so that one start is one request.
#[derive(Debug, Default)]
pub(crate) struct Asking(tokio::sync::Mutex<()>);

#[cfg(test)]
mod tests {
    use crate::preferences::wire::DOCUMENTED;

    use super::*;

    #[test]
    fn it_is_due_after_a_day_and_when_the_clock_was_set_back() {
        let at: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let after = |hours| at + SignedDuration::from_hours(hours);
        assert!(!is_due(at, at));
        assert!(!is_due(at, after(23)));
        assert!(is_due(at, after(24)));
        assert!(is_due(at, after(-1)));
    }

    #[test]
    fn the_documented_address_may_be_asked() {
        let address = BaseUrl::parse(DOCUMENTED).unwrap();
        assert!(!address.is_loopback());
        assert_eq!(address.to_string(), DOCUMENTED);
    }
}
