//! The fresh token in the answer to a write that brings one, wherever it stands in it.
//!
//! The shape of that answer is only assumed, and its token is shown this once: what has a token's form is taken out at
//! any depth, under any name, escaped or not, out of a body that is cut off, is no JSON, or comes with any status. The
//! one way in is [`token_in`]. Which of several it is: the one that the record beside it ends in, else one that is not
//! called old, belongs to the key that was rotated, and whose checksum is right. The credential that the request was
//! sent with is never the fresh token.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

use crate::id::KeyId;
use crate::token::BearerToken;
use crate::unescape::views;

/// The random part of a token: this many letters and digits.
const RANDOM_CHARS: usize = 40;

/// The CRC-32 of the random part, as lower-case hex digits; older tokens have none.
const CHECKSUM_CHARS: usize = 8;

/// More than a prefix, the random part and the checksum of any token in use.
const MAX_TOKEN_BYTES: usize = RANDOM_CHARS + CHECKSUM_CHARS + 64;

/// More than any answer about one key, in bytes. In a longer one only the form counts.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// More than any id in front of a token.
const MAX_ID_BYTES: usize = 64;

/// Where a token is searched for.
#[derive(Clone, Copy)]
pub(crate) struct TokenSearch<'a> {
    /// The body as far as it arrived.
    pub(crate) body: &'a [u8],
    /// Whether that is all of it, so that a token may end where it ends.
    pub(crate) is_whole: bool,
    /// Whether the status was one of success. Otherwise only what is proved to be a token, or bears the id of the key
    /// that was rotated, counts: an explanation may show what a token looks like.
    pub(crate) is_success: bool,
    /// The key that was rotated.
    pub(crate) rotated: Option<&'a KeyId>,
    /// The id of the record in the answer, if it has one.
    pub(crate) record: Option<&'a KeyId>,
    /// What the token ends in, as the record in the answer says.
    pub(crate) last_eight: Option<&'a str>,
    /// The credential that the request was sent with.
    pub(crate) credential: &'a BearerToken,
    /// What the contract calls a token.
    pub(crate) names: &'a [String],
}

/// How well a text is known to be the fresh token. The order of the fields is the order of their weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The record beside it says that its token ends like this.
    ends_as_told: bool,
    /// It is known where it begins: at its id, or at a quote. A body alone may have the rest of an escape before it.
    has_beginning: bool,
    /// What it stands under does not say that it is an old one.
    is_current: bool,
    /// It has the form of a token, and is not only in the place of one.
    has_form: bool,
    /// It bears the id of the key that was rotated, or of the record in the answer.
    is_of_key: bool,
    /// Its checksum is right.
    is_proved: bool,
    /// It is called a token, or something like it.
    is_named: bool,
    /// Its id is a number.
    is_numbered: bool,
}

struct Candidate {
    rank: Rank,
    token: BearerToken,
}

/// The fresh token, if there is one.
pub(crate) fn token_in(search: &TokenSearch<'_>) -> Option<BearerToken> {
    let mut best: Option<Candidate> = None;
    let mut offer = |rank: Rank, text: &[u8]| {
        if let Some(candidate) = search.candidate(rank, text)
            && best.as_ref().is_none_or(|best| candidate.rank > best.rank)
        {
            best = Some(candidate);
        }
    };
    for view in views(search.body) {
        search.by_form(&view, &mut offer);
    }
    if search.is_success && search.body.len() <= MAX_ANSWER_BYTES {
        by_place(search.body, search.names, &mut offer);
    }
    best.map(|best| best.token)
}

