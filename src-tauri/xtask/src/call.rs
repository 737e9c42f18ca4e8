//! Calls of other programs: what is started is printed, what it prints is shown at once and kept for counting.
//!
//! Left out: shells. Every argument is passed as it is, so no quoting can go wrong.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::error::{Error, Result};

/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// How long to wait for the last words of a program that has ended; a stray grandchild may hold the pipe for ever.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// One call of a program.
#[derive(Debug)]
pub(crate) struct Call {
    command: Command,
    limit: Option<Duration>,
}

impl Call {
    /// A call of the program, without arguments yet, in the current folder.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        // `cargo run` describes this package to us; another cargo must not take it for a description of its own.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_")
                || text == "CARGO_BIN_NAME"
            {
                command.env_remove(&name);
            }
        }
        Self {
            command,
            limit: None,
        }
    }

    /// The same cargo that started us.
    pub(crate) fn cargo(root: &Path) -> Self {
        Self::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).folder(root)
    }

    /// One more argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// More arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// A variable of the environment.
    pub(crate) fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Where it runs.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// How long it may take; afterwards it and all it started are killed.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The command line, for people.
    pub(crate) fn words(&self) -> String {
        let mut words = vec![self.command.get_program().to_string_lossy().into_owned()];
        if let Some(name) = Path::new(&words[0]).file_name() {
            words[0] = name.to_string_lossy().into_owned();
        }
        words.extend(
            self.command
                .get_args()
                .map(|argument| argument.to_string_lossy().into_owned()),
        );
        words.join(" ")
    }

    /// Runs it with our own terminal, for what a user is to see or answer.
    ///
    /// # Errors
    /// When it does not start, or ends with anything but success.
    pub(crate) fn hand_over(mut self) -> Result {
        let words = self.announce();
        let status = self
            .command
            .status()
            .map_err(|source| self.not_started(source))?;
        finished(words, status, String::new()).map(drop)
    }

    /// Runs it and gives back what it printed, which is also shown as it comes.
    ///
    /// # Errors
    /// When it does not start, takes too long, or ends with anything but success.
    pub(crate) fn run(mut self) -> Result<String> {
        let words = self.announce();
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| self.not_started(source))?;
        let heard = Arc::new(Mutex::new(String::new()));
        let readers = [
            child
                .stdout
                .take()
                .map(|pipe| listen(pipe, std::io::stdout(), &heard)),
            child
                .stderr
                .take()
                .map(|pipe| listen(pipe, std::io::stderr(), &heard)),
        ];
        let status = wait(&mut child, &words, self.limit)?;
        let deadline = Instant::now() + LAST_WORDS;
        while readers.iter().flatten().any(|reader| !reader.is_finished())
            && Instant::now() < deadline
        {
            thread::sleep(GLANCE);
        }
        let output = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
        finished(words, status, output)
    }

    /// Runs it in silence; the answer to a question such as "is this installed?".
    ///
    /// # Errors
    /// When it does not start. How it ended is in the answer.
    pub(crate) fn ask(mut self) -> Result<Output> {
        self.command
            .stdin(Stdio::null())
            .output()
            .map_err(|source| self.not_started(source))
    }

    /// Runs it in silence and gives back what it wrote to its standard output. What it complained of is shown when it
    /// failed.
    ///
    /// # Errors
    /// When it does not start, or ends with anything but success.
    pub(crate) fn answer(self) -> Result<String> {
        let words = self.words();
        let output = self.ask()?;
        if !output.status.success() {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        finished(words, output.status, text)
    }

    /// Starts it and leaves it running, with its output in our hands.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn start(mut self) -> Result<Child> {
        self.announce();
        self.command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| self.not_started(source))
    }

    fn announce(&self) -> String {
        let words = self.words();
        println!("$ {words}");
        words
    }

    fn not_started(&self, source: std::io::Error) -> Error {
        Error::Start {
            program: self.command.get_program().to_string_lossy().into_owned(),
            source,
        }
    }
}

fn finished(words: String, status: ExitStatus, output: String) -> Result<String> {
    if status.success() {
        return Ok(output);
    }
    Err(Error::Failed {
        words,
        status: status.to_string(),
        output,
    })
}

/// Copies a pipe to the terminal line by line, and into `heard`.
fn listen<P, T>(pipe: P, mut terminal: T, heard: &Arc<Mutex<String>>) -> thread::JoinHandle<()>
where
    P: Read + Send + 'static,
    T: Write + Send + 'static,
{
    let heard = Arc::clone(heard);
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            // A closed terminal is no reason to lose the result.
            let _ = terminal.write_all(&line).and_then(|()| terminal.flush());
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}

fn wait(child: &mut Child, words: &str, limit: Option<Duration>) -> Result<ExitStatus> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(source) => {
                return Err(Error::Start {
                    program: words.to_owned(),
                    source,
                });
            }
        }
        if let Some(limit) = limit.filter(|limit| started.elapsed() > *limit) {
            end(child);
            return Err(Error::TimedOut {
                words: words.to_owned(),
                limit,
            });
        }
        thread::sleep(GLANCE);
    }
}

/// Ends a program and everything that it started and that still belongs to it.
pub(crate) fn end(child: &mut Child) {
    if cfg!(unix) {
        for id in descendants(child.id()) {
            let _ = Command::new("kill")
                .args(["-KILL", &id.to_string()])
                .output();
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Process ids below the given one, nearest first. Empty where `ps` is missing.
fn descendants(ancestor: u32) -> Vec<u32> {
    let Ok(listing) = Command::new("ps").args(["-e", "-o", "pid=,ppid="]).output() else {
        return Vec::new();
    };
    let pairs: Vec<(u32, u32)> = String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        })
        .collect();
    let mut family = vec![ancestor];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        family.extend(
            pairs
                .iter()
                .filter(|(_, of)| *of == parent)
                .map(|(id, _)| *id),
        );
        next += 1;
    }
    family.split_off(1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_comes_back_from_both_pipes() {
        let output = Call::new("sh")
            .args(["-c", "echo out; echo err >&2"])
            .run()
            .unwrap();
        assert!(
            output.contains("out\n") && output.contains("err\n"),
            "{output:?}"
        );
    }

    #[test]
    fn a_failure_keeps_what_was_printed_before() {
        let failure = Call::new("sh")
            .args(["-c", "echo half way; exit 3"])
            .run()
            .unwrap_err();
        assert!(matches!(failure, Error::Failed { output, .. } if output == "half way\n"));
    }

    #[test]
    fn a_program_over_its_limit_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let call = Call::new("sh")
            .folder(folder.path())
            .args(["-c", "sleep 600 & echo $! >id; wait"]);
        assert!(matches!(
            call.limit(Duration::from_millis(300)).run(),
            Err(Error::TimedOut { .. })
        ));
        let id = std::fs::read_to_string(folder.path().join("id")).unwrap();
        let state = Command::new("ps")
            .args(["-o", "stat=", "-p", id.trim()])
            .output()
            .unwrap()
            .stdout;
        let state = String::from_utf8_lossy(&state).trim().to_owned();
        assert!(
            state.is_empty() || state.starts_with('Z'),
            "still there: {state}"
        );
    }

    #[test]
    fn an_absent_program_is_named() {
        let failure = Call::new("no-such-program-here").run().unwrap_err();
        assert!(failure.to_string().contains("no-such-program-here"));
    }
}
