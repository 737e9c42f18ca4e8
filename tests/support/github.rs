//! A small GitHub for Debian's real `gh`: the three endpoints with which the secrets of a repository are listed and set.
//!
//! `gh` wants names and certificates of hosts, but has a setting with which it sends everything, in plain HTTP, through a
//! socket of the file system: so nothing of this is on any network. What `gh` seals is opened here with the key that it was
//! given, so a test sees the very value that arrived.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto_box::SecretKey;
use jiff::Timestamp;
use serde_json::{Value, json};

/// When every secret was set that nobody has set since.
pub const SET_BEFORE: &str = "2024-05-02T08:00:00Z";

/// A secret as the server has it.
#[derive(Clone, Debug)]
struct Kept {
    updated_at: String,
    value: Option<String>,
}

#[derive(Default)]
struct State {
    /// By repository ("ada/shop") and name.
    secrets: BTreeMap<(String, String), Kept>,
    /// Method and path of every request.
    requests: Vec<String>,
    /// What is answered instead of anything else.
    status: Option<u16>,
}

/// The server, and the folder from which `gh` knows that it is signed in to it.
pub struct GitHub {
    folder: PathBuf,
    state: Arc<Mutex<State>>,
}

impl GitHub {
    /// Starts it, with what it needs in this folder.
    ///
    /// # Panics
    /// When the folder can't be written.
    #[must_use]
    pub fn start(folder: &Path) -> GitHub {
        let socket = folder.join("github.sock");
        let listener = UnixListener::bind(&socket).expect("a socket can be made");
        let configuration = folder.join("gh");
        fs::create_dir_all(&configuration).expect("the folder can be written");
        let settings = format!("http_unix_socket: {}\n", socket.display());
        fs::write(configuration.join("config.yml"), settings).expect("it can be written");
        let hosts =
            "github.com:\n    oauth_token: gho_of_a_test\n    user: ada\n    git_protocol: https\n";
        fs::write(configuration.join("hosts.yml"), hosts).expect("it can be written");
        let state = Arc::new(Mutex::new(State::default()));
        let served = Arc::clone(&state);
        // Ends with the test's process: it holds nothing.
        thread::spawn(move || {
            let key = SecretKey::from_bytes(rand::random());
            for stream in listener.incoming().flatten() {
                // A program that was ended in the middle is none of its business.
                let _ = serve(&stream, &served, &key);
            }
        });
        GitHub {
            folder: folder.to_owned(),
            state,
        }
    }

    fn state<T>(&self, take: impl FnOnce(&mut State) -> T) -> T {
        take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A repository has this secret.
    pub fn add(&self, repository: &str, name: &str) {
        self.state(|state| {
            let kept = Kept {
                updated_at: SET_BEFORE.to_owned(),
                value: None,
            };
            state
                .secrets
                .insert((repository.to_owned(), name.to_owned()), kept);
        });
    }

    /// Somebody takes it away.
    pub fn remove(&self, repository: &str, name: &str) {
        let id = (repository.to_owned(), name.to_owned());
        self.state(|state| state.secrets.remove(&id));
    }

    /// Somebody else sets it.
    pub fn touch(&self, repository: &str, name: &str) {
        let id = (repository.to_owned(), name.to_owned());
        self.state(|state| {
            if let Some(kept) = state.secrets.get_mut(&id) {
                kept.updated_at = now();
            }
        });
    }

    /// What arrived for a secret; none where nothing did.
    #[must_use]
    pub fn value(&self, repository: &str, name: &str) -> Option<String> {
        let id = (repository.to_owned(), name.to_owned());
        self.state(|state| state.secrets.get(&id).and_then(|kept| kept.value.clone()))
    }

    /// Method and path of every request.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state(|state| state.requests.clone())
    }

    /// Everything is answered with this status; none for the right answers.
    pub fn answers(&self, status: Option<u16>) {
        self.state(|state| state.status = status);
    }

