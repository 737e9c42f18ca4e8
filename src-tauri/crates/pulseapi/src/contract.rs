//! The contract: what a server's calls, fields and pages are taken to be, and how a file says that a server differs.
//!
//! A file lists only what differs from the built-in contract. It is refused as a whole where one line of it is wrong,
//! and then no client exists that could send something: a server that the user describes must not be met with the
//! built-in contract. Left out: where the file is, and what the app says.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use url::Url;

use crate::address::BaseUrl;
use crate::contract_error::ContractError;
use crate::error::Error;
use crate::operation::Operation;
use crate::profile::{Profile, WebScreen};

/// What a refused file is called where it came without a name.
const FILE: &str = "contract.toml";

/// More than any contract, in bytes.
const MAX_FILE_BYTES: usize = 64 * 1024;

#[expect(
    clippy::expect_used,
    reason = "the text is a part of the program, and every test reads it"
)]
static BUILT_IN: LazyLock<Arc<Profile>> = LazyLock::new(|| {
    let profile = profile("").expect("the built-in contract is sound");
    Arc::new(profile)
});

/// What a server is taken for. Cheap to clone.
///
/// Where it serializes, it does so for another process of the same app.
#[derive(Clone, Debug)]
pub struct Contract {
    /// What the file says that it came from; empty for the built-in one.
    text: Arc<str>,
    profile: Result<Arc<Profile>, ContractError>,
}

impl Contract {
    /// The built-in contract, as a file would say it: the model for one.
    pub const BUILT_IN: &str = include_str!("../contract.toml");

    /// What is assumed of a server that nobody has described otherwise.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            text: Arc::default(),
            profile: Ok(Arc::clone(&BUILT_IN)),
        }
    }

    /// The built-in contract with what a file says in its place.
    ///
    /// # Errors
    /// With the first line that is wrong.
    pub fn read(text: &str, file: &str) -> Result<Self, ContractError> {
        let profile = profile(text).map_err(|problem| ContractError {
            file: file.to_owned(),
            line: problem.at.map(|at| line_of(text, &at)),
            reason: problem.reason,
        })?;
        Ok(Self {
            text: text.into(),
            profile: Ok(Arc::new(profile)),
        })
    }

    /// A contract that there is and can't be used: whatever is asked with it fails with this, and nothing is sent.
    #[must_use]
    pub fn refused(error: ContractError) -> Self {
        Self {
            text: Arc::default(),
            profile: Err(error),
        }
    }

    /// Whether nobody has described the server otherwise.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.text.is_empty() && self.problem().is_none()
    }

    /// Why it can't be used, if it can't.
    #[must_use]
    pub fn problem(&self) -> Option<&ContractError> {
        self.profile.as_ref().err()
    }

    /// Whether the server has a call for this.
    #[must_use]
    pub fn offers(&self, operation: Operation) -> bool {
        let profile = self.profile.as_ref();
        profile.is_ok_and(|profile| profile.calls.get(operation).is_some())
    }

    /// The screen on which the keys of an account at this address are managed in a browser.
    ///
    /// # Errors
    /// Where the contract can't be used.
    pub fn web_screen(&self, base: &BaseUrl) -> Result<Url, Error> {
        Ok(match &self.profile()?.address.web_screen {
            WebScreen::Path(path) => base.page(path),
            WebScreen::Address(url) => url.clone(),
        })
    }

    pub(crate) fn profile(&self) -> Result<Arc<Profile>, Error> {
        self.profile
            .clone()
            .map_err(|error| Error::Contract { error })
    }
}

impl Default for Contract {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Serialize for Contract {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Contract {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text, FILE).map_err(serde::de::Error::custom)
    }
}

#[derive(Debug)]
struct Problem {
    at: Option<Range<usize>>,
    reason: String,
}

