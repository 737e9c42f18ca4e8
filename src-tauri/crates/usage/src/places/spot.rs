//! A file that keys are kept in, with the heading that it belongs under.

use crate::finding::Place;

/// A file that is looked into first. `~` is a home folder; a `*` stands for any part of one name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) path: &'static str,
    pub(crate) place: Place,
}

pub(super) const fn environment(path: &'static str) -> Spot {
    spot(path, Place::Environment)
}

pub(super) const fn ci(path: &'static str) -> Spot {
    spot(path, Place::Ci)
}

pub(super) const fn integration(path: &'static str) -> Spot {
    spot(path, Place::Integration)
}

pub(super) const fn script(path: &'static str) -> Spot {
    spot(path, Place::Script)
}

pub(super) const fn other(path: &'static str) -> Spot {
    spot(path, Place::Other)
}

const fn spot(path: &'static str, place: Place) -> Spot {
    Spot { path, place }
}
