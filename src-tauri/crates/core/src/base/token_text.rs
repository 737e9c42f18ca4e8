//! What may be seen of a token in a text: its last 8 characters, never more.
//!
//! A token never gets into the database, so whatever the user types or brings in a file is looked at here before it is
//! kept. Left out: whether a token is a real one, which its checksum says (`pulseapi`).

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_token_is_recognised_wherever_it_stands() {
        for text in [
            "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9",
            "CI aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9 x",
            "7|aaaaaaaaaaaaaaaa",
            "PULSE_TOKEN=7|aaaaaaaaaaaaaaaa",
        ] {
            assert!(has_token(text), "{text}");
            assert_eq!(last_eight(text), Err(WHOLE_TOKEN.to_owned()));
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
}
