//! What this program does when a test has started it again, as another user, in another view of the disk, or to be
//! killed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use replace::{Reason, look};

use crate::support::{Pair, root};

/// Names the test that this process is for.
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
    command.args(["--exact", role, "--nocapture", "--test-threads", "1"]);
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

/// The folder that the role is played in; none where this runs as a test like any other, and there is nothing to do.
pub(crate) fn stage(role: &str) -> Option<PathBuf> {
    let is_it = env::var(ROLE).is_ok_and(|played| played == role);
    env::var_os(FOLDER).filter(|_| is_it).map(PathBuf::from)
}

/// Looks at the file, and says what came of it.
pub(crate) const LOOK: &str = "roles::look_at_it";

#[test]
fn look_at_it() {
    let Some(folder) = stage(LOOK) else { return };
    let pair = Pair::new("7", "7");
    let plan = look(
        &folder.join("x.env"),
        &pair.known(),
        std::slice::from_ref(&folder),
    );
    println!("LOOKED {}", serde_json::to_string(&plan.map(drop)).unwrap());
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
