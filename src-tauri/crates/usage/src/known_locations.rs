//! What is looked into first, in a few milliseconds: the environment, files that are known to hold keys, other
//! programs of this user. Beside all else, as programs have to be asked: their table of timed jobs, the registry of
//! Windows.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::containers::{self, Said};
use crate::dedup::Gathering;
use crate::disk::{self, Links, Refusal};
use crate::finding::{Place, Process};
use crate::places::registry::KEYS;
use crate::reader::{self, Reader};
use crate::search::{Counted, Origin, Outlet, Search};
use crate::skipped::Reason;
use crate::{file, places, registry};

/// The longest environment of a program that is read; the system allows a quarter of a stack.
const MAX_ENVIRONMENT_BYTES: u64 = 16 << 20;

/// The longest name of a program.
const MAX_PROCESS_NAME_BYTES: u64 = 4096;

/// Looks into all of it. Tells which files were read, so that they are not read again.
pub(crate) fn search(search: &Search, outlet: &Outlet) -> Vec<PathBuf> {
    let machine = &search.options.machine;
    let mut block = machine.environment();
    let here = Origin {
        path: "environment".into(),
        place: Some(Place::Environment),
        without_lines: true,
        ..Origin::default()
    };
    look(search, &block, &here, outlet);
    zeroize::Zeroize::zeroize(&mut block);
    let done = files(search, outlet);
    for (id, folder) in machine.processes() {
        if search.is_stopped() {
            return done;
        }
        process(search, id, &folder, outlet);
    }
    #[cfg(unix)]
    for socket in machine.containers() {
        kept_by(search, socket, outlet);
    }
    done
}

/// Asks other programs for what only they can read. They may take their time, or hang.
pub(crate) fn ask_programs(search: &Search, outlet: &Outlet) {
    crontab(search, outlet);
    registry(search, outlet);
}

fn files(search: &Search, outlet: &Outlet) -> Vec<PathBuf> {
    let homes: Vec<_> = search
        .options
        .roots
        .iter()
        .map(|root| disk::canonical(root))
        .collect();
    let mut reader = Reader::new();
    let mut done = Vec::new();
    places::present(&homes, search, &mut |path, place| {
        match search.mounts.open(&path, Links::Followed) {
            Ok(opened) => {
                let owned = || path.clone();
                file::search(search, &mut reader, opened, &owned, Some(place), outlet);
            }
            // A folder of that name, or nothing: most named places are not there.
            Err(Refusal::Special) => return,
            Err(refusal) if refusal.is_absence() => return,
            Err(refusal) => search.refused(&refusal, &path),
        }
        done.push(path);
    });
    done
}

/// The environment of another program, as it was when it was started.
fn process(search: &Search, id: u32, folder: &Path, outlet: &Outlet) {
    let path = folder.join("environ");
    let read = |name: &str, most| {
        let opened = search.mounts.open(&folder.join(name), Links::Refused)?;
        disk::whole(opened.file, most)
    };
    let mut block = match read("environ", MAX_ENVIRONMENT_BYTES) {
        Ok(block) => block,
        Err(Refusal::System(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            return search.skipped.add(Reason::ProcessDenied, folder);
        }
        Err(Refusal::TooLarge) => {
            let what = Some("environment of a program");
            return search.skipped.add_kind(Reason::Budget, what, folder);
        }
        // It has ended in the meantime.
        Err(_) => return,
    };
    Counted::add(&search.counted.processes, 1);
    let name = read("comm", MAX_PROCESS_NAME_BYTES).unwrap_or_default();
    let origin = Origin {
        path,
        place: Some(Place::Environment),
        process: Some(Process {
            id,
            name: String::from_utf8_lossy(&name).trim().to_owned(),
        }),
        without_lines: true,
        ..Origin::default()
    };
    look(search, &block, &origin, outlet);
    zeroize::Zeroize::zeroize(&mut block);
}

/// The user's table of timed jobs.
fn crontab(search: &Search, outlet: &Outlet) {
    let path = Path::new("crontab");
    match search.options.machine.crontab() {
        Ok(Some(mut table)) => {
            let origin = Origin {
                path: path.to_owned(),
                place: Some(Place::Script),
                ..Origin::default()
            };
            look(search, &table, &origin, outlet);
            zeroize::Zeroize::zeroize(&mut table);
        }
        Ok(None) => {}
        Err(error) => not_said(search, &error, "table of timed jobs", path),
    }
}

/// What of the registry may hold keys.
fn registry(search: &Search, outlet: &Outlet) {
    let machine = &search.options.machine;
    for place in KEYS.iter().filter(|_| machine.has_registry()) {
        if search.is_stopped() {
            return;
        }
        let (mut said, outcome) = machine.registry(place.path);
        let mut gathering = Gathering::default();
        for mut section in registry::sections(&said) {
            // The key that was asked for goes without saying.
            let inside = section.key.get(place.path.len()..).unwrap_or_default();
            let inside = Some(inside.trim_start_matches('\\')).filter(|key| !key.is_empty());
            reader::look(&section.values, &search.matcher, &mut |hit, line| {
                gathering.add(hit, line, inside);
            });
            zeroize::Zeroize::zeroize(&mut section.values);
        }
        zeroize::Zeroize::zeroize(&mut said);
        let origin = Origin {
            path: place.path.into(),
            place: Some(place.place),
            without_lines: true,
            ..Origin::default()
        };
        search.report(gathering, &origin, outlet);
        if let Err(error) = outcome {
            not_said(search, &error, "registry", Path::new(place.path));
        }
    }
}

/// Something that a program would have told.
fn not_said(search: &Search, error: &io::Error, what: &'static str, path: &Path) {
    let reason = match error.kind() {
        io::ErrorKind::FileTooLarge => Reason::Budget,
        // A program that hangs too: how much it would say isn't known.
        _ => Reason::Failed,
    };
    search.skipped.add_kind(reason, Some(what), path);
}

/// What containers were started with that run now.
#[cfg(unix)]
fn kept_by(search: &Search, socket: &Path, outlet: &Outlet) {
    let what = Some("running containers");
    containers::each(socket, &mut |said| {
        match said {
            Said::Container(name, about) => container(search, socket, (name, about), outlet),
            Said::Nothing => search.skipped.add_kind(Reason::ProcessDenied, what, socket),
            Said::TooMany => search.skipped.add_kind(Reason::Budget, what, socket),
        }
        !search.is_stopped()
    });
}

#[cfg(unix)]
fn container(search: &Search, socket: &Path, (name, about): (&str, &[u8]), outlet: &Outlet) {
    let mut gathering = Gathering::default();
    reader::look(about, &search.matcher, &mut |hit, line| {
        gathering.add(hit, line, Some(name));
    });
    let origin = Origin {
        path: socket.to_owned(),
        place: Some(Place::Environment),
        without_lines: true,
        ..Origin::default()
    };
    search.report(gathering, &origin, outlet);
}

fn look(search: &Search, text: &[u8], origin: &Origin<'_>, outlet: &Outlet) {
    let mut gathering = Gathering::default();
    reader::look(text, &search.matcher, &mut |hit, line| {
        gathering.add(hit, line, None);
    });
    search.report(gathering, origin, outlet);
}
