//! An editor that saves in between is never overwritten.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use replace::{Failure, Reason};

use crate::roles::{command, stage};
use crate::support::{Pair, in_memory, leftovers, put};

/// How often the editor saves.
const SAVES: usize = 400;

/// How often it looks before it takes something for gone.
const MOST_LOOKS: usize = 10_000;

fn pair() -> Pair {
    Pair::new("1042", "1042")
}

const BY_RENAMING: &str = "meanwhile::edit_by_renaming";
const IN_PLACE: &str = "meanwhile::edit_in_place";

#[test]
fn edit_by_renaming() {
    if let Some(folder) = stage(BY_RENAMING) {
        edit(&folder, true);
    }
}

#[test]
fn edit_in_place() {
    if let Some(folder) = stage(IN_PLACE) {
        edit(&folder, false);
    }
}

/// The editor: again and again it looks whether what it saved last is still there, whichever token is in it, and
/// saves.
fn edit(folder: &Path, by_renaming: bool) {
    let path = folder.join("x.env");
    for save in 0..SAVES {
        // At times it is faster than what it runs beside, at times slower.
        for _ in 0..=save % 23 * 50 {
            assert!(is_there(&path, save), "something that was saved is gone");
        }
        let text = saved(save + 1);
        if by_renaming {
            let draft = folder.join("draft");
            fs::write(&draft, text).unwrap();
            fs::rename(draft, &path).unwrap();
        } else {
            let mut file = fs::OpenOptions::new()
                .write(true)
                .truncate(true)
                .open(&path)
                .unwrap();
            let (one, other) = text.split_at(text.len() / 2);
            file.write_all(one.as_bytes()).unwrap();
            file.write_all(other.as_bytes()).unwrap();
        }
    }
}

/// Whether it is what was saved. For an instant another file may stand in its place, until it is put back.
fn is_there(path: &Path, save: usize) -> bool {
    (0..MOST_LOOKS).any(|_| {
        let now = fs::read_to_string(path).unwrap();
        now.replace(&pair().new, &pair().old) == saved(save)
    })
}

fn saved(save: usize) -> String {
    format!(
        "SAVE={save}\nT={}\n{}",
        pair().old,
        "# text\n".repeat(save % 9)
    )
}

/// Puts the token in again and again while the editor saves. How often it did, and how often it was too late.
fn together(role: &str) -> (usize, usize) {
    let folder = in_memory();
    let path = folder.path().join("x.env");
    fs::write(&path, saved(0)).unwrap();
    let mut editor = command(role, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (mut done, mut late) = (0, 0);
    let status = loop {
        if let Some(status) = editor.try_wait().unwrap() {
            break status;
        }
        match put(&path, &pair()) {
            Ok(()) => done += 1,
            // The editor was faster, is at it, or has not saved since the last time.
            Err(
                Failure::Changed | Failure::Refused(Reason::Busy | Reason::Gone | Reason::NotThere),
            ) => late += 1,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert!(status.success(), "what the editor saved was overwritten");
    let now = fs::read_to_string(&path)
        .unwrap()
        .replace(&pair().new, &pair().old);
    assert_eq!(now, saved(SAVES));
    assert_eq!(leftovers(folder.path()), [] as [String; 0]);
    (done, late)
}

#[test]
fn an_editor_that_renames_is_never_overwritten() {
    let (done, late) = together(BY_RENAMING);
    println!("{done} times in place, {late} times too late");
    assert!(done > 0 && late > 0);
}

#[test]
fn an_editor_that_writes_in_place_is_never_overwritten() {
    let (done, late) = together(IN_PLACE);
    println!("{done} times in place, {late} times too late");
    assert!(done > 0 && late > 0);
}
