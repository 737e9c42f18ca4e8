//! Text from the server and times, made fit to be read: by eyes that can be deceived, and in words.
//!
//! Left out: how the page cuts long names; it needs the whole one for its tooltip.

use jiff::{Timestamp, Unit};

/// Takes out what could make a name look like another one or break the line it stands in: control characters,
/// line separators, and the marks that change the direction of text (Unicode Technical Report 36, section 2.5).
/// The joiner inside emoji stays.
#[must_use]
pub fn harmless(text: &str) -> String {
    text.chars()
        .filter(|&character| !is_deceiving(character))
        .collect()
}

fn is_deceiving(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{3164}' | '\u{FFA0}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The text with every run of white space made one space, and none at its ends: what a person would type.
#[must_use]
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cut after `limit` characters, with an ellipsis where something was cut.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How long ago, in words. A time in the future (clocks differ) is "just now".
#[must_use]
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs();
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => plural(seconds / 60, "minute"),
        3_600..86_400 => plural(seconds / 3_600, "hour"),
        _ => plural(seconds / 86_400, "day"),
    }
}

fn plural(count: i64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun} ago")
    } else {
        format!("{count} {noun}s ago")
    }
}

/// The exact time, UTC, to the second: "22 Nov 2026 14:02:51 UTC".
#[must_use]
pub fn exact(time: Timestamp) -> String {
    let whole = time.round(Unit::Second).unwrap_or(time);
    whole.strftime("%-d %b %Y %H:%M:%S UTC").to_string()
}

/// The time of day, UTC, to the second: "14:02:51 UTC".
#[must_use]
pub fn clock_time(time: Timestamp) -> String {
    let whole = time.round(Unit::Second).unwrap_or(time);
    whole.strftime("%H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_overrides_and_control_characters_are_taken_out() {
        assert_eq!(
            harmless("a\u{202E}cba\u{202C}\u{0}\n\u{2066}x\u{2069}"),
            "acbax"
        );
    }

    #[test]
    fn letters_of_any_script_and_joined_emoji_stay() {
        let name = "Ключ مفتاح 👩\u{200D}💻 <b>bold</b>";
        assert_eq!(harmless(name), name);
    }

    #[test]
    fn cutting_counts_characters_and_says_so() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äöü…");
    }

    #[test]
    fn times_are_told_in_the_largest_fitting_unit() {
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let at = |text: &str| ago(text.parse().unwrap(), now);
        assert_eq!(at("2026-11-22T13:59:30Z"), "just now");
        assert_eq!(at("2026-11-22T14:05:00Z"), "just now");
        assert_eq!(at("2026-11-22T13:59:00Z"), "1 minute ago");
        assert_eq!(at("2026-11-22T11:00:00Z"), "3 hours ago");
        assert_eq!(at("2026-11-20T13:00:00Z"), "2 days ago");
    }

    #[test]
    fn the_exact_time_has_no_fraction() {
        assert_eq!(
            exact("2026-11-22T14:02:51.234Z".parse().unwrap()),
            "22 Nov 2026 14:02:51 UTC"
        );
    }
}
