//! "I found this string": which key is it? The same proof as in a search, on a text that the user brings.

use crate::finding::{Encoding, Level};
use crate::matcher::{Extras, Matcher, Met};
use crate::reader;
use crate::search_key::SearchKey;

/// Something in the text that is a key, or looks like one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Recognised {
    /// How sure it is. [`Level::Unlisted`]: genuine by its checksum, and of no key in the list.
    pub level: Level,
    /// The record id of the key.
    pub key: Option<String>,
    /// How it is written.
    pub encoding: Encoding,
    /// The record id and the last 8 characters around dots.
    pub mask: String,
    /// The line it stands on, counted from 1.
    pub line: u64,
}

/// Looks for keys in a text: every one of the list, and every genuine token besides. The surest come first.
#[must_use]
pub fn recognise(text: &[u8], keys: &[SearchKey]) -> Vec<Recognised> {
    let extras = Extras {
        older: true,
        unlisted: true,
        hints: false,
    };
    let matcher = Matcher::new(keys.to_vec(), extras);
    let mut found = Vec::new();
    reader::look(text, &matcher, &mut |met, line| {
        let Met::Match(hit) = met else {
            return;
        };
        found.push(Recognised {
            level: hit.level,
            key: hit.key.map(|key| matcher.keys()[key].id.clone()),
            encoding: hit.encoding,
            mask: hit.mask,
            line,
        });
    });
    found.sort_by_key(|found| (std::cmp::Reverse(found.level), found.line));
    found
}

#[cfg(test)]
mod tests {
    use super::recognise;
    use crate::finding::Level;
    use crate::testing::Token;

    #[test]
    fn a_pasted_token_is_told_apart_from_older_and_foreign_ones() {
        let (mine, older, foreign) = (Token::random("7"), Token::random("7"), Token::random("8"));
        let text = format!("{}\n{}\n{}\n", foreign.whole(), older.whole(), mine.whole());
        let found = recognise(text.as_bytes(), &[mine.search_key()]);
        let told: Vec<_> = found
            .iter()
            .map(|found| (found.level, found.key.as_deref(), found.line))
            .collect();
        let expected = [
            (Level::ThisKey, Some("7"), 3),
            (Level::Older, Some("7"), 2),
            (Level::Unlisted, None, 1),
        ];
        assert_eq!(told, expected);
        assert!(recognise(b"nothing", &[mine.search_key()]).is_empty());
    }
}
