//! From JSON to types, tolerantly: unknown fields are ignored, an optional field may be missing or
//! null, a resource or a list comes bare or inside `data`.
//!
//! A field that is there but unreadable is an error with its path, not a missing one; only a time
//! may be unreadable without that (`told`). The library's messages are not passed on, for they
//! repeat values, and a value may be a token.

use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed as _, IgnoredAny};
use serde_json::Value;

use crate::answer::Answer;
use crate::error::{Error, Mismatch};
use crate::id::KeyId;
use crate::model::{Ability, ApiKey, NewToken, User};
use crate::paging::Paging;
use crate::picked::{Kind, Picked, RECORD};
use crate::profile::Profile;
use crate::rescue::{self, TokenSearch};
use crate::token::BearerToken;
use crate::wire::{WireAbility, WireKey, WireUser};

/// One page of keys as the server gave it.
pub(crate) struct ListedPage {
    pub(crate) keys: Vec<ApiKey>,
    /// How many entries are no keys that can be read.
    pub(crate) unreadable: usize,
    pub(crate) paging: Paging,
}

/// The user.
pub(crate) fn user(answer: &Answer, profile: &Profile) -> Result<User, Error> {
    let (value, place) = unwrapped(json(answer)?, &profile.answers.record);
    shaped::<WireUser>(value, Picked::record(profile, &profile.user), place).map(User::from)
}

/// One key.
pub(crate) fn key(answer: &Answer, profile: &Profile) -> Result<ApiKey, Error> {
    let (value, place) = unwrapped(json(answer)?, &profile.answers.record);
    shaped::<WireKey>(value, Picked::record(profile, &profile.key), place).map(ApiKey::from)
}

/// The abilities that exist.
pub(crate) fn abilities(answer: &Answer, profile: &Profile) -> Result<Vec<Ability>, Error> {
    let (value, place) = unwrapped(json(answer)?, &profile.answers.list);
    let names = Picked::record(profile, &profile.ability);
    let list = shaped::<Vec<WireAbility>>(value, names, place)?;
    Ok(list.into_iter().map(Ability::from).collect())
}

/// One page of the list of keys. An entry that can't be read is counted and hides no other; a page on which none can
/// be read is none of keys.
/// `number` is the page that was asked for, from 1.
pub(crate) fn page(answer: &Answer, profile: &Profile, number: u32) -> Result<ListedPage, Error> {
    let list = &profile.answers.list;
    let value = paginator(json(answer)?, list);
    let paging = Paging::of(value.as_object(), &answer.headers, number, &profile.pages);
    let (value, place) = unwrapped(value, list);
    let Value::Array(entries) = value else {
        return Err(misshapen(place.to_owned()));
    };
    let mut keys = Vec::with_capacity(entries.len());
    let mut failures = Vec::new();
    let names = Picked::record(profile, &profile.key);
    for (index, entry) in entries.into_iter().enumerate() {
        match shaped::<WireKey>(entry, names, &format!("{place}[{index}]")) {
            Ok(key) => keys.push(ApiKey::from(key)),
            Err(error) => failures.push(error),
        }
    }
    let unreadable = failures.len();
    match failures.into_iter().next() {
        Some(first) if keys.is_empty() => Err(first),
        _ => Ok(ListedPage {
            keys,
            unreadable,
            paging,
        }),
    }
}

/// A list, whatever its entries are.
pub(crate) fn any_list(answer: &Answer, profile: &Profile) -> Result<(), Error> {
    match unwrapped(json(answer)?, &profile.answers.list) {
        (Value::Array(_), _) => Ok(()),
        (_, place) => Err(misshapen(place.to_owned())),
    }
}

/// A key with the token that is shown this once, which is assumed to stand beside `data`.
///
/// The token is what counts: it is taken out of the answer wherever it stands (`rescue`), whatever the `trouble` with
/// the rest of it. `rotated` is the key that was rotated, if it was no new one that was made.
pub(crate) fn new_token(
    answer: &Answer,
    trouble: Option<Error>,
    rotated: Option<&KeyId>,
    credential: &BearerToken,
    profile: &Profile,
) -> Result<NewToken, Error> {
    let is_json = serde_json::from_slice::<IgnoredAny>(&answer.body).is_ok();
    let key = key_beside_token(&answer.body, profile);
    let search = TokenSearch {
        body: &answer.body,
        // A JSON document never ends with a token.
        is_whole: answer.is_whole && (is_json || !is_structured(&answer.body)),
        is_success: answer.status.is_success(),
        rotated,
        record: key.as_ref().map(|key| &key.id),
        last_eight: key.as_ref().map(|key| key.last_eight.as_str()),
        credential,
        names: &profile.answers.token,
    };
    match rescue::token_in(&search) {
        Some(token) => Ok(NewToken {
            key,
            token,
            request_id: answer.request_id(),
        }),
        None => Err(trouble.or_else(|| unfinished(answer)).unwrap_or_else(|| {
            if is_json {
                let name = profile.answers.token.first();
                misshapen(name.cloned().unwrap_or_default())
            } else {
                Error::NotPulseApi {
                    reason: answer.not_json(),
                }
            }
        })),
    }
}

