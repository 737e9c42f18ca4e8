//! Files of the app that could not be read at the start: what was in them, where they are now, what that means.
//!
//! Left out: noticing it (`database`, `json_file`) and renaming them (`quarantine`).

use std::path::PathBuf;

use crate::context::Context;
use crate::records::notices::Notice;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    Accounts,
    Preferences,
    Database,
}

/// A file that was set aside.
#[derive(Clone, Debug)]
pub(crate) struct Damaged {
    contents: Contents,
    /// The name that it has now.
    aside: PathBuf,
}

/// Those that were set aside.
pub(crate) fn found(files: impl IntoIterator<Item = (Contents, Option<PathBuf>)>) -> Vec<Damaged> {
    let aside = |(contents, aside): (Contents, Option<PathBuf>)| {
        aside.map(|aside| Damaged { contents, aside })
    };
    files.into_iter().filter_map(aside).collect()
}

impl Damaged {
    /// What happened, where the file is, and what begins anew.
    pub(crate) fn notice(&self) -> Notice {
        let path = self.aside.display();
        let (file, meaning) = match self.contents {
            Contents::Accounts => (
                "list of accounts",
                "Sign in again; the earlier credentials are still in the system’s keychain."
                    .to_owned(),
            ),
            Contents::Preferences => (
                "preferences file",
                "Everything has its default again.".to_owned(),
            ),
            Contents::Database => (
                "database",
                format!(
                    "The journal and your notes start empty, and lists come back from PulseAPI. A token that was waiting for you is \
                     still in the system’s keychain, under {}.",
                    vault::SERVICE
                ),
            ),
        };
        Notice {
            id: path.to_string(),
            needs_attention: true,
            message: format!(
                "The app’s {file} was damaged and could not be read. It was kept as {path}. {meaning}"
            ),
            next: None,
        }
    }
}

/// Files that could not be read at the start and were renamed, as notices.
pub(crate) fn notices_of_damage(ctx: &Context) -> impl Iterator<Item = Notice> + '_ {
    ctx.of::<Vec<Damaged>>().iter().map(Damaged::notice)
}
