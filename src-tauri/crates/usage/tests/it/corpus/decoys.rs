//! Things that only look like keys.

use std::fs;
use std::path::Path;

use crate::packing::{gzip, spelled};
use crate::support::{Token, base64, letters, wrapped};

/// Files that look as if they held keys that are nowhere, and the keys.
pub(crate) fn decoys(home: &Path) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut put = |name: &str, content: &dyn Fn(&Token) -> String| {
        let token = Token::new(9000 + tokens.len());
        let path = home.join("decoys").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content(&token)).unwrap();
        tokens.push(token);
    };
    let digits = |count: usize| hex::encode(letters(count).as_bytes())[..count].to_owned();
    put("sha256", &|token| {
        format!("{}{}  file\n", digits(56), token.last_eight())
    });
    put("sha1", &|token| {
        format!("{}{}\n", digits(32), token.last_eight())
    });
    put("md5", &|token| {
        format!("{}{}\n", digits(24), token.last_eight())
    });
    put("sha512", &|token| {
        format!("{}{}\n", digits(120), token.last_eight())
    });
    put("inside", &|token| {
        format!("{}{}{}\n", digits(20), token.last_eight(), digits(20))
    });
    put("capitals", &|token| {
        format!(
            "{}\n",
            format!("{}{}", digits(56), token.last_eight()).to_uppercase()
        )
    });
    put("checksum", &|token| {
        format!("K={}|{}{}\n", token.id, letters(40), token.last_eight())
    });
    put("checksum without id", &|token| {
        format!("K={}{}\n", letters(40), token.last_eight())
    });
    put("cut", &|token| {
        format!("K={}\n", &token.whole()[..token.whole().len() - 1])
    });
    put("longer, without a checksum", &|token| {
        format!("K={}|{}{}0\n", token.id, letters(40), token.last_eight())
    });
    put("glued, without a checksum", &|token| {
        format!("K={}|{}{}_x\n", token.id, letters(40), token.last_eight())
    });
    put("foreign token", &|_| {
        format!("K={}\n", Token::new(5).whole())
    });
    put("foreign legacy", &|_| {
        format!("K={}\n", Token::legacy(6, 40).whole())
    });
    put("integrity", &|token| {
        format!(
            "sha512-{}{}{}==\n",
            letters(60),
            token.last_eight(),
            letters(18)
        )
    });
    put("base64 of another", &|token| {
        base64(format!("{}|{}{}", token.id, letters(40), token.last_eight()).as_bytes())
    });
    put("hash of git", &|token| {
        format!("index {}..{} 100644\n", token.last_eight(), digits(8))
    });
    put("uuid", &|token| {
        format!("{}-1111-4111-8111-{}\n", token.last_eight(), digits(12))
    });
    encoded(home, &mut tokens);
    tokens
}

/// What a file holds for a token, and how that is written.
type Content<'it> = &'it dyn Fn(&Token) -> Vec<u8>;
type Way<'it> = &'it dyn Fn(&[u8]) -> Vec<u8>;

/// The same in each of the ways of writing that are decoded: only a checksum that is wrong tells them from a key.
fn encoded(home: &Path, tokens: &mut Vec<Token>) {
    let wrong = |token: &Token| {
        let line = format!("K={}|{}{}\n", token.id, letters(40), token.last_eight());
        line.repeat(3).into_bytes()
    };
    let other = |_: &Token| format!("K={}\nand more\n", Token::new(5).whole()).into_bytes();
    let noise = |_: &Token| crate::packing::noise(400, 3);
    let inner: [(&str, Content<'_>); 3] = [("wrong", &wrong), ("other", &other), ("noise", &noise)];
    let wide = |text: &[u8]| text.iter().flat_map(|byte| [*byte, 0]).collect::<Vec<_>>();
    let escaped = |text: &[u8], spelling| spelled(&base64(&gzip(text)), spelling).into_bytes();
    let ways: [(&str, Way<'_>); 15] = [
        ("gzip in base64 for an address", &|text| {
            escaped(text, |byte| format!("%{byte:02X}"))
        }),
        ("gzip in base64 in json", &|text| {
            escaped(text, |byte| format!("\\u{byte:04x}"))
        }),
        ("gzip in base64 in html", &|text| {
            escaped(text, |byte| format!("&#{byte};"))
        }),
        ("base64 in short lines of json", &|text| {
            wrapped(&base64(text), 28, "\\n").into_bytes()
        }),
        // What only looks like escapes, between words that are only long together.
        ("as if escaped", &|text| {
            let text = String::from_utf8_lossy(text);
            let parts = text.split(['\n', '|']).map(|part| wrapped(part, 20, "%2B"));
            parts.collect::<Vec<_>>().join("\\n").into_bytes()
        }),
        ("base64", &|text| base64(text).into_bytes()),
        ("base64 twice", &|text| {
            base64(base64(text).as_bytes()).into_bytes()
        }),
        ("gzip in base64", &|text| base64(&gzip(text)).into_bytes()),
        ("hex", &|text| hex::encode(text).into_bytes()),
        ("hex in base64", &|text| {
            base64(hex::encode(text).as_bytes()).into_bytes()
        }),
        ("wide in base64", &|text| base64(&wide(text)).into_bytes()),
        ("base64 in lines", &|text| {
            wrapped(&base64(text), 64, "\n").into_bytes()
        }),
        ("snappy in a table", &|text| {
            crate::stores::snappy_table(text)
        }),
        ("over pages of a database", &|text| {
            let text = String::from_utf8_lossy(text);
            let before = crate::stores::HERE - 60;
            let rest = 12_000 - before - text.len();
            crate::stores::sqlite(&[format!("{}{text}{}", ".".repeat(before), ".".repeat(rest))])
        }),
        ("broken", &|text| {
            let text = String::from_utf8_lossy(text);
            let lines = text.lines().map(|line| {
                let at = line.len().saturating_sub(3);
                let at = line.floor_char_boundary(at);
                format!("{}\n{}\n", &line[..at], &line[at..])
            });
            lines.collect::<String>().into_bytes()
        }),
    ];
    for (what, content) in inner {
        for (way, write) in &ways {
            let token = Token::new(9000 + tokens.len());
            let path = home.join("decoys").join(format!("{what}, {way}"));
            fs::write(path, write(&content(&token))).unwrap();
            tokens.push(token);
        }
    }
}
