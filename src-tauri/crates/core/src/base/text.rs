//! Text from the server and times, made fit to be read: by eyes that can be deceived, and in words.
//!
//! Left out: how the page cuts long names; it needs the whole one for its tooltip.

use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::{Timestamp, Unit};
use unicode_width::UnicodeWidthChar as _;

/// Takes out what could make a name look like another one or break the line it stands in: control characters,
/// line separators, and the marks that change the direction of text (Unicode Technical Report 36, section 2.5).
/// The joiner inside emoji stays.
#[must_use]
pub fn sanitized(text: &str) -> String {
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

/// The text with every run of white space made one space, and none at its ends: what a user would type.
#[must_use]
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a keyboard can make of a text: whole syllables and accented letters, letters for ligatures, ordinary letters for
/// full-width ones (Unicode's NFKC), one space for white space.
///
/// Two texts that are the same in this form are the same to whoever types one of them. The page has this rule too, for
/// its button (`lib/typed`); what counts is this.
#[must_use]
pub fn as_typed(text: &str) -> String {
    collapsed(&ComposingNormalizerBorrowed::new_nfkc().normalize(text))
}

/// Cut after `limit` characters, with an ellipsis where something was cut.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Marks on one letter that are kept. No script puts more on a letter that has to be read; towers of them cover the
/// lines above and below.
const MAX_MARKS: usize = 3;

/// How wide a character counts that is one cell to terminals and half a line on screen.
const WIDE_LIGATURE: usize = 12;

/// Text of somebody else on one line of a dialog: sanitized, no towers of marks, and cut where it would be wider than so
/// many cells, of which a Latin letter takes one and a Chinese character two.
#[must_use]
pub fn one_line(text: &str, cells: usize) -> String {
    let whole = collapsed(&sanitized(&separated(text)));
    let (mut line, mut width, mut marks) = (String::new(), 0, 0);
    for character in whole.chars() {
        let wide = cells_of(character);
        marks = if wide == 0 { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            continue;
        }
        width += wide;
        if width > cells {
            return format!("{}…", line.trim_end());
        }
        line.push(character);
    }
    line
}

/// The first `most` of these, and how many more there are: "a, b and 3 more".
#[must_use]
pub fn listed<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let (named, others) = names.split_at(names.len().min(most));
    let named = named
        .iter()
        .map(AsRef::as_ref)
        .collect::<Vec<_>>()
        .join(", ");
    match others.len() {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// What breaks a line becomes a space; taken out, it would join two words.
fn separated(text: &str) -> String {
    text.replace(
        [
            '\n', '\r', '\t', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}',
        ],
        " ",
    )
}

fn cells_of(character: char) -> usize {
    match character {
        '\u{FDFA}'..='\u{FDFD}' | '\u{12031}' | '\u{1242B}' | '\u{12219}' | '\u{A9C5}' => {
            WIDE_LIGATURE
        }
        _ => character.width().unwrap_or(0),
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

/// The time to the second, as it is written down: finer, it would say more than clocks know, and be hard to read.
#[must_use]
pub fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// The exact time, UTC, to the second: "22 Nov 2026 14:02:51 UTC".
#[must_use]
pub fn exact(time: Timestamp) -> String {
    let whole = time.round(Unit::Second).unwrap_or(time);
    whole.strftime("%-d %b %Y %H:%M:%S UTC").to_string()
}

/// The day, UTC: "22 Nov 2026".
#[must_use]
pub fn date(time: Timestamp) -> String {
    time.strftime("%-d %b %Y").to_string()
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

    /// As in the page's `lib/typed.test.ts`: decomposed Hangul, an accent of its own, a ligature, full-width letters, half-
    /// width Katakana, a space that does not break.
    const TYPED: &[(&str, &str)] = &[
        ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
        ("Cafe\u{301}", "Café"),
        ("o\u{FB03}ce \u{FB01}le", "office file"),
        ("ＣＩ　ｄｅｐｌｏｙ", "CI deploy"),
        ("ﾊﾞｯｸｱｯﾌﾟ", "バックアップ"),
        (" CI\u{A0}\t pipeline ", "CI pipeline"),
    ];

    #[test]
    fn direction_overrides_and_control_characters_are_taken_out() {
        assert_eq!(
            sanitized("a\u{202E}cba\u{202C}\u{0}\n\u{2066}x\u{2069}"),
            "acbax"
        );
    }

    #[test]
    fn what_is_typed_is_the_same_however_the_letters_are_stored() {
        for (stored, typed) in TYPED {
            assert_eq!(as_typed(stored), *typed, "{stored:?}");
            assert_eq!(as_typed(typed), *typed, "{typed:?}");
        }
        assert_ne!(as_typed("CI"), as_typed("ci"));
        assert_ne!(as_typed("é"), as_typed("e"));
    }

    #[test]
    fn letters_of_any_script_and_joined_emoji_stay() {
        let name = "Ключ مفتاح 👩\u{200D}💻 <b>bold</b>";
        assert_eq!(sanitized(name), name);
    }

    #[test]
    fn cutting_counts_characters_and_says_so() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äöü…");
    }

    #[test]
    fn one_line_is_one_line_however_wide_its_characters_and_however_high_their_towers() {
        assert_eq!(
            one_line("CI\n\nsafe to\u{2029}delete", 40),
            "CI safe to delete"
        );
        assert_eq!(one_line("漢字漢字", 5), "漢字…");
        assert_eq!(one_line("\u{FDFD}\u{FDFD}", 20), "\u{FDFD}…");
        let tower = format!("e{}x", "\u{301}".repeat(500));
        assert_eq!(one_line(&tower, 40), "e\u{301}\u{301}\u{301}x");
        assert_eq!(
            one_line("Ключ مفتاح 👩\u{200D}💻", 40),
            "Ключ مفتاح 👩\u{200D}💻"
        );
        assert_eq!(one_line(&"x".repeat(10_000), 60).chars().count(), 61);
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
