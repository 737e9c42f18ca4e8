//! One file: read, look, report. A small one costs three calls of the system, which is what a search of many small
//! files is made of; everything else is only asked of files that are larger than the buffer or have something in them.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use crate::archive;
use crate::blind::Reason;
use crate::collect::Gathering;
use crate::disk;
use crate::lens::{self, Lens, Lines, ROOM};
use crate::places::sealed;
use crate::search::{Counted, Origin, Outlet, Search};
use crate::{Place, matcher::Match};

/// How much of the beginning tells what a file is.
const HEAD: usize = 8192;

/// What stands in for a hole of a sparse file: enough to keep apart what stands on its two sides.
const HOLE: usize = 64;

/// Looks through an open file.
pub(crate) fn search(
    search: &Search,
    lens: &mut Lens,
    mut file: File,
    path: &dyn Fn() -> std::path::PathBuf,
    place: Option<Place>,
    outlet: &Outlet,
) {
    let reading = search.reading.begin(path());
    let filled = match file.read(lens.room()) {
        Ok(filled) => filled,
        Err(error) => return failed(search, &error, &path()),
    };
    Counted::add(&search.counted.files, 1);
    let head = lens.beginning(filled.min(HEAD));
    if sealed::is_sealed(head) {
        search.blind.add(Reason::Encrypted, &path());
    }
    let kind = archive::kind(head);
    if filled == ROOM || kind.is_some() && search.everything() {
        reading.may_do_harm();
    }
    let mut gathering = Gathering::default();
    match kind {
        Some(kind) if search.everything() => {
            Counted::add(&search.counted.bytes, to_u64(filled));
            if unpack(search, lens, &file, kind, &mut gathering).is_err() && !search.is_stopped() {
                search.blind.add(Reason::ArchiveCut, &path());
                // What could not be unpacked may still hold something as it is.
                if let Ok(filled) = file.rewind().and_then(|()| file.read(lens.room())) {
                    whole_or_stream(search, lens, &file, filled, path, &mut gathering);
                }
            }
        }
        Some(kind) => {
            if kind.is_packed() {
                search.blind.add(Reason::Archive, &path());
            }
            whole_or_stream(search, lens, &file, filled, path, &mut gathering);
        }
        None => whole_or_stream(search, lens, &file, filled, path, &mut gathering),
    }
    finish(search, &file, path, place, gathering, outlet);
}

fn unpack(
    search: &Search,
    lens: &mut Lens,
    file: &File,
    kind: archive::Kind,
    gathering: &mut Gathering,
) -> io::Result<()> {
    let budget = archive::Budget::new(search, file.metadata()?.len());
    let mut again = file.try_clone()?;
    again.rewind()?;
    archive::search(search, lens, again, kind, &budget, gathering)
}

fn whole_or_stream(
    search: &Search,
    lens: &mut Lens,
    file: &File,
    filled: usize,
    path: &dyn Fn() -> std::path::PathBuf,
    gathering: &mut Gathering,
) {
    let found = &mut |hit: Match, line| gathering.add(hit, line, None);
    if filled < ROOM {
        Counted::add(&search.counted.bytes, to_u64(filled));
        lens.look(filled, &search.matcher, found);
        return;
    }
    let Ok(before) = file.metadata() else {
        return;
    };
    let is_binary = memchr::memchr(0, lens.beginning(HEAD)).is_some();
    let size = disk::stored(&before).min(before.len());
    let limit = if is_binary {
        search.limits.binary
    } else {
        search.limits.text
    };
    if size > limit {
        search.blind.add(Reason::TooLarge, &path());
        return;
    }
    let is_sparse = disk::stored(&before) < before.len() / 2;
    let mut at = to_u64(filled);
    let mut source = |room: &mut [u8]| {
        if is_sparse {
            match disk::next_stored(file, at) {
                Some(next) if next > at => {
                    at = next;
                    let hole = room.len().min(HOLE);
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
    let outcome = lens.stream(
        filled,
        &mut source,
        lines,
        &search.matcher,
        &search.cancel,
        found,
    );
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::Interrupted => failed(search, &error, &path()),
        Err(_) => {}
        Ok(_) => {
            let is_same = file.metadata().is_ok_and(|after| {
                after.len() == before.len() && after.modified().ok() == before.modified().ok()
            });
            if !is_same {
                search.blind.add(Reason::Changed, &path());
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
    let mut head = vec![0; HEAD];
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
                lines += lens::count(&room[..more]);
                at += to_u64(more);
            }
        }
    }
    zeroize::Zeroize::zeroize(&mut room);
    lines
}

/// Counts a file that could not be opened or read.
pub(crate) fn failed(search: &Search, error: &io::Error, path: &Path) {
    let reason = match error.kind() {
        // It went away since its folder was listed: then it holds nothing any more.
        io::ErrorKind::NotFound => return,
        io::ErrorKind::PermissionDenied => Reason::FileDenied,
        // A pipe that took the place of a file has nothing to say.
        io::ErrorKind::WouldBlock => Reason::Special,
        _ => Reason::Failed,
    };
    search.blind.add(reason, path);
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
