//! What is looked into first, in a few milliseconds: the environment, files that are known to hold keys, other
//! programs of this person, their table of timed jobs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::blind::Reason;
use crate::collect::Gathering;
use crate::disk;
use crate::file;
use crate::lens::{self, Lens};
use crate::places;
use crate::search::{Counted, Origin, Outlet, Search};
use crate::{Place, Process};

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
    if let Some(mut table) = machine.crontab() {
        let origin = Origin {
            path: "crontab".into(),
            place: Some(Place::Script),
            ..Origin::default()
        };
        look(search, &table, &origin, outlet);
        zeroize::Zeroize::zeroize(&mut table);
    }
    done
}

fn files(search: &Search, outlet: &Outlet) -> Vec<PathBuf> {
    let homes: Vec<_> = search
        .options
        .roots
        .iter()
        .map(|root| disk::canonical(root))
        .collect();
    let mut lens = Lens::new();
    let mut done = Vec::new();
    for (path, place) in places::present(&homes, search.options.machine.has_system()) {
        if search.is_stopped() {
            break;
        }
        match disk::named(&path) {
            Ok(opened) => {
                let owned = || path.clone();
                file::search(search, &mut lens, opened, &owned, Some(place), outlet);
            }
            Err(error) => file::failed(search, &error, &path),
        }
        done.push(path);
    }
    done
}

/// The environment of another program, as it was when it was started.
fn process(search: &Search, id: u32, folder: &Path, outlet: &Outlet) {
    let path = folder.join("environ");
    let mut block = match fs::read(&path) {
        Ok(block) => block,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return search.blind.add(Reason::ProcessDenied, folder);
        }
        // It has ended in the meantime.
        Err(_) => return,
    };
    Counted::add(&search.counted.processes, 1);
    let name = fs::read_to_string(folder.join("comm")).unwrap_or_default();
    let origin = Origin {
        path,
        place: Some(Place::Environment),
        process: Some(Process {
            id,
            name: name.trim().to_owned(),
        }),
        without_lines: true,
        ..Origin::default()
    };
    look(search, &block, &origin, outlet);
    zeroize::Zeroize::zeroize(&mut block);
}

fn look(search: &Search, text: &[u8], origin: &Origin<'_>, outlet: &Outlet) {
    let mut gathering = Gathering::default();
    lens::look(text, &search.matcher, &mut |hit, line| {
        gathering.add(hit, line, None);
    });
    search.report(gathering, origin, outlet);
}
