//! What may stand in the user's own list: one rule for what is typed, what is pasted and what the page sends back.
//!
//! A token never gets into the database, so nothing that looks like a whole one is taken, wherever it stands.

use crate::base::text::{collapsed, sanitized};

/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 255;

/// The longest name of an ability, in characters, and how many a key has at most.
const MAX_ABILITY_CHARS: usize = 100;
const MAX_ABILITIES: usize = 100;

/// So many letters and digits in a row are no word. The secret part of a token is longer.
const MAX_WORD_CHARS: usize = 32;

/// So many behind a record id and a bar are a token, be it a short one.
const MIN_BODY_CHARS: usize = 12;

/// What is said where a whole token stands.
pub(crate) const WHOLE_TOKEN: &str =
    "A whole token does not belong here, only its last 8 characters.";

/// Whether some part of the text could be a whole token.
pub(crate) fn has_token(text: &str) -> bool {
    let is_long = |run: &str| run.chars().count() >= MAX_WORD_CHARS;
    let mut runs = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    if runs.any(is_long) {
        return true;
    }
    text.split_whitespace().any(|word| {
        word.split_once('|').is_some_and(|(id, body)| {
            let end = id.chars().last();
            let begins = body
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_');
            end.is_some_and(|c| c.is_ascii_alphanumeric()) && begins.count() >= MIN_BODY_CHARS
        })
    })
}

/// A name as it is kept; it may be empty.
pub(crate) fn name(text: &str) -> Result<String, String> {
    if has_token(text) {
        return Err(WHOLE_TOKEN.to_owned());
    }
    let name = collapsed(&sanitized(text));
    let length = name.chars().count();
    if length > MAX_NAME_CHARS {
        return Err(format!(
            "A name has at most {MAX_NAME_CHARS} characters; this one has {length}."
        ));
    }
    Ok(name)
}

/// The last 8 characters, out of what the web screen shows of a token: dots or an ellipsis may stand before them.
pub(crate) fn last_eight(text: &str) -> Result<String, String> {
    let text = text.trim();
    if has_token(text) {
        return Err(WHOLE_TOKEN.to_owned());
    }
    let tail = text.rsplit(is_mask).next().unwrap_or_default();
    let length = tail.chars().count();
    if tail.len() == 8 && tail.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(tail.to_owned())
    } else if tail.is_empty() {
        Err("The last 8 characters are missing.".to_owned())
    } else if length == 8 {
        Err("The last 8 characters of a token are letters and digits.".to_owned())
    } else {
        Err(format!("These are {length} characters, not the last 8."))
    }
}

/// What stands in place of the hidden part of a token.
pub(crate) fn is_mask(character: char) -> bool {
    matches!(character, '…' | '.' | '•' | '*' | '●' | '·' | '⋯' | ' ')
}

/// Abilities, out of a text with commas, semicolons or white space between them.
pub(crate) fn abilities(text: &str) -> Result<Vec<String>, String> {
    if has_token(text) {
        return Err(WHOLE_TOKEN.to_owned());
    }
    let mut all: Vec<String> = Vec::new();
    for ability in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')) {
        let ability = sanitized(ability);
        if !ability.is_empty() && !all.contains(&ability) {
            all.push(ability);
        }
    }
    if all.len() > MAX_ABILITIES
        || all
            .iter()
            .any(|each| each.chars().count() > MAX_ABILITY_CHARS)
    {
        return Err("These are no abilities.".to_owned());
    }
    Ok(all)
}

/// Whether a text is nothing but abilities, as the service names them.
pub(crate) fn are_abilities(text: &str) -> bool {
    let mut parts = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|part| !part.is_empty())
        .peekable();
    parts.peek().is_some()
        && parts.all(|part| {
            let words = |word: &str| {
                !word.is_empty()
                    && word
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_' | '*'))
            };
            part == "*"
                || part
                    .split_once(':')
                    .is_some_and(|(a, b)| words(a) && words(b))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_token_is_refused_wherever_it_stands() {
        for text in [
            "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9",
            "CI aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9 x",
            "7|aaaaaaaaaaaaaaaa",
            "PULSE_TOKEN=7|aaaaaaaaaaaaaaaa",
        ] {
            assert!(has_token(text), "{text}");
            assert_eq!(name(text), Err(WHOLE_TOKEN.to_owned()));
            assert_eq!(last_eight(text), Err(WHOLE_TOKEN.to_owned()));
            assert_eq!(abilities(text), Err(WHOLE_TOKEN.to_owned()));
        }
        for text in [
            "Production | monitoring",
            "a|b",
            "CI/CD Pipeline",
            "…ab12cd34",
        ] {
            assert!(!has_token(text), "{text}");
        }
    }

    #[test]
    fn the_last_eight_are_read_as_the_web_screen_shows_them() {
        for text in [
            "ab12cd34",
            " …ab12cd34",
            "...ab12cd34",
            "•••• ab12cd34",
            "pulse_…ab12cd34",
        ] {
            assert_eq!(last_eight(text).as_deref(), Ok("ab12cd34"), "{text}");
        }
        for text in ["", "…", "ab12cd3", "ab12cd345", "ab12-d34", "äb12cd34"] {
            assert!(last_eight(text).is_err(), "{text}");
        }
    }

    #[test]
    fn abilities_come_apart_each_once() {
        let read = abilities("monitors:read, incidents:read;monitors:read").unwrap();
        assert_eq!(read, ["monitors:read", "incidents:read"]);
        assert!(are_abilities("monitors:read api-keys:manage") && are_abilities("*"));
        assert!(!are_abilities("Production") && !are_abilities("14:02") && !are_abilities(""));
    }
}
