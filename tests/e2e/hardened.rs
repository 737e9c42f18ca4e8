//! What other programs of the same user get of the app's memory: no core dump, and nothing through `/proc`.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use support::driver::program;
use support::scene::Scene;
use support::wait;

/// A user who is not root, to whom a process may or may not belong: what root may do shows nothing.
const NOBODY: u32 = 65_534;

/// The kernel gives the files below `/proc/PID` to root where the process is none that may be dumped, followed by a
/// debugger, or read (proc(5), "Overview"); it belongs to the user otherwise.
fn belongs_to_its_user(pid: u32) -> bool {
    fs::metadata(format!("/proc/{pid}/environ")).unwrap().uid() != 0
}

fn core_limit(pid: i32) -> String {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"));
    line.and_then(|line| line.split_whitespace().next())
        .unwrap()
        .to_owned()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_custodian_can_be_read_by_nobody_but_root_and_leaves_no_dump() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = folder.path().join("pulse-keys");
    fs::copy(program(), &copy).unwrap();
    let mut command = Command::new(&copy);
    command
        .arg("--custodian")
        .env("PULSE_KEYS_HOME", "/nonexistent")
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    // It waits for an errand.
    let custodian = Running(command.spawn().unwrap());
    let pid = custodian.0.id();
    wait::until_true("the custodian belongs to root", || {
        !belongs_to_its_user(pid)
    });
    assert_eq!(core_limit(pid.cast_signed()), "1");
}

/// A limit of one byte is the one that holds where a program takes the dumps (core(5)).
#[tokio::test(flavor = "multi_thread")]
async fn neither_the_app_nor_its_page_leaves_a_dump() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let mut processes = app.processes();
    assert_eq!(processes.len(), 1);
    processes.extend(app.page_processes());
    assert!(processes.len() > 1, "the page has a process");
    for pid in processes {
        assert_eq!(core_limit(pid), "1", "{pid}");
    }
}
