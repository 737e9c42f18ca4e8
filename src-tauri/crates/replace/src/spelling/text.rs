//! Plain text: as it is, quoted, or with the bar written as an escape.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::spelling::found::{Encoding, Found, Split};
use crate::token::{NewToken, OldToken};

/// The longest way of writing the bar: `&verbar;`.
const MAX_BAR_BYTES: usize = 8;

/// What the bar ends with in each way of writing that knows it, and which that is. The first that fits decides.
const BARS: [(&[u8], Encoding); 21] = [
    (b"'|'", Encoding::Shell),
    (b"\"|\"", Encoding::Shell),
    (b"\\|", Encoding::Shell),
    (b"^|", Encoding::Shell),
    (b"`|", Encoding::Shell),
    (b"|", Encoding::Raw),
    (b"%257C", Encoding::Percent),
    (b"%257c", Encoding::Percent),
    (b"%7C", Encoding::Percent),
    (b"%7c", Encoding::Percent),
    (b"\\u007c", Encoding::Json),
    (b"\\u007C", Encoding::Json),
    (b"\\u{7c}", Encoding::Json),
    (b"\\x7c", Encoding::Shell),
    (b"\\x7C", Encoding::Shell),
    (b"\\174", Encoding::Shell),
    (b"&#124;", Encoding::Html),
    (b"&#x7c;", Encoding::Html),
    (b"&#x7C;", Encoding::Html),
    (b"&vert;", Encoding::Html),
    (b"&verbar;", Encoding::Html),
];

/// How far before a secret part without a bar its id may stand: `"7|" + "`, a line that goes on.
const SPLIT_BYTES: usize = 32;

pub(super) fn find(
    bytes: &[u8],
    old: &OldToken,
    new: Option<&NewToken>,
) -> Result<Vec<Found>, Split> {
    let last_eight = old.last_eight();
    let anchors = memchr::memmem::find_iter(bytes, &last_eight);
    let secrets = anchors.filter_map(|at| secret(bytes, at, old));
    secrets
        .map(|secret| found(bytes, secret, old, new))
        .collect()
}

/// The secret part that the anchor at `at` ends, if it is one.
fn secret(bytes: &[u8], at: usize, old: &OldToken) -> Option<Range<usize>> {
    let end = at + old.last_eight().len();
    let start = end.checked_sub(old.secret_chars())?;
    let goes_on = bytes.get(end).is_some_and(|next| is_word(*next));
    (!goes_on && old.is(&bytes[start..end])).then_some(start..end)
}

fn found(
    bytes: &[u8],
    secret: Range<usize>,
    old: &OldToken,
    new: Option<&NewToken>,
) -> Result<Found, Split> {
    let before = &bytes[..secret.start];
    let bar = BARS.iter().find(|(bar, _)| before.ends_with(bar));
    let encoding = bar.map_or(Encoding::Raw, |(_, encoding)| *encoding);
    let same_id = new.is_none_or(|new| new.id() == old.id() || old.id().is_none());
    if same_id {
        return Ok(Found {
            range: secret,
            encoding,
            instead: new.map(|new| Zeroizing::new(new.secret().to_vec())),
        });
    }
    let id = old.id().unwrap_or_default().as_bytes();
    let Some((bar, _)) = bar else {
        // A copy without its id, unless the id stands apart from it.
        let near = &before[before.len().saturating_sub(SPLIT_BYTES + MAX_BAR_BYTES)..];
        let is_apart = memchr::memmem::find_iter(near, id).any(|at| {
            let after = &near[at + id.len()..];
            BARS.iter().any(|(bar, _)| after.starts_with(bar))
        });
        return if is_apart {
            Err(Split)
        } else {
            Ok(Found {
                range: secret,
                encoding,
                instead: new.map(|new| Zeroizing::new(new.secret().to_vec())),
            })
        };
    };
    let before_bar = &before[..before.len() - bar.len()];
    let new_id = new.and_then(NewToken::id).ok_or(Split)?;
    let lead = before_bar
        .strip_suffix(id)
        .filter(|lead| !id.is_empty() && is_edge(lead));
    let start = lead.ok_or(Split)?.len();
    Ok(Found {
        range: start..secret.end,
        encoding,
        instead: new.map(|new| {
            let mut instead = Zeroizing::new(Vec::with_capacity(
                new_id.len() + bar.len() + new.secret().len(),
            ));
            instead.extend_from_slice(new_id.as_bytes());
            instead.extend_from_slice(bar);
            instead.extend_from_slice(new.secret());
            instead
        }),
    })
}

