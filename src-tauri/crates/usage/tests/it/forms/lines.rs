//! Keys that are broken: by the end of a line, by colours, by the marks of a quotation.

use super::form::{Forms, json};
use crate::support::{Token, base64, wrapped};

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "broken lines";
    let marks: &[(&str, &str)] = &[
        ("a line end", "\n"),
        ("a line end of windows", "\r\n"),
        ("an indented line", "\n    "),
        ("a backslash", "\\\n"),
        ("a backslash and an indented line", " \\\n  "),
        ("a soft line end", "=\r\n"),
        ("the mark of a quotation", "\n> "),
        ("the mark of a difference", "\n+"),
        ("the mark of a comment", "\n# "),
        ("a caret", "^\r\n"),
        ("two texts put together", "\" +\n    \""),
        ("a colour", "\u{1b}[01;31m"),
        ("the end of a colour", "\u{1b}[m\u{1b}[K"),
        ("an escaped line end", "\\n"),
        ("an escaped line end of windows", "\\r\\n"),
        ("the frame of a table", " │\n│ "),
        ("a tag", "<wbr>"),
    ];
    for (form, between) in marks {
        // Inside the last 8, and before them.
        forms.file(
            &format!("{form}, in the last 8"),
            "logs/a.txt",
            move |token| broken(token, 3, between),
        );
        forms.file(
            &format!("{form}, before the last 8"),
            "logs/a.txt",
            move |token| broken(token, 20, between),
        );
    }
    forms.file("a terminal of 80 columns", "logs/term.txt", |token| {
        let line = format!("{} token {} accepted", "x".repeat(25), token.whole());
        wrapped(&line, 80, "\n").into_bytes()
    });
    for (form, width, between) in [
        ("base64 in lines of 76", 76, "\r\n"),
        ("base64 in lines of 64", 64, "\n"),
        ("base64 in lines of 64, indented", 64, "\n      "),
        ("base64 in lines of 60, quoted", 60, "\n> "),
        ("base64 in lines of 76, of a difference", 76, "\n+"),
        ("base64 in lines of 76, with backslashes", 76, "\\\n"),
        ("base64 in lines of 76, escaped", 76, "\\n"),
        ("base64 in lines of 76, put together", 76, "\" +\n  \""),
        ("base64 in lines of 50", 50, "\n"),
    ] {
        forms.file(form, "keys/a.pem", move |token| {
            in_lines(token, width, between, |text| text)
        });
    }
    forms.file("base64 in base64, in lines of 76", "keys/a.pem", |token| {
        in_lines(token, 76, "\n", |text| base64(&text).into_bytes())
    });
    forms.file("gzip in base64, in lines of 76", "keys/a.pem", |token| {
        in_lines(token, 76, "\n", |text| crate::packing::gzip(&text))
    });
    forms.file("hex in lines of 60", "keys/a.hex", |token| {
        let text = hex::encode([&[b'.'; 20], json(token).as_slice()].concat());
        format!("{}\n", wrapped(&text, 60, "\n")).into_bytes()
    });
}

fn broken(token: &Token, before_the_end: usize, between: &str) -> Vec<u8> {
    let whole = token.whole();
    let (front, back) = whole.split_at(whole.len() - before_the_end);
    format!("the text \"{front}{between}{back}\" ends here\n").into_bytes()
}

/// Base64 in lines, with an end of a line inside the last 8 characters.
fn in_lines(token: &Token, width: usize, between: &str, inner: fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let per_line = width / 4 * 3;
    let whole = token.whole();
    let mut text = vec![b'.'; per_line * 2];
    // So much before it that the line ends behind the fifth of the last 8.
    let until = whole.len() - 3;
    let front = per_line * 4 - until % per_line;
    text.resize(front, b'-');
    text.extend(whole.bytes());
    text.extend(b"\nthe rest of the text, which is of no use to anybody at all, and so on\n");
    let text = base64(&inner(text));
    format!(
        "-----BEGIN-----\n{}\n-----END-----\n",
        wrapped(&text, width, between)
    )
    .into_bytes()
}
