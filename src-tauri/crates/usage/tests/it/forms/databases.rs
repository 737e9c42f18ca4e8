//! Databases as programs write them: values that run over pages, what is written ahead, tables with packed blocks.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::form::{Forms, env, tar, write, zip, zstd};
use crate::packing::gzip;
use crate::support::Token;

/// A page, what of a value of 12,000 letters stands on the one that it begins on, and what stands on each other.
const PAGE: usize = 4096;
const HERE: usize = 3816;
const EACH: usize = PAGE - 4;

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
    forms.act(
        "sqlite, written ahead",
        ".config/app/h.db-wal",
        |home, token| {
            ahead(home, ".config/app/h.db-wal", &[value(token, 100)]);
        },
    );
    forms.act(
        "sqlite, written ahead, over pages",
        ".config/app/h.db-wal",
        |home, token| {
            ahead(home, ".config/app/h.db-wal", &[value(token, HERE - 25)]);
        },
    );
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
        let table = table(
            |text| (1, snap::raw::Encoder::new().compress_vec(text).unwrap()),
            text.as_bytes(),
        );
        tar(&[("000005.ldb", &table)])
    });
    forms.file("a file that is called as one", "Access.ldb", |token| {
        env(token)
    });
}

/// 12,000 letters with a token after so many.
fn value(token: &Token, before: usize) -> String {
    let mut value = ".".repeat(before);
    value.push_str(&token.whole());
    value.push_str(&".".repeat(12_000 - value.len()));
    value
}

/// A database with these values, in which others were before: their pages do not follow each other.
fn sqlite(values: &[String]) -> Vec<u8> {
    sqlite_by("", values)
}

fn sqlite_by(also: &str, values: &[String]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let database = Connection::open(&path).unwrap();
    fill(&database, also, values);
    database.close().unwrap();
    fs::read(path).unwrap()
}

fn fill(database: &Connection, also: &str, values: &[String]) {
    let page = format!("PRAGMA page_size = {PAGE}; PRAGMA secure_delete = ON;");
    database.execute_batch(&page).unwrap();
    let table = format!("CREATE TABLE t (v TEXT); {also};");
    database.execute_batch(&table).unwrap();
    let put = |value: &str| {
        database
            .execute("INSERT INTO t (v) VALUES (?1)", [value])
            .unwrap()
    };
    for number in 0..60 {
        put(&format!("{number:09000}"));
    }
    database
        .execute("DELETE FROM t WHERE rowid % 3 = 1", [])
        .unwrap();
    for value in values {
        put(value);
    }
}

/// What is written ahead of a database, without the database.
fn ahead(home: &Path, path: &str, values: &[String]) {
    let folder = tempfile::tempdir().unwrap();
    let database = Connection::open(folder.path().join("x.db")).unwrap();
    let page = format!("PRAGMA page_size = {PAGE};");
    database.execute_batch(&page).unwrap();
    database
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;")
        .unwrap();
    fill(&database, "", values);
    let written = fs::read(folder.path().join("x.db-wal")).unwrap();
    write(home, path, &written);
}

/// A table of one block.
fn table(pack: impl Fn(&[u8]) -> (u8, Vec<u8>), text: &[u8]) -> Vec<u8> {
    let mut table = Vec::new();
    let mut put = |(kind, block): (u8, Vec<u8>)| {
        let handle = [varint(table.len()), varint(block.len())].concat();
        table.extend(block);
        table.push(kind);
        table.extend([0; 4]);
        handle
    };
    let entry = |key: &[u8], value: &[u8]| {
        let mut entry = [varint(0), varint(key.len()), varint(value.len())].concat();
        entry.extend_from_slice(key);
        entry.extend_from_slice(value);
        // One place to begin at, the first.
        entry.extend([0, 0, 0, 0, 1, 0, 0, 0]);
        entry
    };
    let block = put(pack(&entry(b"_https://x\0\x01k", text)));
    let about = put((0, vec![0, 0, 0, 0, 1, 0, 0, 0]));
    let index = put((0, entry(b"k", &block)));
    let mut footer = [about, index].concat();
    footer.resize(40, 0);
    footer.extend(0xdb47_7524_8b80_fb57_u64.to_le_bytes());
    table.extend(footer);
    table
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f | 0x80) as u8);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
