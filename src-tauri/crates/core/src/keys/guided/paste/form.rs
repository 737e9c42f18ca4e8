//! What the form of a pasted token tells, before anybody is asked: a whole token, none, or something in between.
//!
//! Only what can't be a whole token is refused. Older tokens and those of other servers have no checksum: of them it is
//! said that nothing proves them whole, and the user decides.

use pulseapi::BearerToken;
use secrecy::{ExposeSecret as _, SecretString};

/// The length of a token's secret part, in characters, and of the checksum after it.
const SECRET_CHARS: usize = 40;
const CHECKSUM_CHARS: usize = 8;

/// Less than this is a word, not a token of another form.
const MIN_UNKNOWN_CHARS: usize = 20;

const MISSING: &str = "Paste the new token.";
const MASKED: &str =
    "Part of this token is hidden. Copy the whole token where the web screen shows it once.";
const MORE: &str = "There is more than the token in this. Paste the token alone.";
const NO_TOKEN: &str = "This is not a token: it is too short.";
const CUT_OFF: &str = "This token is cut off. Copy it again, to its end.";
const DAMAGED: &str =
    "This token is damaged: its last 8 characters don’t fit the others. Copy it again.";

/// A text that may be a token.
#[derive(Debug)]
pub(crate) struct Pasted {
    pub(crate) token: BearerToken,
    pub(crate) last_eight: String,
    /// What speaks against its being whole; none where its checksum proves it.
    pub(crate) doubt: Option<&'static str>,
}

/// Reads it, or says why it can't be a whole token. Never repeats it.
pub(crate) fn read(pasted: &SecretString) -> Result<Pasted, String> {
    let text = pasted.expose_secret().trim();
    if text.is_empty() {
        return Err(MISSING.to_owned());
    }
    let is_mask = |c: char| matches!(c, '…' | '•' | '●' | '·' | '⋯' | '*');
    if text.contains(is_mask) || text.contains("...") {
        return Err(MASKED.to_owned());
    }
    let token = BearerToken::parse(text).map_err(|error| error.to_string())?;
    let doubt = doubt(&token)?;
    let last_eight = token.last_eight().ok_or(NO_TOKEN)?;
    Ok(Pasted {
        token,
        last_eight,
        doubt,
    })
}

fn doubt(token: &BearerToken) -> Result<Option<&'static str>, &'static str> {
    let text = token.secret().expose_secret();
    let has_id = token.record_id().is_some();
    let is_genuine = usage::recognise(text.as_bytes(), &[])
        .iter()
        .any(|found| found.level == usage::Level::Unlisted);
    if is_genuine {
        let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '|' | '_' | '-');
        return match text.chars().all(is_of_token) {
            false => Err(MORE),
            true if has_id => Ok(None),
            true => Ok(Some(
                "It does not begin with a number and a bar, as tokens of PulseAPI do: its beginning may be missing.",
            )),
        };
    }
    let body = text.split_once('|').map_or(text, |(_, body)| body);
    let secret = body.rsplit_once('_').map_or(body, |(_, secret)| secret);
    if !secret.chars().all(|c| c.is_ascii_alphanumeric()) {
        return unknown(text);
    }
    match secret.len() {
        length if length < SECRET_CHARS && has_id => Err(CUT_OFF),
        SECRET_CHARS => Ok(Some(
            "It has no checksum, as older tokens have none, so nothing proves that it is whole.",
        )),
        length if length > SECRET_CHARS && length < SECRET_CHARS + CHECKSUM_CHARS => Ok(Some(
            "It is shorter than a token with its checksum, so its end may be missing.",
        )),
        length if length >= SECRET_CHARS + CHECKSUM_CHARS && ends_like_a_checksum(secret) => {
            Err(DAMAGED)
        }
        _ => unknown(text),
    }
}

fn unknown(text: &str) -> Result<Option<&'static str>, &'static str> {
    if text.len() < MIN_UNKNOWN_CHARS {
        return Err(NO_TOKEN);
    }
    Ok(Some(
        "It does not have the form of a token of PulseAPI, so nothing proves that it is one or whole.",
    ))
}

/// Whether its end has the form of a checksum. One that is hexadecimal from its beginning has another form.
fn ends_like_a_checksum(secret: &str) -> bool {
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let (before, end) = secret.as_bytes().split_at(secret.len() - CHECKSUM_CHARS);
    end.iter().all(is_hex) && !before.iter().all(is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";

    fn said(text: &str) -> Result<Option<&'static str>, String> {
        read(&SecretString::from(text)).map(|pasted| pasted.doubt)
    }

    #[test]
    fn a_whole_token_is_proved_by_its_checksum() {
        for text in [TOKEN.to_owned(), format!(" Bearer {TOKEN}\n")] {
            assert_eq!(said(&text), Ok(None), "{text}");
        }
        let pasted = read(&SecretString::from(TOKEN)).unwrap();
        assert_eq!(pasted.last_eight, "cb4a95b9");
        assert!(!format!("{pasted:?}").contains("aB3dE5"));
    }

    #[test]
    fn what_can_not_be_a_whole_token_is_refused_and_never_repeated() {
        let token = |cut: usize| TOKEN[..TOKEN.len() - cut].to_owned();
        for (text, why) in [
            (" ".to_owned(), MISSING),
            ("hello".to_owned(), NO_TOKEN),
            ("1042|pulse_••••••••cb4a95b9".to_owned(), MASKED),
            ("...cb4a95b9".to_owned(), MASKED),
            (token(20), CUT_OFF),
            (TOKEN.replace("aB3d", "aB4d"), DAMAGED),
            (format!("PULSE_TOKEN={TOKEN}"), MORE),
            (format!("\"{TOKEN}\""), MORE),
        ] {
            assert_eq!(said(&text), Err(why.to_owned()), "{text}");
        }
        let two = said(&format!("{TOKEN} {TOKEN}")).unwrap_err();
        assert!(!two.contains("aB3dE5"), "{two}");
    }

    #[test]
    fn what_has_no_checksum_is_doubted_and_not_refused() {
        let secret = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";
        for text in [
            format!("1042|{secret}"),
            TOKEN[..TOKEN.len() - 3].to_owned(),
            TOKEN.split_once('|').unwrap().1.to_owned(),
            format!("7|{}", "0123456789abcdef".repeat(4)),
            "pk-live-0123456789abcdef".to_owned(),
        ] {
            assert!(
                matches!(said(&text), Ok(Some(_))),
                "{text}: {:?}",
                said(&text)
            );
        }
    }
}
