//! Tables of what the app says, compared with those in `tests/fixtures`.
//!
//! `PULSE_KEYS_REGENERATE=1 cargo test -p pulse-keys-tests --test it -- the_table_of` writes them anew.

use std::path::Path;

use pulse_keys_core::view::UiError;

/// Errors as they stand on screen; each says what to do, not only what happened.
pub(crate) fn words(errors: &[UiError]) -> String {
    assert!(!errors.is_empty());
    let mut words = Vec::new();
    for error in errors {
        assert!(!error.hint.is_empty(), "{error:?}");
        words.push(format!("{} *{}*", error.message, error.hint));
    }
    words.join(" ")
}

/// Without what differs from run to run and from system to system: tails of tokens, times, the system's own words.
pub(crate) fn lasting(says: &str) -> String {
    let says = replaced(says, "(…", ")", "last 8");
    let says = replaced(&says, "wait until ", " UTC", "TIME");
    let says = replaced(&says, "such key at ", " UTC", "TIME");
    let says = replaced(&says, "request had been sent. At ", " UTC", "TIME");
    let says = replaced(&says, "still there at ", " UTC", "TIME");
    let says = replaced(&says, "its token …", ",", "last 8");
    let says = replaced(&says, "was complete: ", ". ", "…");
    replaced(&says, "can't be reached: ", ". ", "…")
}

fn replaced(text: &str, before: &str, after: &str, by: &str) -> String {
    let Some((head, rest)) = text.split_once(before) else {
        return text.to_owned();
    };
    let (_, tail) = rest.split_once(after).unwrap();
    format!("{head}{before}{by}{after}{tail}")
}

/// Compares a table with the file, line by line, or writes it anew.
pub(crate) fn is_as_written(file: &str, table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(file);
    if std::env::var_os("PULSE_KEYS_REGENERATE").is_some() {
        std::fs::write(&file, table).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    for (now, then) in table.lines().zip(written.lines()) {
        assert_eq!(
            now, then,
            "see the head of this file for how to write the table anew"
        );
    }
    assert_eq!(table.lines().count(), written.lines().count());
}