/// Whether an id may begin after this: at anything but a letter, a digit or a hyphen, or after an escape that ends in one.
fn is_edge(before: &[u8]) -> bool {
    match before {
        [.., b'%', a, b] | [.., b'\\', b'x', a, b]
            if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() =>
        {
            true
        }
        [.., b'\\', b'u', a, b, c, d]
            if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) =>
        {
            true
        }
        [.., b'\\', b'n' | b'r' | b't'] | [] => true,
        [.., last] => !is_word(*last) && *last != b'-',
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use crate::spelling::found::{Encoding, Split};
    use crate::spelling::{find, with};
    use crate::token::{NewToken, OldToken};

    const OLD: &str = "aaaabbbbccccddddaaaabbbbccccddddaaaabbbbab12cd34";
    const NEW: &str = "eeeeffffgggghhhheeeeffffgggghhhheeeeffffef56ab78";

    fn tokens(new_id: &str) -> (OldToken, NewToken) {
        (
            OldToken::known(&SecretString::from(format!("1042|{OLD}"))).unwrap(),
            NewToken::new(&SecretString::from(format!("{new_id}|{NEW}"))).unwrap(),
        )
    }

    fn written(text: &str, new_id: &str) -> Result<(String, Vec<Encoding>), Split> {
        let (old, new) = tokens(new_id);
        let text = text.replace('§', OLD);
        let found = find(text.as_bytes(), &old, Some(&new))?;
        let encodings = found.iter().map(|found| found.encoding).collect();
        let written = with(text.as_bytes(), &found);
        Ok((String::from_utf8(written.to_vec()).unwrap(), encodings))
    }

    #[test]
    fn the_way_of_writing_stays_whatever_it_is() {
        let cases = [
            ("T=1042|§", Encoding::Raw),
            ("T='1042|§'", Encoding::Raw),
            ("?t=1042%7C§&x=1", Encoding::Percent),
            ("%221042%7c§%22", Encoding::Percent),
            ("\"1042\\u007c§\"", Encoding::Json),
            ("<a>1042&#124;§</a>", Encoding::Html),
            ("curl 1042\\|§ x", Encoding::Shell),
            ("curl 1042'|'§ x", Encoding::Shell),
        ];
        for (text, encoding) in cases {
            for id in ["1042", "77"] {
                let expected = text.replace("1042", id).replace('§', NEW);
                assert_eq!(written(text, id), Ok((expected, vec![encoding])), "{text}");
            }
        }
    }

    #[test]
    fn a_copy_without_id_stays_one_and_one_in_parts_is_told() {
        let alone = format!("T={NEW}\n");
        assert_eq!(written("T=§\n", "77"), Ok((alone, vec![Encoding::Raw])));
        assert_eq!(written("T = \"1042|\" + \"§\"", "77"), Err(Split));
        assert!(written("T = \"1042|\" + \"§\"", "1042").is_ok());
        assert_eq!(written("T=9|§", "77"), Err(Split));
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        for text in [
            "T=1042|§x",
            "T=1042|§_",
            "T=aaaabbbbab12cd34",
            "T=****ab12cd34",
        ] {
            let expected = text.replace('§', OLD);
            assert_eq!(written(text, "1042"), Ok((expected, vec![])), "{text}");
        }
    }
}
