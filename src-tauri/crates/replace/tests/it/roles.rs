//! What this program does when a test has started it again, as another user, in another view of the disk, or to be
//! killed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use replace::{Reason, look};

use crate::support::{Pair, root};

/// Says what this process is for; without it `role` is no test.
const ROLE: &str = "REPLACE_ROLE";

/// The folder that it does it in.
const FOLDER: &str = "REPLACE_FOLDER";

/// This program, to be started again for something else.
pub(crate) fn command(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    as_role(&mut command, role, folder);
    command
}

/// The same behind another program that starts it.
pub(crate) fn command_by(mut program: Command, role: &str, folder: &Path) -> Command {
    program.arg(env::current_exe().unwrap());
    as_role(&mut program, role, folder);
    program
}

fn as_role(command: &mut Command, role: &str, folder: &Path) {
    command.args([
        "--exact",
        "roles::role",
        "--nocapture",
        "--test-threads",
        "1",
    ]);
    command.env(ROLE, role).env(FOLDER, folder);
}

/// What a look that another process had says; none when it could not be started so.
pub(crate) fn looked(output: &std::process::Output) -> Option<Result<(), Reason>> {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find_map(|line| line.split_once("LOOKED "))
        .map(|(_, said)| said.to_owned())?;
    Some(serde_json::from_str(&line).unwrap())
}

#[test]
fn role() {
    let (Ok(role), Some(folder)) = (env::var(ROLE), env::var_os(FOLDER)) else {
        return;
    };
    let folder = PathBuf::from(folder);
    match role.as_str() {
        "look" => {
            let pair = Pair::new("7", "7");
            let plan = look(
                &folder.join("x.env"),
                &pair.known(),
                std::slice::from_ref(&folder),
            );
            println!("LOOKED {}", serde_json::to_string(&plan.map(drop)).unwrap());
        }
        "put" => crate::kills::put_all(&folder),
        "edit by renaming" => crate::meanwhile::edit(&folder, true),
        "edit in place" => crate::meanwhile::edit(&folder, false),
        other => panic!("no role: {other}"),
    }
}

/// A folder with one file in it that holds the old token.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let _ = root(&folder);
    fs::write(
        folder.path().join("x.env"),
        format!("T={}\n", Pair::new("7", "7").old),
    )
    .unwrap();
    folder
}
