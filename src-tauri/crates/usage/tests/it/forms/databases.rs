//! Databases as programs write them: values that run over pages, write-ahead logs, tables with packed blocks.

use super::form::{Forms, env, tar, zip, zstd};
use crate::packing::gzip;
use crate::stores::{EACH, HERE, log, snappy_table, sqlite, sqlite_by, table, wal};
use crate::support::Token;

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "databases";
    for (form, at) in [
        ("from the first page to the next", HERE),
        ("from the second page to the third", HERE + EACH),
    ] {
        for (part, before) in [("in the middle", 25), ("in the last 8", 48)] {
            forms.file(
                &format!("sqlite, a value {form}, cut {part}"),
                ".config/app/state.db",
                move |token| sqlite(&[value(token, at - before)]),
            );
        }
    }
    forms.file("sqlite, in an index", ".config/app/state.db", |token| {
        let text = value(token, HERE + EACH - 1300);
        sqlite_by("CREATE INDEX i ON t (v)", &[text])
    });
    forms.file("sqlite, gzip in base64 in it", "a.db", |token| {
        let mut noise = crate::packing::noise(4000, 9);
        noise.extend(env(token));
        sqlite(&[format!(
            "{{\"x\":\"{}\"}}",
            crate::support::base64(&gzip(&noise))
        )])
    });
    forms.file("sqlite in a zip", "backup/a.zip", |token| {
        zip(&[("a.db", &sqlite(&[value(token, HERE - 25)]))])
    });
    for (form, before) in [
        ("sqlite, a write-ahead log", 100),
        ("sqlite, a write-ahead log, over pages", HERE - 25),
    ] {
        forms.file(form, ".config/app/h.db-wal", move |token| {
            wal(&[value(token, before)])
        });
    }
    let place = ".config/app/Local Storage/leveldb/000005.ldb";
    type Pack = fn(&[u8]) -> (u8, Vec<u8>);
    let packs: [(&str, Pack); 3] = [
        ("plain", |text| (0, text.to_vec())),
        ("snappy", |text| {
            (1, snap::raw::Encoder::new().compress_vec(text).unwrap())
        }),
        ("zstd", |text| (2, zstd(text))),
    ];
    for (form, pack) in packs {
        forms.file(&format!("leveldb, a table, {form}"), place, move |token| {
            table(pack, &env(token))
        });
        forms.file(
            &format!("leveldb, a table, {form}, with its like before"),
            place,
            move |token| {
                // What is written twice is packed as a place to copy from.
                let whole = token.whole();
                let like = format!("{}zzzz", &whole[..whole.len() - 4]);
                table(pack, format!("a={like}\nb={whole}\n").as_bytes())
            },
        );
    }
    forms.file("leveldb, a table, packed otherwise", place, |_| {
        table(|text| (7, text.iter().rev().copied().collect()), b"nothing")
    });
    forms.file("leveldb, a table in a tar", "backup/a.tar", |token| {
        let whole = token.whole();
        let like = format!("{}zzzz", &whole[..whole.len() - 4]);
        let text = format!("a={like}\nb={whole}\n");
        let table = snappy_table(text.as_bytes());
        tar(&[("000005.ldb", &table)])
    });
    for (part, before) in [("in the middle", 25), ("in the last 8", 48)] {
        let name = format!("leveldb, a log, a value over two blocks, cut {part}");
        let place = ".config/app/Local Storage/leveldb/000003.log";
        forms.file(&name, place, move |token| {
            // Before the value stand the heads of block, batch and value.
            let mut value = ".".repeat((32 << 10) - 40 - before);
            value.push_str(&token.whole());
            value.push_str(&".".repeat(40_000));
            log(&value)
        });
    }
    forms.file("leveldb, a log in a tar", "backup/a.tar", |token| {
        let value = format!("{}{}", ".".repeat((32 << 10) - 65), token.whole());
        tar(&[("000003.log", &log(&value))])
    });
    forms.file("a file that is called as one", "Access.ldb", |token| {
        env(token)
    });
}

/// 12,000 letters with a token after so many.
pub(super) fn value(token: &Token, before: usize) -> String {
    let mut value = ".".repeat(before);
    value.push_str(&token.whole());
    value.push_str(&".".repeat(12_000 - value.len()));
    value
}
