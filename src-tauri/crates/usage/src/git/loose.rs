//! Objects that are in no pack yet: one compressed file each.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::{io, thread};

use flate2::bufread::ZlibDecoder;

use super::{Kind, Reader};
use crate::disk;

/// Looks through all loose objects of a store.
pub(super) fn search(reader: &Reader<'_>) {
    let folders: Vec<_> = (0..=255_u8)
        .map(|first| format!("{first:02x}"))
        .filter(|name| reader.objects.join(name).is_dir())
        .collect();
    let threads = reader.search.options.unpackers().min(folders.len());
    let folders = Mutex::new(folders.into_iter());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = folders.lock().map_or(None, |mut folders| folders.next());
                    let Some(name) = next else { return };
                    folder(reader, &name);
                }
            });
        }
    });
}

fn folder(reader: &Reader<'_>, first: &str) {
    let folder = reader.objects.join(first);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if reader.is_stopped() {
            return;
        }
        let name = entry.file_name();
        let Some(rest) = name.to_str().filter(|name| name.len() == 38) else {
            continue;
        };
        match object(&entry.path(), reader.limit()) {
            Ok(Some((kind, text))) => reader.object(kind, || format!("{first}{rest}"), &text),
            Ok(None) => {}
            // Packed in the meantime: then it is met there, or was.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => reader.lost(),
        }
    }
}

/// An object, unpacked; `None` for a tree.
fn object(path: &Path, limit: u64) -> io::Result<Option<(Kind, Vec<u8>)>> {
    let mut text = BufReader::new(ZlibDecoder::new(BufReader::new(disk::named(path)?)));
    let mut header = Vec::new();
    text.by_ref().take(32).read_until(0, &mut header)?;
    let Some(space) = memchr::memchr(b' ', &header) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let Some(kind) = Kind::named(&header[..space]) else {
        return Ok(None);
    };
    let size = std::str::from_utf8(&header[space + 1..])
        .ok()
        .and_then(|size| size.trim_end_matches('\0').parse::<u64>().ok());
    if size.is_none_or(|size| size > limit) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut content = Vec::new();
    text.take(limit).read_to_end(&mut content)?;
    Ok(Some((kind, content)))
}
