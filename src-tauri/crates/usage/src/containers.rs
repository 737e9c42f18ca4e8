//! Running containers, as the programs that keep them tell of them: with which environment and arguments each was started.
//!
//! Asked over their own sockets on this machine, in the words of Docker's API, which Podman answers too: the list, and
//! what each is. Nothing is changed by asking. A socket that this user may not use is told.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk;
use crate::search::Search;
use crate::skipped::Reason;

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

/// Calls `each` with the name of each running container and what was said of it.
pub(crate) fn each(search: &Search, socket: &Path, each: &mut dyn FnMut(&str, &[u8])) {
    let missed = || {
        let what = Some("running containers");
        search.skipped.add_kind(Reason::ProcessDenied, what, socket);
    };
    let list = match answer(socket, "/containers/json") {
        Ok(list) => list,
        // Nobody listens there.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return;
        }
        Err(_) => return missed(),
    };
    let Ok(serde_json::Value::Array(list)) = serde_json::from_slice(&list) else {
        return missed();
    };
    for container in list.iter().take(MAX_CONTAINERS) {
        if search.is_stopped() {
            return;
        }
        // A word of the answer becomes one of the next question: nothing but an id may.
        let id = container["Id"].as_str().unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            missed();
            continue;
        }
        let name = container["Names"][0].as_str().unwrap_or(id);
        let name = name.trim_start_matches('/');
        match answer(socket, &format!("/containers/{id}/json")) {
            Ok(mut about) => {
                each(name, &about);
                zeroize::Zeroize::zeroize(&mut about);
            }
            Err(_) => missed(),
        }
    }
    if list.len() > MAX_CONTAINERS {
        let what = Some("running containers");
        search.skipped.add_kind(Reason::Budget, what, socket);
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
