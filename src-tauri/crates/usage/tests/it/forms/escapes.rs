//! Base64 of something packed of which the letters that are no digits, or the ends of lines, are written as escapes, so
//! that no piece of it between two escapes is as long as a token's body.

use super::form::Forms;
use crate::packing::{Spelling, gzip, noise, spelled};
use crate::support::{Token, base64, wrapped};

/// The longest piece between two escapes.
const MAX_PIECE: usize = 39;

/// How each character is written, what stands before the text, and what behind.
const SPELLINGS: &[(&str, Spelling, &str, &str)] = &[
    (
        "percent",
        |byte| format!("%{byte:02X}"),
        "%7B%22data%22%3A%22",
        "%22%7D",
    ),
    (
        "percent, small letters",
        |byte| format!("%{byte:02x}"),
        "data=",
        "&x=1",
    ),
    (
        "percent, twice",
        |byte| format!("%25{byte:02X}"),
        "u=%2522",
        "%2522",
    ),
    ("json", json, "{\"data\":\"", "\"}"),
    (
        "json, small letters",
        |byte| format!("\\u{byte:04x}"),
        "{\"data\":\"\\u0022",
        "\\u0022\"}",
    ),
    (
        "json in json",
        |byte| format!("\\{}", json(byte)),
        "{\"data\":\"{\\\"d\\\":\\\"",
        "\\\"}\"}",
    ),
    (
        "html",
        |byte| format!("&#{byte};"),
        "<input value=\"",
        "\">",
    ),
    (
        "html, hexadecimal",
        |byte| format!("&#x{byte:X};"),
        "<input value=&quot;",
        "&quot;>",
    ),
    (
        "html, by name",
        |byte| named(byte).to_owned(),
        "<td>",
        "</td>",
    ),
    (
        "html in html",
        |byte| format!("&amp;#{byte};"),
        "<td>",
        "</td>",
    ),
    (
        "shell, hexadecimal",
        |byte| format!("\\x{byte:02x}"),
        "export D=$'",
        "'",
    ),
    (
        "shell, octal",
        |byte| format!("\\{byte:03o}"),
        "printf '\\t",
        "'",
    ),
    (
        "braces",
        |byte| format!("\\u{{{byte:x}}}"),
        "let d = \"",
        "\";",
    ),
];

fn json(byte: u8) -> String {
    match byte {
        b'/' => "\\/".to_owned(),
        _ => format!("\\u{byte:04X}"),
    }
}

fn named(byte: u8) -> &'static str {
    match byte {
        b'+' => "&plus;",
        b'/' => "&sol;",
        _ => "&equals;",
    }
}

/// Ends of lines that are escapes, and how many letters a line has.
const LINES: &[(&str, &str, usize)] = &[
    ("\\n", "\\n", 32),
    ("\\r\\n", "\\r\\n", 36),
    ("\\n in json", "\\\\n", 20),
    ("%0A", "%0A", 32),
    ("&#10;", "&#10;", 24),
];

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "escapes";
    for (name, spelling, before, after) in SPELLINGS {
        for (number, place) in ["start", "middle", "end"].into_iter().enumerate() {
            forms.file(
                &format!("gzip in base64, {name}, the key at the {place}"),
                "conf/a.txt",
                move |token| {
                    let text = cut(token, number, *spelling);
                    format!("the text: {before}{text}{after}\n").into_bytes()
                },
            );
        }
    }
    for (number, place) in ["start", "middle", "end"].into_iter().enumerate() {
        forms.file(
            &format!("gzip in base64, quoted-printable, the key at the {place}"),
            "Mail/cur/3",
            move |token| {
                let text = cut(token, number, |byte| format!("={byte:02X}"));
                in_a_mail(&format!("K=3D{text}")).into_bytes()
            },
        );
    }
    for (name, between, width) in LINES {
        forms.file(
            &format!("gzip in base64, in lines of {width} by {name}"),
            "conf/a.json",
            move |token| {
                let text = base64(&gzip(&inner(token, 1, 0)));
                let text = wrapped(&text, *width, between);
                format!("{{\"pem\": \"{text}{between}\"}}\n").into_bytes()
            },
        );
    }
    forms.file(
        "base64 in lines of 36 by \\n, cut in the last 8",
        "conf/a.json",
        |token| {
            // Lines of 27 bytes; five of the last 8 stand on one, three on the next.
            let until = token.whole().len() - 3;
            let text = format!(
                "{}{}\nand more",
                ".".repeat(27 * 4 - until % 27),
                token.whole()
            );
            let text = wrapped(&base64(text.as_bytes()), 36, "\\n");
            format!("{{\"pem\": \"{text}\"}}\n").into_bytes()
        },
    );
    forms.file("hex in lines of 32 by \\n", "conf/a.json", |token| {
        let text = wrapped(&hex::encode(inner(token, 1, 0)), 32, "\\n");
        format!("{{\"pem\": \"{text}\"}}\n").into_bytes()
    });
}

/// In lines of at most 76 characters, none of which ends within an escape.
fn in_a_mail(text: &str) -> String {
    let mut mail = String::new();
    let mut room = 75;
    for char in text.chars() {
        if char == '=' && room < 3 || room == 0 {
            mail.push_str("=\r\n");
            room = 75;
        }
        mail.push(char);
        room -= 1;
    }
    mail + "\r\n"
}

/// What is packed: the key at its start, in its middle or at its end. With the number changes how that is packed.
fn inner(token: &Token, place: usize, number: u64) -> Vec<u8> {
    let mut noise = base64(&noise(75, number));
    noise.insert_str([0, 50, 100][place], &format!("\nK={}\n", token.whole()));
    noise.into_bytes()
}

/// Packed so that escapes cut it into short pieces: about one of two hundred is.
fn cut(token: &Token, place: usize, spelling: Spelling) -> String {
    let texts = (0..10_000).map(|number| base64(&gzip(&inner(token, place, number))));
    let is_short = |text: &String| text.split(['+', '/']).all(|piece| piece.len() <= MAX_PIECE);
    let text = texts.into_iter().find(is_short).unwrap();
    spelled(&text, spelling)
}
