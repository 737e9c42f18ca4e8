//! Ways of writing in each other.

use super::form::{Forms, bzip2, env, json, seven, tar, xz, zip, zlib, zstd};
use crate::packing::gzip;
use crate::support::{base64, utf16};

type Write = fn(&[u8]) -> Vec<u8>;

fn b64(text: &[u8]) -> Vec<u8> {
    base64(text).into_bytes()
}

fn b64url(text: &[u8]) -> Vec<u8> {
    let text = base64(text).replace('+', "-").replace('/', "_");
    text.trim_end_matches('=').as_bytes().to_vec()
}

fn hex(text: &[u8]) -> Vec<u8> {
    hex::encode(text).into_bytes()
}

fn hex_capitals(text: &[u8]) -> Vec<u8> {
    hex::encode_upper(text).into_bytes()
}

fn wide(text: &[u8]) -> Vec<u8> {
    utf16(std::str::from_utf8(text).unwrap(), u16::to_le_bytes, false)
}

fn wide_big(text: &[u8]) -> Vec<u8> {
    utf16(std::str::from_utf8(text).unwrap(), u16::to_be_bytes, true)
}

/// As a text of JSON in JSON.
fn quoted(text: &[u8]) -> Vec<u8> {
    serde_json::to_vec(std::str::from_utf8(text).unwrap()).unwrap()
}

/// As PHP writes JSON: each slash escaped.
fn quoted_php(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(quoted(text)).unwrap();
    text.replace('/', "\\/").into_bytes()
}

