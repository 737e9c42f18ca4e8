//! Whatever would fail when the file is written is told when it is looked at.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use replace::Reason;

use crate::roles::{LOOK, command, command_by, folder, looked};
use crate::support::{Pair, leftovers};

fn nobody() -> Option<Command> {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
    let works = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "true"])
        .status();
    works
        .is_ok_and(|status| status.success())
        .then_some(command)
}

/// What another user is told of this folder's file.
fn as_nobody(folder: &Path) -> Option<Result<(), Reason>> {
    looked(&command_by(nobody()?, LOOK, folder).output().unwrap())
}

/// A look in a view of the disk of its own, prepared by this script; none where this machine allows no such view.
fn in_own_view(folder: &Path, script: &str) -> Option<Result<(), Reason>> {
    let mut shell = Command::new("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    shell
        .arg(format!("set -e; {script}; exec \"$@\""))
        .arg("sh");
    shell.env("AT", folder);
    looked(&command_by(shell, LOOK, folder).output().ok()?)
}

fn skipped(what: &str) {
    println!("skipped: this machine does not allow {what}");
}

#[test]
fn rights_are_looked_at_for_the_user_who_would_write() {
    let folder = folder();
    let path = folder.path().join("x.env");
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(folder.path(), 0o700);
    let Some(told) = as_nobody(folder.path()) else {
        return skipped("to become another user");
    };
    assert_eq!(told, Err(Reason::NotReadable));
    set(folder.path(), 0o777);
    set(&path, 0o600);
    assert_eq!(as_nobody(folder.path()), Some(Err(Reason::NotReadable)));
    set(&path, 0o644);
    assert_eq!(as_nobody(folder.path()), Some(Err(Reason::NotWritable)));
    // Writable, but whatever takes its place would belong to the one who puts it there.
    set(&path, 0o666);
    assert_eq!(as_nobody(folder.path()), Some(Err(Reason::OtherOwner)));
    std::os::unix::fs::chown(&path, Some(65534), Some(65534)).unwrap();
    assert_eq!(as_nobody(folder.path()), Some(Ok(())));
    set(folder.path(), 0o755);
    assert_eq!(as_nobody(folder.path()), Some(Err(Reason::NotWritable)));
    // A group that this user is not in can't be given to the new file.
    set(folder.path(), 0o777);
    std::os::unix::fs::chown(&path, Some(65534), Some(0)).unwrap();
    assert_eq!(as_nobody(folder.path()), Some(Err(Reason::Attributes)));
    assert_eq!(leftovers(folder.path()), [] as [String; 0]);
}

#[test]
fn a_disk_that_can_only_be_read_is_told() {
    let folder = folder();
    let script = "mount --bind \"$AT\" \"$AT\" && mount -o remount,bind,ro \"$AT\"";
    match in_own_view(folder.path(), script) {
        Some(told) => assert_eq!(told, Err(Reason::ReadOnly)),
        None => skipped("mounts of one's own"),
    }
}

#[test]
fn a_full_disk_is_told() {
    let folder = folder();
    let text = format!("T={}\n", Pair::new("7", "7").old);
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs \"$AT\"; printf '%s' '{text}' > \"$AT/x.env\"; \
         dd if=/dev/zero of=\"$AT/fill\" bs=1k 2>/dev/null || true"
    );
    match in_own_view(folder.path(), &script) {
        Some(told) => assert_eq!(told, Err(Reason::NoSpace)),
        None => skipped("mounts of one's own"),
    }
}

#[test]
fn a_file_that_a_disk_is_mounted_at_is_told() {
    let folder = folder();
    let script = "cp \"$AT/x.env\" \"$AT/y.env\"; mount --bind \"$AT/y.env\" \"$AT/x.env\"";
    match in_own_view(folder.path(), script) {
        Some(told) => assert_eq!(told, Err(Reason::MountPoint)),
        None => skipped("mounts of one's own"),
    }
}

#[test]
fn a_file_that_is_not_to_be_changed_is_told() {
    let folder = folder();
    let path = folder.path().join("x.env");
    let mark = |marks: &str| {
        let set = Command::new("chattr").arg(marks).arg(&path).output();
        set.is_ok_and(|output| output.status.success())
    };
    if !mark("+i") {
        return skipped("files that are not to be changed");
    }
    let told = looked(&command(LOOK, folder.path()).output().unwrap());
    mark("-i");
    assert_eq!(told, Some(Err(Reason::Immutable)));
}

#[test]
fn a_program_that_has_the_file_open_for_writing_is_told() {
    let folder = folder();
    let path = folder.path().join("x.env");
    let holding = fs::OpenOptions::new().append(true).open(&path).unwrap();
    let look = || looked(&command(LOOK, folder.path()).output().unwrap());
    assert_eq!(look(), Some(Err(Reason::Busy)));
    drop(holding);
    let reading = fs::File::open(&path).unwrap();
    assert_eq!(look(), Some(Ok(())));
    drop(reading);
}
