//! One file: read, look, report. A small one costs four calls of the system, which is what a search of many small
//! files is made of; everything else is only asked of files that are larger than the buffer or have something in them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek};

use crate::dedup::Gathering;
use crate::disk::{self, Opened};
use crate::finding::{Layer, Place};
use crate::large_memory::LargeMemory;
use crate::matcher::Met;
use crate::places::encrypted;
use crate::reader::{self, BUFFER_BYTES, Lines, Reader};
use crate::search::{Counted, Origin, Outlet, Search};
use crate::skipped::Reason;
use crate::{archive, git, members};

/// How much of the beginning tells what a file is.
const HEAD_BYTES: usize = 8192;

/// As much as is read of a file whatever it says of its size.
const MAX_PSEUDO_FILE_BYTES: u64 = 16 << 20;

/// What stands in for a hole of a sparse file: enough to keep apart what stands on its two sides.
const HOLE_BYTES: usize = 64;

/// Looks through an open file.
pub(crate) fn search(
    search: &Search,
    reader: &mut Reader,
    opened: Opened,
    path: &dyn Fn() -> std::path::PathBuf,
    place: Option<Place>,
    outlet: &Outlet,
) {
    let mut file = opened.file;
    let reading = search.current_files.begin(path());
    let filled = match fill(&mut file, opened.size, reader.room()) {
        Ok(filled) => filled,
        Err(error) => {
            outlet.spoil();
            return search.refused(&error.into(), &path());
        }
    };
    Counted::add(&search.counted.files, 1);
    let head = reader.beginning(filled.min(HEAD_BYTES));
    if encrypted::is_encrypted(head) {
        outlet.skip(&search.skipped, Reason::Encrypted, None, &[path()], 1);
    }
    let container = container(&file, reader.beginning(filled), opened.size);
    let may_be_opened = search.everything() || opened.size < members::MAX_USUAL_BYTES;
    let is_opened = may_be_opened
        && container.is_some_and(|(kind, _)| !matches!(kind, archive::Kind::Closed(_)));
    let reads_bundle = may_be_opened && search.options.git;
    if filled == BUFFER_BYTES || is_opened {
        reading.may_do_harm();
    }
    let mut gathering = Gathering::default();
    disk::attributes(&file, &mut |value| {
        reader::look(value, &search.matcher, &mut |met, _| {
            gathering.add_name(met, Layer::Attribute);
        });
    });
    match container {
        Some((kind, from)) if is_opened => {
            Counted::add(&search.counted.bytes, to_u64(filled));
            let missed = unpack(search, reader, &file, kind, from, &mut gathering);
            if search.is_stopped() {
                return finish(search, &file, path, place, gathering, outlet);
            }
            missed.tell(&search.skipped, path, outlet);
            if !missed.is_nothing() || from != Some(0) || kind.is_plain() {
                // What could not be unpacked may still hold something as it is, and so may what stands before it.
                let again = file.rewind();
                match again.and_then(|()| fill(&mut file, opened.size, reader.room())) {
                    Ok(filled) => {
                        whole_or_stream(
                            search,
                            reader,
                            &file,
                            filled,
                            path,
                            &mut gathering,
                            outlet,
                        );
                    }
                    Err(_) => outlet.spoil(),
                }
            }
        }
        Some((archive::Kind::Closed(archive::BUNDLE), _)) if reads_bundle => {
            reading.may_do_harm();
            let (size, found) = (opened.size, &mut gathering);
            let is_read = match file.try_clone() {
                Ok(bundle) => git::search_bundle(search, bundle, size, &path(), found, outlet),
                Err(error) => {
                    outlet.spoil();
                    search.refused(&error.into(), &path());
                    false
                }
            };
            if !is_read && !search.is_stopped() {
                whole_or_stream(search, reader, &file, filled, path, found, outlet);
            }
        }
        // Told below where it is too large to be read as it is, too.
        Some((kind, _)) if kind.is_plain() => {
            whole_or_stream(search, reader, &file, filled, path, &mut gathering, outlet);
        }
        Some((kind, _)) => {
            let what = match kind {
                archive::Kind::Closed(what) => what,
                _ => "64 MB or larger",
            };
            outlet.skip(&search.skipped, Reason::Archive, Some(what), &[path()], 1);
            whole_or_stream(search, reader, &file, filled, path, &mut gathering, outlet);
        }
        None => whole_or_stream(search, reader, &file, filled, path, &mut gathering, outlet),
    }
    finish(search, &file, path, place, gathering, outlet);
}

/// What the file is, if it is a container, and where that begins.
fn container(file: &File, text: &[u8], size: u64) -> Option<(archive::Kind, Option<usize>)> {
    let is_whole = text.len() < BUFFER_BYTES;
    archive::container(text, &|wanted| {
        if is_whole {
            return Cow::Borrowed(&text[text.len().saturating_sub(wanted)..]);
        }
        let mut tail = vec![0; wanted];
        let from = size.saturating_sub(to_u64(wanted));
        let filled = disk::read_at(file, &mut tail, from).unwrap_or_default();
        tail.truncate(filled);
        Cow::Owned(tail)
    })
}

