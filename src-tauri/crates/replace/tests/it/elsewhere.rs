//! A system without an exchange of files.

use std::fs;

use replace::{Reason, look};

use crate::support::{Pair, root};

#[test]
fn nothing_is_written_and_the_answer_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = folder.path().join("plain.txt");
    fs::write(&path, format!("T={}\n", pair.old)).unwrap();
    let refused = look(&path, &pair.known(), &[root(&folder)]).unwrap_err();
    assert_eq!(refused, Reason::System);
}
