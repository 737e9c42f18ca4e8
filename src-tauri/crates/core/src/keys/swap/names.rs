//! What a sibling is called. The service can't rename a key, so a name that only fits for the time of the swap ("new") would
//! be wrong for ever after. It ends with the month instead, which stays true; and the month of the one before goes.

use jiff::Timestamp;

use crate::base::text::cut;
use crate::keys::create::MAX_NAME_CHARS;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A name that no key in the list has.
pub(crate) fn suggested(name: &str, taken: &[String], now: Timestamp) -> String {
    let base = without_month(name.trim());
    let month = now.strftime("%b %Y").to_string();
    let mut number = 1_usize;
    loop {
        let suffix = match number {
            1 => format!("({month})"),
            number => format!("({month}, {number})"),
        };
        let suggested = ending_in(base, &suffix);
        if !taken.contains(&suggested) || number > taken.len() {
            return suggested;
        }
        number += 1;
    }
}

fn ending_in(base: &str, suffix: &str) -> String {
    if base.is_empty() {
        return suffix.to_owned();
    }
    let room = (MAX_NAME_CHARS as usize).saturating_sub(suffix.chars().count() + 2);
    format!("{} {suffix}", cut(base, room))
}

/// The name without the month that an earlier swap gave it.
fn without_month(name: &str) -> &str {
    let inside = name
        .strip_suffix(')')
        .and_then(|name| name.rsplit_once('('));
    let Some((before, inside)) = inside else {
        return name;
    };
    let month = inside
        .split_once(", ")
        .map_or(Some(inside), |(month, number)| {
            number
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(month)
        });
    let is_month = month
        .and_then(|month| month.split_once(' '))
        .is_some_and(|(month, year)| {
            MONTHS.contains(&month)
                && year.len() == 4
                && year.bytes().all(|byte| byte.is_ascii_digit())
        });
    if is_month { before.trim_end() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T14:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_month_goes_at_the_end_and_the_one_before_goes() {
        assert_eq!(suggested("CI", &[], now()), "CI (Nov 2026)");
        assert_eq!(suggested("CI (Aug 2026)", &[], now()), "CI (Nov 2026)");
        assert_eq!(suggested("CI (Nov 2025, 3)", &[], now()), "CI (Nov 2026)");
        assert_eq!(suggested("CI (prod)", &[], now()), "CI (prod) (Nov 2026)");
        assert_eq!(suggested("  ", &[], now()), "(Nov 2026)");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number_and_a_long_one_is_cut() {
        let taken = ["CI (Nov 2026)".to_owned()];
        assert_eq!(
            suggested("CI (Nov 2026)", &taken, now()),
            "CI (Nov 2026, 2)"
        );
        let long = suggested(&"é".repeat(300), &[], now());
        assert!(long.chars().count() <= MAX_NAME_CHARS as usize, "{long}");
        assert!(long.ends_with("… (Nov 2026)"), "{long}");
    }
}