fn percent(text: &[u8]) -> Vec<u8> {
    let mut written = String::new();
    for byte in text {
        if byte.is_ascii_alphanumeric() {
            written.push(char::from(*byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written.into_bytes()
}

/// Which steps, from the outside in.
const CHAINS: &[(&str, &str, &[Write])] = &[
    ("base64 in base64", "k8s/dockerconfig.yaml", &[b64, b64]),
    ("base64, three times", "conf/a.yaml", &[b64, b64, b64]),
    ("base64, four times", "conf/a.yaml", &[b64, b64, b64, b64]),
    (
        "base64 without padding in base64",
        "conf/a.yaml",
        &[b64, b64url],
    ),
    ("gzip in base64", "user-data", &[b64, gzip]),
    (
        "gzip in base64 in base64",
        "helm/release.yaml",
        &[b64, b64, gzip],
    ),
    (
        "gzip in base64, for addresses",
        "conf/a.yaml",
        &[b64url, gzip],
    ),
    ("zlib in base64", "conf/a.yaml", &[b64, zlib]),
    ("zstd in base64", "conf/a.yaml", &[b64, zstd]),
    ("xz in base64", "conf/a.yaml", &[b64, xz]),
    ("bzip2 in base64", "conf/a.yaml", &[b64, bzip2]),
    ("base64 in gzip in base64", "conf/a.yaml", &[b64, gzip, b64]),
    ("gzip in gzip in base64", "conf/a.yaml", &[b64, gzip, gzip]),
    ("utf-16 in base64", "scripts/encoded.ps1", &[b64, wide]),
    (
        "utf-16 with mark in base64",
        "scripts/encoded.txt",
        &[b64, wide_big],
    ),
    (
        "utf-16 in base64 in utf-16",
        "scripts/a.reg",
        &[wide, b64, wide],
    ),
    ("base64 in utf-16", "scripts/a.reg", &[wide, b64]),
    (
        "base64 in base64 in utf-16",
        "scripts/a.reg",
        &[wide, b64, b64],
    ),
    ("hex", "conf/a.txt", &[hex]),
    ("hex, capitals", "conf/a.txt", &[hex_capitals]),
    ("hex in base64", "conf/a.txt", &[b64, hex]),
    ("base64 in hex", "conf/a.txt", &[hex, b64]),
    ("gzip in hex", "conf/a.txt", &[hex, gzip]),
    ("hex in hex", "conf/a.txt", &[hex, hex]),
    ("utf-16 in hex", "conf/a.txt", &[hex, wide]),
    ("percent, twice", "conf/a.txt", &[percent, percent]),
    (
        "percent, four times",
        "conf/a.txt",
        &[percent, percent, percent, percent],
    ),
    (
        "base64, percent-encoded",
        "conf/cookie.txt",
        &[percent, b64],
    ),
    (
        "gzip in base64, percent-encoded",
        "conf/cookie.txt",
        &[percent, b64, gzip],
    ),
    ("json in json", "conf/a.json", &[quoted, quoted]),
    (
        "json in json in json",
        "conf/a.json",
        &[quoted, quoted, quoted],
    ),
    ("base64 in json of php", "conf/a.json", &[quoted_php, b64]),
    (
        "gzip in base64 in json of php",
        "conf/a.json",
        &[quoted_php, b64, gzip],
    ),
    (
        "json in base64 in json in base64",
        "conf/a.json",
        &[b64, quoted, b64, quoted],
    ),
];

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "decoding";
    for (form, place, steps) in CHAINS {
        forms.file(form, place, move |token| {
            let inner = steps
                .iter()
                .rev()
                .fold(json(token), |text, write| write(&text));
            // In 16-bit characters the file is as a whole; the others stand behind a name.
            if steps[0] as usize == wide as Write as usize {
                return inner;
            }
            [b"data: ".as_slice(), &inner, b"\n"].concat()
        });
    }
    forms.file("zip in base64", "conf/a.yaml", |token| {
        [
            b"zip: ".as_slice(),
            &b64(&zip(&[(".env", &env(token))])),
            b"\n",
        ]
        .concat()
    });
    forms.file("tar in gzip in base64", "conf/a.yaml", |token| {
        let packed = gzip(&tar(&[(".env", &env(token))]));
        [b"tar: ".as_slice(), &b64(&packed), b"\n"].concat()
    });
    forms.file("7z in base64", "conf/a.yaml", |token| {
        [
            b"x: ".as_slice(),
            &b64(&seven(&[(".env", &env(token))])),
            b"\n",
        ]
        .concat()
    });
    forms.file("rar in base64", "conf/a.yaml", |_| {
        let packed = [super::members::RAR, &[7; 90]].concat();
        [b"x: ".as_slice(), &b64(&packed), b"\n"].concat()
    });
    forms.file("large gzip in base64", "helm/large.yaml", |token| {
        // Longer than what is at hand of a file at once, and the key at its end.
        let text = [crate::packing::noise(600_000, 7), env(token)].concat();
        [b"release: ".as_slice(), &b64(&gzip(&text)), b"\n"].concat()
    });
    forms.file("large base64 in base64", "helm/large.yaml", |token| {
        let mut text = "a line of text that is of no use\n"
            .repeat(20_000)
            .into_bytes();
        text.extend(env(token));
        [b"release: ".as_slice(), &b64(&b64(&text)), b"\n"].concat()
    });
    forms.file("registry login in a secret", "k8s/pull.yaml", |token| {
        let auth = base64(format!("robot:{}", token.whole()).as_bytes());
        let config = format!(r#"{{"auths":{{"r.example":{{"auth":"{auth}"}}}}}}"#);
        format!(
            "data:\n  .dockerconfigjson: {}\n",
            base64(config.as_bytes())
        )
        .into_bytes()
    });
    forms.file("claims of a signed token", "conf/jwt.txt", |token| {
        let claims = b64url(&json(token));
        [b"eyJhbGciOiJIUzI1NiJ9.".as_slice(), &claims, b".c2ln\n"].concat()
    });
    forms.file("data address", "web/a.html", |token| {
        let text = base64(&env(token));
        format!("<a href=\"data:text/plain;base64,{text}\">x</a>").into_bytes()
    });
    escapes(forms);
}

fn escapes(forms: &mut Forms) {
    forms.file("shell, $'…' with octal", "bin/a.sh", |token| {
        let text = token.whole().replace('|', "\\174");
        format!("export K=$'{text}'\n").into_bytes()
    });
    forms.file("shell, $'…' with hexadecimal", "bin/a.sh", |token| {
        let text = token.whole().replace('|', "\\x7c");
        format!("export K=$'{text}'\n").into_bytes()
    });
    forms.file("html, escaped twice", "web/a.html", |token| {
        token.whole().replace('|', "&amp;#124;").into_bytes()
    });
    forms.file("quoted-printable", "Mail/cur/2", |token| {
        format!("K=3D{}\r\n", token.whole().replace('|', "=7C")).into_bytes()
    });
}
