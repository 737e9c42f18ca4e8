//! Ways in which a key may stand on a disk, one in a home folder of its own each, so that whatever a search says of
//! that folder is about that key.

mod containers;
mod databases;
mod decoding;
mod escapes;
mod form;
mod git;
mod lines;
mod links;
mod members;
mod stores;

use self::form::Forms;
pub(crate) use self::form::{Form, seven, tar};

/// All of them.
pub(crate) fn all() -> Vec<Form> {
    let mut forms = Forms::default();
    members::add(&mut forms);
    containers::add(&mut forms);
    decoding::add(&mut forms);
    escapes::add(&mut forms);
    lines::add(&mut forms);
    git::add(&mut forms);
    links::add(&mut forms);
    stores::add(&mut forms);
    databases::add(&mut forms);
    forms.all
}
