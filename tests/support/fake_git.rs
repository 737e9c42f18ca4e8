//! A repository of a kind that a search reads only through the program `git`, and a script in that program's place: how
//! long a search lasts, and what it is told, is the test's to say.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// What git would say for ever.
pub const ENDLESS: &str = "while echo 0 missing; do sleep 0.02; done";

/// The repository and the program.
pub struct FakeGit {
    programs: PathBuf,
    /// Holds the number of the script's process.
    running: PathBuf,
    store: PathBuf,
}

impl FakeGit {
    /// The repository in this home folder, and the program, a shell script, in another one.
    ///
    /// # Panics
    /// When they can't be written.
    #[must_use]
    pub fn new(home: &Path, folder: &Path, script: &str) -> FakeGit {
        let store = home.join("repository/.git");
        for part in ["objects", "refs"] {
            fs::create_dir_all(store.join(part)).expect("the home folder can be written");
        }
        write(&store.join("HEAD"), "ref: refs/heads/main\n");
        write(
            &store.join("config"),
            "[extensions]\n\tobjectFormat = sha256\n",
        );
        let programs = folder.join("programs");
        fs::create_dir_all(&programs).expect("the folder can be written");
        let (git, running) = (programs.join("git"), folder.join("git.pid"));
        write(
            &git,
            &format!("#!/bin/sh\necho $$ > '{}'\n{script}\n", running.display()),
        );
        fs::set_permissions(&git, fs::Permissions::from_mode(0o755))
            .expect("the script can be made a program");
        FakeGit {
            programs,
            running,
            store,
        }
    }

    /// What a search finds its programs by.
    ///
    /// # Panics
    /// When the test has no such variable.
    #[must_use]
    pub fn path(&self) -> String {
        let path = std::env::var("PATH").expect("tests find programs too");
        format!("{}:{path}", self.programs.display())
    }

    /// What a search says that it reads while the script runs.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.store.join("objects")
    }

    /// The file that is there once the script was started.
    #[must_use]
    pub fn begun(&self) -> &Path {
        &self.running
    }

    /// Whether the script was ever started.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        fs::read_to_string(&self.running).is_ok_and(|id| !id.trim().is_empty())
    }

    /// Whether it runs now.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let id = fs::read_to_string(&self.running).unwrap_or_default();
        !id.trim().is_empty() && is_alive(id.trim())
    }
}

/// Whether there is a process of this number, and it has not ended.
#[must_use]
pub fn is_alive(id: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(id).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).expect("the file can be written");
}