impl TokenSearch<'_> {
    fn candidate(&self, mut rank: Rank, text: &[u8]) -> Option<Candidate> {
        let text = SecretString::from(std::str::from_utf8(text).ok()?);
        let token = BearerToken::parse(text.expose_secret()).ok()?;
        if is_same(&token, self.credential) {
            return None;
        }
        let id = token.record_id();
        let is_of = |key: Option<&KeyId>| key.is_some_and(|key| id == Some(key.as_str()));
        rank.is_of_key = is_of(self.rotated) || is_of(self.record);
        rank.is_numbered = id.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        rank.ends_as_told =
            self.last_eight.is_some() && token.last_eight().as_deref() == self.last_eight;
        let counts = self.is_success || rank.is_proved || (rank.has_form && is_of(self.rotated));
        counts.then_some(Candidate { rank, token })
    }

    /// Offers what has the form of a token: an id, a bar and a body; or a body alone whose checksum is right.
    fn by_form(&self, view: &[u8], offer: &mut impl FnMut(Rank, &[u8])) {
        let mut at = 0;
        while let Some(run) = next_run(view, at) {
            at = run.end;
            let body = &view[run.start..run.end];
            let Some((length, is_proved)) = self.form(body, run.end < view.len()) else {
                continue;
            };
            let end = run.start + length;
            let ids = ids_before(view, run.start, self.rotated);
            if ids.is_empty() && !is_proved {
                continue;
            }
            let start = ids.first().copied().unwrap_or(run.start);
            let rank = Rank {
                has_beginning: !ids.is_empty(),
                is_proved,
                has_form: true,
                ..named(&view[..start])
            };
            if ids.is_empty() {
                offer(rank, &view[run.start..end]);
            }
            for id in ids {
                offer(rank, &view[id..end]);
            }
        }
    }

    /// How much of a run of letters, digits and joints is the body of a token, and whether its checksum says so.
    fn form(&self, run: &[u8], is_terminated: bool) -> Option<(usize, bool)> {
        let whole = RANDOM_CHARS + CHECKSUM_CHARS;
        let within = run.len().min(MAX_TOKEN_BYTES);
        if let Some(end) = (whole..=within).find(|end| is_proved(&run[end - whole..*end])) {
            return Some((end, true));
        }
        let random = &run[run.len().checked_sub(RANDOM_CHARS)?..];
        let has_form = run.len() <= MAX_TOKEN_BYTES && random.iter().all(u8::is_ascii_alphanumeric);
        (has_form && (is_terminated || self.is_whole)).then_some((run.len(), false))
    }
}

/// Letters, digits and joints without a gap, at least as many as a token's random part has.
fn next_run(view: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
    let mut start = from;
    loop {
        start += view
            .get(start..)?
            .iter()
            .position(|byte| is_of_body(*byte))?;
        let rest = &view[start..];
        let length = rest
            .iter()
            .position(|byte| !is_of_body(*byte))
            .unwrap_or(rest.len());
        if length >= RANDOM_CHARS {
            return Some(start..start + length);
        }
        start += length;
    }
}

