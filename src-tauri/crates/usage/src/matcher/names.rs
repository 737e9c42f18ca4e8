//! The name on the left of a value, and names that hint at a key of this service. Only ever a name: whatever looks
//! like a value is dropped.

/// How far back a line is read.
const MAX_LINE_BYTES: usize = 300;

/// The longest name that is shown.
const MAX_NAME_CHARS: usize = 64;

/// From this length on a run of letters and digits in a name may be a secret.
const MIN_SECRET_CHARS: usize = 20;

/// The name that the value at `value` is given on its line: of a variable, a property or a header.
pub(super) fn before(text: &[u8], value: usize) -> Option<String> {
    let line = &text[value.saturating_sub(MAX_LINE_BYTES)..value];
    let line = line
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r' | 0))
        .map_or(line, |end| &line[end + 1..]);
    let assigned = line
        .iter()
        .enumerate()
        .rev()
        .find(|(at, byte)| match byte {
            b'=' => true,
            // Not the one of an address.
            b':' => !line[at + 1..].starts_with(b"//"),
            _ => false,
        })
        .map(|(at, _)| at);
    let left = match assigned {
        Some(at) => &line[..at],
        None => {
            // `password MIN_SECRET_CHARS`, `set -x NAME MIN_SECRET_CHARS`, `ENV NAME MIN_SECRET_CHARS`.
            let words = line.trim_ascii_end();
            if words.len() == line.len() && !line.ends_with(b"\"") && !line.ends_with(b"'") {
                return None;
            }
            line
        }
    };
    let end = left.iter().rposition(|byte| is_name(*byte))? + 1;
    // `NAME := value`, `"NAME" => value`, `NAME["x"] = value`: a little punctuation may stand between.
    if left.len() - end > 4 {
        return None;
    }
    let start = left[..end]
        .iter()
        .rposition(|byte| !is_name(*byte))
        .map_or(0, |gap| gap + 1);
    clean(&left[start..end])
}

/// The name around a part of one at `at`, if it is that of a key: `PULSEAPI_TOKEN`, `pulseApiKey`.
pub(super) fn hint(text: &[u8], at: usize) -> Option<String> {
    const KINDS: [&str; 6] = ["KEY", "TOKEN", "SECRET", "AUTH", "BEARER", "CREDENTIAL"];
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let start = at
        - text[..at]
            .iter()
            .rev()
            .take(MAX_NAME_CHARS)
            .take_while(|byte| is_part(byte))
            .count();
    let end = at
        + text[at..]
            .iter()
            .take(MAX_NAME_CHARS)
            .take_while(|byte| is_part(byte))
            .count();
    let name = clean(&text[start..end])?;
    let loud = name.to_ascii_uppercase();
    let kind = KINDS.iter().any(|kind| loud.contains(kind));
    let after = &text[end..text.len().min(end + MAX_LINE_BYTES)];
    let after = after.trim_ascii_start();
    let is_given = matches!(after.first(), Some(b'=' | b':'))
        || matches!(after, [b'"' | b'\'', b':' | b'=' | b']', ..]);
    let before = &text[..start];
    let is_taken = [&b"secrets."[..], b"env.", b"$", b"${", b"{{ ", b"%"]
        .iter()
        .any(|mark| before.ends_with(mark));
    (kind && (is_given || is_taken)).then_some(name)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// The name as it may be shown; `None` when it may hold a secret, or nothing.
fn clean(name: &[u8]) -> Option<String> {
    let longest = name
        .split(|byte| !byte.is_ascii_alphanumeric())
        .map(<[u8]>::len)
        .max()
        .unwrap_or_default();
    if name.len() > MAX_NAME_CHARS
        || longest >= MIN_SECRET_CHARS
        || !name.iter().any(u8::is_ascii_alphabetic)
    {
        return None;
    }
    let name = std::str::from_utf8(name).ok()?;
    Some(name.trim_matches(['-', '.']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{before, hint};

    fn name(line: &str) -> Option<String> {
        let at = line.find('#').unwrap();
        before(line.as_bytes(), at)
    }

    #[test]
    fn the_name_on_the_left_is_found_in_every_language() {
        for (line, expected) in [
            ("X=1\nPULSEAPI_TOKEN=#", "PULSEAPI_TOKEN"),
            ("A=1\0PULSE=#", "PULSE"),
            ("export TOKEN=\"#", "TOKEN"),
            ("  api-key: '#", "api-key"),
            ("  \"pulse\": { \"key\": \"#", "key"),
            ("-H \"Authorization: Bearer #", "Authorization"),
            ("//registry.example/:_authToken=#", "_authToken"),
            ("'token' => '#", "token"),
            ("machine x login y password #", "password"),
            ("set -gx PULSE #", "PULSE"),
            ("services.pulse.key=#", "services.pulse.key"),
            ("https://x.example/?token=#", "token"),
        ] {
            assert_eq!(name(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_may_be_a_secret_is_no_name() {
        assert_eq!(name("A1b2C3d4E5f6G7h8I9j0K=#"), None);
        assert_eq!(name("#"), None);
        assert_eq!(name("https://#"), None);
        assert_eq!(name("1234=#"), None);
    }

    #[test]
    fn a_hint_is_a_name_of_a_key_that_is_given_or_taken() {
        let found = |text: &str| {
            let at = text.to_ascii_lowercase().find("pulse").unwrap();
            hint(text.as_bytes(), at)
        };
        assert_eq!(
            found("MY_PULSEAPI_TOKEN=x").as_deref(),
            Some("MY_PULSEAPI_TOKEN")
        );
        assert_eq!(
            found("${{ secrets.PULSEAPI_KEY }}").as_deref(),
            Some("PULSEAPI_KEY")
        );
        assert_eq!(
            found("{\"pulseApiKey\": 1}").as_deref(),
            Some("pulseApiKey")
        );
        assert_eq!(found("see https://api.pulseapi.io/v1"), None);
        assert_eq!(found("PULSEAPI_URL=https://x"), None);
        assert_eq!(found("the PULSEAPI_TOKEN is"), None);
    }
}
