//! Words that more than one use case says.
//!
//! Left out: the sentences of each use case, which stand beside it.

use crate::base::text::one_line;
use crate::records::key::KeyRow;

/// How much of a name a sentence or a dialog shows, in cells of a Latin letter.
const MAX_NAME_CHARS: usize = 60;

/// How much of what should be the last 8 characters of a token: the service may say anything.
const MAX_TAIL_CHARS: usize = 16;

/// The key as a sentence names it.
pub(crate) fn named(key: &KeyRow) -> String {
    named_as(&key.name, &key.last_eight)
}

/// A key of this name and tail as a sentence names it.
pub(crate) fn named_as(name: &str, last_eight: &str) -> String {
    let name = one_line(name, MAX_NAME_CHARS);
    if name.is_empty() {
        format!("the key without a name (…{})", tail(last_eight))
    } else {
        format!("“{name}”")
    }
}

/// The last 8 characters of a token as a sentence shows them.
pub(crate) fn tail(last_eight: &str) -> String {
    one_line(last_eight, MAX_TAIL_CHARS)
}

/// What the user called an account as a sentence shows it.
pub(crate) fn labelled(label: &str) -> String {
    one_line(label, MAX_NAME_CHARS)
}

/// The sentence with a capital at its beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// "1 token", "2 tokens".
pub(crate) fn tokens(count: usize) -> String {
    if count == 1 {
        "1 token".to_owned()
    } else {
        format!("{count} tokens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_name_nor_a_tail_can_be_long_or_break_its_sentence() {
        let long = "x\ny ".repeat(5_000);
        for named in [named_as(&long, "ab12cd34"), named_as("", &long)] {
            assert!(named.chars().count() < 100, "{named}");
            assert!(!named.contains('\n'), "{named}");
        }
        assert_eq!(named_as("CI", "ab12cd34"), "“CI”");
        assert_eq!(
            named_as(" ", "ab12cd34"),
            "the key without a name (…ab12cd34)"
        );
        assert_eq!(tail("ab12cd34"), "ab12cd34");
    }
}