/// Reads the beginning, which is all of a small file: one call where that is as long as the file said.
fn fill(file: &mut File, size: u64, room: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < room.len() {
        match file.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if to_u64(filled) == size {
            break;
        }
    }
    Ok(filled)
}

fn unpack(
    search: &Search,
    reader: &mut Reader,
    file: &File,
    kind: archive::Kind,
    from: Option<usize>,
    gathering: &mut Gathering,
) -> members::Missed {
    let again = || -> io::Result<(File, u64)> {
        let mut again = file.try_clone()?;
        again.seek(io::SeekFrom::Start(to_u64(from.unwrap_or_default())))?;
        Ok((again, file.metadata()?.len()))
    };
    match again() {
        Ok((again, size)) => {
            let large = &mut LargeMemory::new(&search.large);
            members::search(search, reader, again, size, kind, large, gathering)
        }
        Err(_) => members::Missed {
            cut: true,
            ..members::Missed::default()
        },
    }
}

fn whole_or_stream(
    search: &Search,
    reader: &mut Reader,
    file: &File,
    filled: usize,
    path: &dyn Fn() -> std::path::PathBuf,
    gathering: &mut Gathering,
    outlet: &Outlet,
) {
    let found = &mut |met: Met, line| gathering.add(met, line, None);
    if filled < BUFFER_BYTES {
        Counted::add(&search.counted.bytes, to_u64(filled));
        reader.look(filled, &search.matcher, found);
        return;
    }
    let Ok(before) = file.metadata() else {
        return outlet.spoil();
    };
    let is_binary = memchr::memchr(0, reader.beginning(HEAD_BYTES)).is_some();
    let size = disk::stored(&before).min(before.len());
    let limit = if is_binary {
        search.limits.binary
    } else {
        search.limits.text
    };
    if size > limit {
        outlet.skip(&search.skipped, Reason::TooLarge, None, &[path()], 1);
        return;
    }
    let is_sparse = disk::stored(&before) < before.len() / 2;
    // No further than it is long, or it may never end: a log is written faster than it is read, and a pseudo file
    // says that it is empty and goes on for ever.
    let end = before.len().max(MAX_PSEUDO_FILE_BYTES);
    let mut at = to_u64(filled);
    let mut source = |room: &mut [u8]| {
        if at >= end {
            return Ok(0);
        }
        if is_sparse {
            match disk::next_stored(file, at) {
                Some(next) if next > at => {
                    at = next;
                    let hole = room.len().min(HOLE_BYTES);
                    room[..hole].fill(0);
                    return Ok(hole);
                }
                Some(_) => {}
                None => return Ok(0),
            }
        }
        let more = disk::read_at(file, room, at)?;
        at += to_u64(more);
        Counted::add(&search.counted.bytes, to_u64(more));
        Ok(more)
    };
    Counted::add(&search.counted.bytes, to_u64(filled));
    let mut recount = |from, until| lines_between(file, from, until);
    let lines = if is_sparse {
        Lines::Passing
    } else {
        Lines::Later(&mut recount)
    };
    let outcome = reader.stream(
        filled,
        &mut source,
        lines,
        &search.matcher,
        &search.cancel,
        found,
    );
    match outcome {
        Err(error) => {
            outlet.spoil();
            if error.kind() != io::ErrorKind::Interrupted {
                search.refused(&error.into(), &path());
            }
        }
        Ok(_) => {
            if before.len() < MAX_PSEUDO_FILE_BYTES && at >= MAX_PSEUDO_FILE_BYTES {
                outlet.skip(&search.skipped, Reason::Budget, None, &[path()], 1);
                return;
            }
            let is_same = file.metadata().is_ok_and(|after| {
                after.len() == before.len() && after.modified().ok() == before.modified().ok()
            });
            if !is_same {
                outlet.spoil();
                search.skipped.add(Reason::Changed, &path());
            }
        }
    }
}

/// Reports what was gathered, with what is only worth asking when there is something.
fn finish(
    search: &Search,
    file: &File,
    path: &dyn Fn() -> std::path::PathBuf,
    place: Option<Place>,
    gathering: Gathering,
    outlet: &Outlet,
) {
    if gathering.is_empty() {
        return;
    }
    let mut head = vec![0; HEAD_BYTES];
    let filled = disk::read_at(file, &mut head, 0).unwrap_or_default();
    let origin = Origin {
        path: path(),
        place,
        head: &head[..filled],
        written: file.metadata().and_then(|facts| facts.modified()).ok(),
        ..Origin::default()
    };
    search.report(gathering, &origin, outlet);
    zeroize::Zeroize::zeroize(&mut head);
}

/// Reads a part of the file once more.
fn lines_between(file: &File, from: u64, until: u64) -> u64 {
    let mut room = vec![0; 64 * 1024];
    let (mut at, mut lines) = (from, 0);
    while at < until {
        let most = usize::try_from(until - at).map_or(room.len(), |left| left.min(room.len()));
        match disk::read_at(file, &mut room[..most], at) {
            Ok(0) | Err(_) => break,
            Ok(more) => {
                lines += reader::count(&room[..more]);
                at += to_u64(more);
            }
        }
    }
    zeroize::Zeroize::zeroize(&mut room);
    lines
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
