//! Reading a file, or telling again what an earlier search told of it.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::search::{Counted, Search};
use crate::unchanged::{Note, Outlet, State, Unchanged};

/// Reads a file, unless it is as it was when an earlier search read it: then what that told is told again, as far as
/// the object of git that it is of `is_new` here. `look` is only called where an earlier search counts.
pub(crate) fn read_if_changed(
    search: &Search,
    outlet: &Outlet,
    is_new: &dyn Fn(&str) -> bool,
    look: impl FnOnce(&Unchanged) -> Option<State>,
    read: impl FnOnce(&Outlet),
) {
    let Some(unchanged) = &search.unchanged else {
        return read(outlet);
    };
    let Some(state) = look(unchanged) else {
        return read(outlet);
    };
    if let Some(note) = unchanged.known(state) {
        unchanged.keep(state, tell_again(note, search, outlet, is_new));
        Counted::add(&search.counted.unchanged, 1);
        return;
    }
    let noting = outlet.noting();
    read(&noting);
    // A stopped search left it in the middle.
    if !search.is_stopped() {
        unchanged.keep(state, noting.into_note());
    }
}

/// Tells what was told of a file, as far as it is of keys that are sought now, and answers that.
fn tell_again(note: Note, search: &Search, outlet: &Outlet, is_new: &dyn Fn(&str) -> bool) -> Note {
    let is_sought = |finding: &Finding| {
        let key = finding.key.as_deref();
        key.is_none_or(|key| search.matcher.keys().iter().any(|sought| sought.id == key))
    };
    let findings: Vec<_> = note.findings.into_iter().filter(is_sought).collect();
    let mut is_new_object: HashMap<&str, bool> = HashMap::new();
    for finding in &findings {
        let object = finding.object.as_ref().map(|object| object.id.as_str());
        let is_new = object.is_none_or(|id| *is_new_object.entry(id).or_insert_with(|| is_new(id)));
        if is_new {
            search.tell_again(finding, outlet);
        }
    }
    for skipped in &note.skipped {
        search.skipped.add_again(skipped);
    }
    Note { findings, ..note }
}
