//! Databases, as programs write them.

use std::fs;

use rusqlite::Connection;

/// A page, what of a value of 12,000 letters stands on the one that it begins on, and what stands on each other.
pub(crate) const PAGE: usize = 4096;
pub(crate) const HERE: usize = 3816;
pub(crate) const EACH: usize = PAGE - 4;

/// A database with these values, in which others were before: their pages do not follow each other.
pub(crate) fn sqlite(values: &[String]) -> Vec<u8> {
    sqlite_by("", values)
}

pub(crate) fn sqlite_by(also: &str, values: &[String]) -> Vec<u8> {
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

/// The write-ahead log of a database, without the database.
pub(crate) fn wal(values: &[String]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let database = Connection::open(folder.path().join("x.db")).unwrap();
    let page = format!("PRAGMA page_size = {PAGE};");
    database.execute_batch(&page).unwrap();
    database
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;")
        .unwrap();
    fill(&database, "", values);
    fs::read(folder.path().join("x.db-wal")).unwrap()
}

/// A log of one batch, which writes one value. It stands in blocks of 32 KiB.
pub(crate) fn log(value: &str) -> Vec<u8> {
    const BLOCK: usize = (32 << 10) - 7;
    let key = b"_https://x\0\x01k";
    let mut batch = [&9_u64.to_le_bytes()[..], &[1, 0, 0, 0, 1]].concat();
    batch.extend(varint(key.len()));
    batch.extend_from_slice(key);
    batch.extend(varint(value.len()));
    batch.extend_from_slice(value.as_bytes());
    let count = batch.chunks(BLOCK).count();
    let parts = batch.chunks(BLOCK).enumerate();
    let parts = parts.flat_map(|(at, part)| {
        let kind = match (at == 0, at + 1 == count) {
            (true, true) => 1,
            (true, false) => 2,
            (false, false) => 3,
            (false, true) => 4,
        };
        let size = (part.len() as u16).to_le_bytes();
        [&[7; 4][..], &size, &[kind], part].concat()
    });
    parts.collect()
}

/// A table of one block.
pub(crate) fn table(pack: impl Fn(&[u8]) -> (u8, Vec<u8>), text: &[u8]) -> Vec<u8> {
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

/// The same, packed by Snappy.
pub(crate) fn snappy_table(text: &[u8]) -> Vec<u8> {
    table(
        |text| (1, snap::raw::Encoder::new().compress_vec(text).unwrap()),
        text,
    )
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