impl From<toml::de::Error> for Problem {
    fn from(error: toml::de::Error) -> Self {
        Self {
            at: error.span(),
            // Some of the library's sentences go over several lines.
            reason: error.message().trim().replace('\n', "; "),
        }
    }
}

/// Reads what a text says of a server, everything else as built in.
fn profile(text: &str) -> Result<Profile, Problem> {
    if text.len() > MAX_FILE_BYTES {
        return Err(Problem {
            at: None,
            reason: format!("it is longer than {MAX_FILE_BYTES} bytes"),
        });
    }
    let given = DeTable::parse(text)?.into_inner();
    let mut whole = DeTable::parse(Contract::BUILT_IN)?;
    for (section, value) in &given {
        merge(whole.get_mut(), section, value)?;
    }
    let profile = Profile::deserialize(toml::Deserializer::from(whole))?;
    check(&profile, &given)?;
    Ok(profile)
}

/// Puts what a section of a file says in the place of what is built in.
fn merge<'text>(
    whole: &mut DeTable<'text>,
    section: &Spanned<DeString<'text>>,
    value: &Spanned<DeValue<'text>>,
) -> Result<(), Problem> {
    let name = section.get_ref();
    let Some(known) = whole.get_mut(name.as_ref()) else {
        return Err(unknown(section, "there is no such section"));
    };
    let (DeValue::Table(known), DeValue::Table(members)) = (known.get_mut(), value.get_ref())
    else {
        return Err(unknown(section, "this is a section: write it in brackets"));
    };
    for (member, value) in members {
        let Some(known) = known.get_mut(member.get_ref().as_ref()) else {
            return Err(unknown(member, &format!("[{name}] has no such field")));
        };
        *known = match (name.as_ref(), member.get_ref().as_ref()) {
            ("answers", "token") => beside(known, value),
            _ => value.clone(),
        };
    }
    Ok(())
}

/// A fresh token must not be missed: names for it come in front of those that are known, not in their place.
fn beside<'text>(
    known: &Spanned<DeValue<'text>>,
    given: &Spanned<DeValue<'text>>,
) -> Spanned<DeValue<'text>> {
    let list = |value: &Spanned<DeValue<'text>>| match value.get_ref() {
        DeValue::Array(list) => list.iter().cloned().collect(),
        _ => vec![value.clone()],
    };
    let all: Vec<_> = list(given).into_iter().chain(list(known)).collect();
    Spanned::new(given.span(), DeValue::Array(all.into_iter().collect()))
}

fn unknown(name: &Spanned<DeString<'_>>, what: &str) -> Problem {
    Problem {
        at: Some(name.span()),
        reason: format!("{}: {what}", name.get_ref().escape_debug()),
    }
}

/// What no field by itself can show.
fn check(profile: &Profile, given: &DeTable<'_>) -> Result<(), Problem> {
    let at = |section: &str, members: [&str; 2]| {
        let section = given.get(section)?.get_ref().as_table()?;
        let mut members = members.into_iter().filter_map(|member| section.get(member));
        members.next().map(Spanned::span)
    };
    if let Some((first, second)) = profile.calls.same_writes() {
        let (first, second) = (first.name(), second.name());
        return Err(Problem {
            at: at("calls", [second, first]),
            reason: format!("{first} and {second} would be the same request"),
        });
    }
    let all = [
        ("key", &profile.key),
        ("user", &profile.user),
        ("team", &profile.team),
        ("ability", &profile.ability),
        ("new_key", &profile.new_key),
    ];
    for (section, names) in all {
        if let Some((first, second)) = names.ambiguous() {
            return Err(Problem {
                at: at(section, [second, first]),
                reason: format!("{first} and {second} have the same name"),
            });
        }
    }
    Ok(())
}

/// The line at which something begins, from 1.
fn line_of(text: &str, at: &Range<usize>) -> usize {
    let before = text.as_bytes().iter().take(at.start);
    before.filter(|byte| **byte == b'\n').count() + 1
}
