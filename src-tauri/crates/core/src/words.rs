//! Words that more than one use case says.
//!
//! Left out: the sentences of each use case, which stand beside it.

use crate::text::{collapsed, cut};
use crate::view::KeyRow;

/// How much of a name a sentence or a dialog shows, in characters.
const NAME_IN_A_SENTENCE: usize = 60;

/// The key as a sentence names it.
pub(crate) fn named(key: &KeyRow) -> String {
    named_as(&key.name, &key.last_eight)
}

/// A key of this name and tail as a sentence names it.
pub(crate) fn named_as(name: &str, last_eight: &str) -> String {
    let name = collapsed(name);
    if name.is_empty() {
        format!("the key without a name (…{last_eight})")
    } else {
        format!("“{}”", cut(&name, NAME_IN_A_SENTENCE))
    }
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
