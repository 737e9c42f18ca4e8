//! The programs: where they are, what they are given, and how they end.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::service::Service;
use crate::trouble::Trouble;

/// How long a program may take: it may wait for a slow network, and for a keychain that asks.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(30);

/// The most that is read of what a program prints, in bytes.
const MAX_PRINTED: u64 = 4 << 20;

/// What the programs are told beside what they find in the user's environment: to ask nothing, and to print plain text.
const SET_VARIABLES: &[(&str, &str)] = &[
    ("GH_PROMPT_DISABLED", "1"),
    ("GH_NO_UPDATE_NOTIFIER", "1"),
    ("GLAB_CHECK_UPDATE", "false"),
    ("NO_PROMPT", "1"),
    ("NO_COLOR", "1"),
];

/// What would make them print what they send, or ask another repository or host.
const UNSET_VARIABLES: &[&str] = &[
    "GH_DEBUG",
    "DEBUG",
    "GLAB_DEBUG_HTTP",
    "GH_REPO",
    "GH_HOST",
    "GH_FORCE_TTY",
    "CLICOLOR_FORCE",
    "GITLAB_HOST",
    "GITLAB_URI",
    "GL_HOST",
    "GITLAB_REPO",
];

/// The programs that this user has, with the environment that they are run in.
#[derive(Clone, Debug)]
pub struct Tools {
    environment: Vec<(OsString, OsString)>,
    timeout: Duration,
}

impl Tools {
    /// Those of the user who runs this process, as this process found its environment.
    #[must_use]
    pub fn this() -> Self {
        Self::new(env::vars_os(), PROGRAM_TIMEOUT)
    }

    /// Those on the `PATH` of an environment, each of which may take so long.
    #[must_use]
    pub fn new(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        timeout: Duration,
    ) -> Self {
        let is_passed_on = |name: &OsStr| {
            UNSET_VARIABLES
                .iter()
                .all(|other| name != OsStr::new(other))
        };
        let environment = environment
            .into_iter()
            .filter(|(name, _)| is_passed_on(name));
        Self {
            environment: environment.collect(),
            timeout,
        }
    }

    /// The program for a service; none where it is not on the `PATH`.
    #[must_use]
    pub fn program(&self, service: Service) -> Option<PathBuf> {
        let mut variables = self.environment.iter();
        let (_, path) = variables.find(|(name, _)| name == "PATH")?;
        let name = format!("{}{}", service.program(), env::consts::EXE_SUFFIX);
        // Only whole paths: the working folder may be anybody's.
        let folders = env::split_paths(path).filter(|folder| folder.is_absolute());
        folders
            .map(|folder| folder.join(&name))
            .find(|file| is_program(file))
    }

    /// Runs a program to its end and gives what it printed.
    pub(crate) async fn run(
        &self,
        service: Service,
        arguments: &[&str],
        input: Option<&SecretString>,
    ) -> Result<String, Trouble> {
        let program = self.program(service).ok_or(Trouble::NotInstalled)?;
        let mut command = Command::new(&program);
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .envs(SET_VARIABLES.iter().copied())
            // No repository's own configuration counts.
            .current_dir(program.ancestors().last().unwrap_or(Path::new("/")))
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        without_window(&mut command);
        let mut child = command.spawn().map_err(|_| Trouble::Failed)?;
        let ended = timeout(self.timeout, ended(&mut child, input)).await;
        let Ok(ended) = ended else {
            // One that has ended by now can't be killed any more.
            let _ = child.kill().await;
            return Err(Trouble::TimedOut);
        };
        let (code, printed, errors) = ended?;
        if code == Some(0) {
            Ok(printed)
        } else {
            Err(Trouble::of(code, &errors))
        }
    }
}

async fn ended(
    child: &mut Child,
    input: Option<&SecretString>,
) -> Result<(Option<i32>, String, String), Trouble> {
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        // One that does not want it says so by how it ends.
        let _ = pipe.write_all(input.expose_secret().as_bytes()).await;
        let _ = pipe.shutdown().await;
    }
    let (printed, errors) = tokio::join!(text(child.stdout.take()), text(child.stderr.take()));
    let status = child.wait().await.map_err(|_| Trouble::Failed)?;
    Ok((status.code(), printed, errors))
}

/// What can be read of it; what is too long is cut.
async fn text(pipe: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What was read until an error counts.
        let _ = pipe.take(MAX_PRINTED).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(windows)]
fn without_window(command: &mut Command) {
    /// `CREATE_NO_WINDOW` of the Win32 API.
    const NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(NO_WINDOW);
}

#[cfg(not(windows))]
fn without_window(_: &mut Command) {}