    /// What `gh` finds its settings and this server by, beside the test's own path.
    ///
    /// # Panics
    /// When the test has no such variable.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let path = std::env::var_os("PATH").expect("tests find programs too");
        environment(&path, &self.folder)
    }

    /// The folder of `gh`'s settings.
    #[must_use]
    pub fn configuration(&self) -> PathBuf {
        self.folder.join("gh")
    }
}

/// What a program of the user's finds: a path, a home folder, and the settings in it.
#[must_use]
pub fn environment(path: &OsString, folder: &Path) -> Vec<(OsString, OsString)> {
    vec![
        ("PATH".into(), path.clone()),
        ("HOME".into(), folder.into()),
        ("GH_CONFIG_DIR".into(), folder.join("gh").into()),
    ]
}

/// A folder with a shell script in the place of a program, for `PATH`.
///
/// # Panics
/// When it can't be written.
#[must_use]
pub fn fake_program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).expect("the folder can be written");
    let program = programs.join(name);
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("it can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
        .expect("it can be made a program");
    programs
}

/// A repository in this folder as git and GitHub know it, with a workflow that names these secrets.
///
/// # Panics
/// When it can't be written.
pub fn repository(folder: &Path, name: &str, secrets: &[&str]) {
    let (git, workflows) = (folder.join(".git"), folder.join(".github/workflows"));
    for folder in [&git, &workflows] {
        fs::create_dir_all(folder).expect("the folder can be written");
    }
    let origin = format!("[remote \"origin\"]\n\turl = git@github.com:{name}.git\n");
    fs::write(git.join("config"), origin).expect("it can be written");
    let named = secrets
        .iter()
        .map(|secret| format!("  {secret}: ${{{{ secrets.{secret} }}}}\n"));
    let workflow = format!("on: push\nenv:\n{}", named.collect::<String>());
    fs::write(workflows.join("deploy.yml"), workflow).expect("it can be written");
}

fn now() -> String {
    Timestamp::from_second(Timestamp::now().as_second())
        .unwrap_or_default()
        .to_string()
}

fn serve(stream: &UnixStream, state: &Mutex<State>, key: &SecretKey) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = line.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let (status, answer) = answer(state, key, method, path, &body);
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(answer.as_bytes())
}

fn answer(
    state: &Mutex<State>,
    key: &SecretKey,
    method: &str,
    path: &str,
    body: &[u8],
) -> (u16, Value) {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let path = path.split('?').next().unwrap_or_default();
    state.requests.push(format!("{method} {path}"));
    if let Some(status) = state.status {
        return (status, json!({ "message": "as the test says" }));
    }
    let not_found = || (404, json!({ "message": "Not Found" }));
    let Some((repository, rest)) = path
        .strip_prefix("/repos/")
        .and_then(|path| path.split_once("/actions/secrets"))
    else {
        return not_found();
    };
    match (method, rest.trim_start_matches('/')) {
        ("GET", "") => {
            let of_it = state.secrets.iter().filter(|((of, _), _)| of == repository);
            let secrets: Vec<Value> = of_it
                .map(|((_, name), kept)| {
                    json!({ "name": name, "created_at": SET_BEFORE, "updated_at": kept.updated_at })
                })
                .collect();
            (
                200,
                json!({ "total_count": secrets.len(), "secrets": secrets }),
            )
        }
        ("GET", "public-key") => {
            let public = STANDARD.encode(key.public_key().as_bytes());
            (
                200,
                json!({ "key_id": "568250167242549743", "key": public }),
            )
        }
        ("PUT", name) => {
            let Some(value) = opened(key, body) else {
                return (422, json!({ "message": "Bad request" }));
            };
            let kept = Kept {
                updated_at: now(),
                value: Some(value),
            };
            let before = state
                .secrets
                .insert((repository.to_owned(), name.to_owned()), kept);
            (if before.is_some() { 204 } else { 201 }, json!({}))
        }
        _ => not_found(),
    }
}

/// What was sealed for the key.
fn opened(key: &SecretKey, body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let sealed = STANDARD.decode(body["encrypted_value"].as_str()?).ok()?;
    String::from_utf8(key.unseal(&sealed).ok()?).ok()
}