/// The record in an answer with a token. Nothing else of the answer is kept.
fn key_beside_token(body: &[u8], profile: &Profile) -> Option<ApiKey> {
    let read = |kind| {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let picked = Picked { profile, kind }.deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        Some(picked)
    };
    let names = &profile.key;
    let wrapped = read(Kind::Around(names)).and_then(|mut around| {
        let record = around.get_mut(RECORD)?.take();
        WireKey::deserialize(record).ok()
    });
    let bare = || WireKey::deserialize(read(Kind::Record(names))?).ok();
    wrapped.or_else(bare).map(ApiKey::from)
}

/// Whether a body begins like a JSON document or a web page: then its end is no end of a text in it.
fn is_structured(body: &[u8]) -> bool {
    matches!(
        body.trim_ascii_start().first(),
        Some(b'{' | b'[' | b'"' | b'<')
    )
}

/// A success that says that it is none yet, or that its body has to be read for what succeeded.
fn unfinished(answer: &Answer) -> Option<Error> {
    let status = answer.status;
    let is_unfinished = matches!(status, StatusCode::ACCEPTED | StatusCode::MULTI_STATUS);
    is_unfinished.then(|| Error::NotFinished {
        status: status.as_u16(),
    })
}

/// Whether a success without a resource is one that PulseAPI gives: nothing, or JSON. Of those that say that they are
/// none yet, the contract may name some that are.
pub(crate) fn nothing(answer: &Answer, profile: &Profile) -> Result<(), Error> {
    let is_done = profile.answers.deleted.contains(&answer.status);
    if let Some(error) = unfinished(answer).filter(|_| !is_done) {
        return Err(error);
    }
    if answer.body.is_empty() && !answer.is_html() {
        return Ok(());
    }
    any_json(answer).map(|_| ())
}

fn json(answer: &Answer) -> Result<Value, Error> {
    match unfinished(answer) {
        Some(error) => Err(error),
        None => any_json(answer),
    }
}

fn any_json(answer: &Answer) -> Result<Value, Error> {
    serde_json::from_slice(&answer.body).map_err(|_| Error::NotPulseApi {
        reason: answer.not_json(),
    })
}

/// A paginator that was put whole into what a list stands in, or the value itself.
fn paginator(mut value: Value, list: &str) -> Value {
    match value.get_mut(list) {
        Some(inner) if inner.get(list).is_some_and(Value::is_array) => inner.take(),
        _ => value,
    }
}

/// What stands in the member of that name, with the name for paths; or the value itself.
fn unwrapped(value: Value, name: &str) -> (Value, &str) {
    match value {
        Value::Object(mut fields) => match fields.remove(name) {
            Some(inner) => (inner, name),
            None => (Value::Object(fields), ""),
        },
        other => (other, ""),
    }
}

/// The value as a type, or the path at which it is none, as the server names it.
fn shaped<T: DeserializeOwned>(value: Value, names: Picked<'_>, place: &str) -> Result<T, Error> {
    let value = names
        .deserialize(value)
        .map_err(|_| misshapen(place.to_owned()))?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut path = error.path().to_string();
        if path == "." {
            path.clear();
        }
        if let Some(field) = missing_field(&error.inner().to_string()) {
            path = joined(&path, field);
        }
        misshapen(joined(place, &names.told(&path)))
    })
}

/// The field that serde misses. Its messages name it; the name is one of ours.
fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

fn joined(place: &str, path: &str) -> String {
    let dot = if place.is_empty() || path.is_empty() || path.starts_with('[') {
        ""
    } else {
        "."
    };
    format!("{place}{dot}{path}")
}

fn misshapen(path: String) -> Error {
    let path = if path.is_empty() {
        ".".to_owned()
    } else {
        path
    };
    Error::NotPulseApi {
        reason: Mismatch::Shape { path },
    }
}
