//! Running containers, as the programs that keep them tell of them: with which environment and arguments each was started.
//!
//! Asked over their own sockets on this machine, in the words of Docker's API, which Podman answers too: the list, and
//! what each is. Nothing is changed by asking. A socket that this user may not use is told.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk;

/// How long an answer may take, and how long one is.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
const MAX_ANSWER_BYTES: u64 = 4 << 20;

/// How many containers are asked about.
const MAX_CONTAINERS: usize = 200;

/// Where such programs listen: `docs.docker.com/reference/cli/dockerd`, `docs.docker.com/engine/security/rootless`,
/// `docs.podman.io/en/latest/markdown/podman-system-service.1.html`.
pub(crate) fn sockets() -> Vec<PathBuf> {
    let mut sockets: Vec<PathBuf> =
        vec!["/run/docker.sock".into(), "/run/podman/podman.sock".into()];
    if let Some(folder) = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) {
        sockets.push(folder.join("docker.sock"));
        sockets.push(folder.join("podman/podman.sock"));
    }
    if let Some(home) = std::env::home_dir() {
        sockets.push(home.join(".docker/run/docker.sock"));
    }
    sockets
}

/// What a program that keeps containers said.
pub(crate) enum Said<'answer> {
    /// What a running container is, by its name.
    Container(&'answer str, &'answer [u8]),
    /// It did not say, or nothing that is understood.
    Nothing,
    /// There are more containers than are asked about.
    TooMany,
}

/// Asks for each running container, and passes on what is said until `heard` wants no more.
pub(crate) fn each(socket: &Path, heard: &mut dyn FnMut(Said<'_>) -> bool) {
    let list = match answer(socket, "/containers/json") {
        Ok(list) => serde_json::from_slice(&list).unwrap_or_default(),
        // Nobody listens there.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return;
        }
        Err(_) => serde_json::Value::Null,
    };
    let serde_json::Value::Array(list) = list else {
        heard(Said::Nothing);
        return;
    };
    for container in list.iter().take(MAX_CONTAINERS) {
        // A word of the answer becomes one of the next question: nothing but an id may.
        let id = container["Id"].as_str().unwrap_or_default();
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let about = is_id.then(|| answer(socket, &format!("/containers/{id}/json")));
        let goes_on = match about {
            Some(Ok(mut about)) => {
                let name = container["Names"][0].as_str().unwrap_or(id);
                let goes_on = heard(Said::Container(name.trim_start_matches('/'), &about));
                zeroize::Zeroize::zeroize(&mut about);
                goes_on
            }
            Some(Err(_)) | None => heard(Said::Nothing),
        };
        if !goes_on {
            return;
        }
    }
    if list.len() > MAX_CONTAINERS {
        heard(Said::TooMany);
    }
}

/// What is said to a question. In the old version of the protocol, in which the answer ends with the connection.
fn answer(socket: &Path, path: &str) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut said = disk::whole(stream, MAX_ANSWER_BYTES)
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let is_success = said.starts_with(b"HTTP/1.") && said.get(9..13) == Some(b"200 ");
    let body = memchr::memmem::find(&said, b"\r\n\r\n").filter(|_| is_success);
    match body {
        Some(at) => {
            said.drain(..at + 4);
            Ok(said)
        }
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}