fn is_of_body(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether the last 8 of 48 characters are the checksum of the others.
fn is_proved(text: &[u8]) -> bool {
    let (random, checksum) = text.split_at(RANDOM_CHARS);
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    checksum.iter().all(is_hex)
        && random.iter().all(u8::is_ascii_alphanumeric)
        && std::str::from_utf8(checksum)
            .ok()
            .and_then(|text| u32::from_str_radix(text, 16).ok())
            == Some(crc32fast::hash(random))
}

/// Where the id of a token may begin whose body begins at `body`: nowhere if there is no bar. What stands before an id
/// without a gap may be what is left of an escape, so that the id of the rotated key and a number are offered too.
fn ids_before(view: &[u8], body: usize, rotated: Option<&KeyId>) -> Vec<usize> {
    let Some(bar) = body.checked_sub(1).filter(|bar| view[*bar] == b'|') else {
        return Vec::new();
    };
    let run = |is_of_id: fn(&u8) -> bool| {
        view[..bar]
            .iter()
            .rev()
            .take(MAX_ID_BYTES)
            .take_while(|byte| is_of_id(byte))
            .count()
    };
    let lengths = [
        rotated
            .map(|key| key.as_str().as_bytes())
            .filter(|key| view[..bar].ends_with(key))
            .map_or(0, <[u8]>::len),
        run(|byte| byte.is_ascii_alphanumeric() || *byte == b'-'),
        run(u8::is_ascii_digit),
    ];
    let mut starts: Vec<usize> = Vec::new();
    for length in lengths {
        let start = bar - length;
        if length > 0 && !starts.contains(&start) {
            starts.push(start);
        }
    }
    starts
}

/// What the name says under which the text behind `before` stands, as JSON names its members.
fn named(before: &[u8]) -> Rank {
    let is_mark = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'\\');
    let trimmed = |text: &[u8]| text.iter().rev().take_while(|byte| is_mark(byte)).count();
    let before = &before[..before.len() - trimmed(before)];
    let Some((b':' | b'=', before)) = before.split_last() else {
        return Rank {
            is_current: true,
            ..Rank::default()
        };
    };
    let before = &before[..before.len() - trimmed(before)];
    let length = before
        .iter()
        .rev()
        .take(MAX_ID_BYTES)
        .take_while(|byte| is_of_body(**byte))
        .count();
    let name = before[before.len() - length..].to_ascii_lowercase();
    let says = |words: &[&str]| {
        words
            .iter()
            .any(|word| name.windows(word.len()).any(|part| part == word.as_bytes()))
    };
    Rank {
        is_current: !says(&[
            "old", "previous", "former", "revoked", "expired", "replaced",
        ]),
        is_named: says(&[
            "token",
            "secret",
            "plain",
            "bearer",
            "credential",
            "api_key",
            "apikey",
        ]),
        ..Rank::default()
    }
}

/// Offers what stands as a whole text behind a name that the contract has for it, or that Laravel and its kin give it,
/// whatever its form.
fn by_place(body: &[u8], names: &[String], offer: &mut impl FnMut(Rank, &[u8])) {
    for name in names {
        behind(body, format!("\"{name}\"").as_bytes(), offer);
    }
}

fn behind(body: &[u8], name: &[u8], offer: &mut impl FnMut(Rank, &[u8])) {
    let mut rest = body;
    while let Some(start) = rest.windows(name.len()).position(|part| part == name) {
        rest = &rest[start + name.len()..];
        let Some(value) = rest.trim_ascii_start().strip_prefix(b":") else {
            continue;
        };
        // Reads the one value at the beginning; a text without its closing quote is an error, and so is none.
        let mut values = serde_json::Deserializer::from_slice(value).into_iter::<String>();
        let Some(Ok(text)) = values.next() else {
            continue;
        };
        let text = Zeroizing::new(text);
        // As RFC 6750 has it, and the bar. A row of asterisks is no token, nor is a hint in brackets.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=|".contains(&byte);
        if text.bytes().all(is_plain) {
            let rank = Rank {
                has_beginning: true,
                is_current: true,
                is_named: true,
                ..Rank::default()
            };
            offer(rank, text.as_bytes());
        }
    }
}

/// Whether one is the other, or a part of it: a server may repeat what it was sent.
fn is_same(token: &BearerToken, credential: &BearerToken) -> bool {
    let (token, credential) = (secret_part(token), secret_part(credential));
    token.contains(credential) || credential.contains(token)
}

fn secret_part(token: &BearerToken) -> &str {
    let token = token.secret().expose_secret();
    token.split_once('|').map_or(token, |(_, body)| body)
}

/// A text in which whatever looks like a token, or like a good part of one, is made unreadable.
pub(crate) fn without_tokens(text: &str) -> String {
    const MIN_SECRET_CHARS: usize = 16;
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, run) = rest.split_at(start);
        told.push_str(before);
        let is_of_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|');
        let end = run.find(|c: char| !is_of_run(c)).unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        let body = run.rsplit('|').next().unwrap_or(run);
        let tells = if body.len() < run.len() {
            body.len() >= MIN_SECRET_CHARS
        } else {
            body.len() >= RANDOM_CHARS
        };
        told.push_str(if tells { "[token]" } else { run });
        rest = after;
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
#[path = "rescue_tests.rs"]
mod tests;
