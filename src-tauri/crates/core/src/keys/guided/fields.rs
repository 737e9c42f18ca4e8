//! What may stand in the user's own list: one rule for what is typed, what is pasted and what the page sends back.
//!
//! A token never gets into the database, so nothing that looks like a whole one is taken, wherever it stands.

use crate::base::text::{collapsed, sanitized};
use crate::base::token_text::{WHOLE_TOKEN, has_token};

/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 255;

/// The longest name of an ability, in characters, and how many a key has at most.
const MAX_ABILITY_CHARS: usize = 100;
const MAX_ABILITIES: usize = 100;

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
        return Err("These are not abilities.".to_owned());
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
            assert_eq!(abilities(text), Err(WHOLE_TOKEN.to_owned()));
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
