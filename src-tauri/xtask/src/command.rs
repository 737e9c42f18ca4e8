//! Runs other programs: prints what is started, shows what it prints at once, and keeps that for counting tests.
//!
//! `duct` starts them: no shell, so no quoting that could go wrong. Two things it does not do are here: bounding the
//! time of a program together with all that it started, and showing output while keeping it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use duct::{Expression, ReaderHandle};

use crate::error::{Error, Result};

/// How often a running program is asked whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long to wait for the last output of a program that has ended: a stray grandchild may hold the pipe for ever.
const LAST_OUTPUT_TIMEOUT: Duration = Duration::from_secs(2);

/// A program with its arguments, before it runs.
#[derive(Debug)]
pub(crate) struct Command {
    program: OsString,
    arguments: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    dir: Option<PathBuf>,
    timeout: Option<Duration>,
}

impl Command {
    /// A program without arguments yet, in the current folder.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            dir: None,
            timeout: None,
        }
    }

    /// The same cargo that started us.
    pub(crate) fn cargo(root: &Path) -> Self {
        Self::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).dir(root)
    }

    /// One more argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// More arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// A variable of the environment. The last value that it is given counts.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// Where it runs.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// How long it may take; afterwards it and all it started are killed.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Runs it with our own terminal, for what the user is to see or answer.
    ///
    /// # Errors
    /// When it does not start, or ends with anything but success.
    pub(crate) fn run_in_terminal(self) -> Result {
        self.announce();
        let output = self.expression().run().map_err(self.not_started())?;
        self.succeeded(output.status, String::new()).map(drop)
    }

    /// Runs it and gives back what it printed, which is also shown as it comes.
    ///
    /// # Errors
    /// When it does not start, takes too long, or ends with anything but success.
    pub(crate) fn run(self) -> Result<String> {
        self.announce();
        let expression = self.expression().stdin_null().stderr_to_stdout();
        let running = Arc::new(expression.reader().map_err(self.not_started())?);
        let kept = Arc::default();
        let listener = listen(&running, &kept);
        let status = self.wait(&running)?;
        let deadline = Instant::now() + LAST_OUTPUT_TIMEOUT;
        while !listener.is_finished() && Instant::now() < deadline {
            thread::sleep(POLL_INTERVAL);
        }
        let output = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.succeeded(status, output)
    }

    /// Runs it in silence; the answer to a question such as "is this installed?".
    ///
    /// # Errors
    /// When it does not start. How it ended is in the answer.
    pub(crate) fn output(&self) -> Result<Output> {
        let expression = self.expression().stdin_null();
        let captured = expression.stdout_capture().stderr_capture();
        captured.run().map_err(self.not_started())
    }

    /// Runs it in silence and gives back what it wrote to its standard output. What it wrote to its standard error is
    /// shown when it failed.
    ///
    /// # Errors
    /// When it does not start, or ends with anything but success.
    pub(crate) fn read(self) -> Result<String> {
        let output = self.output()?;
        if !output.status.success() {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        self.succeeded(output.status, text)
    }

    /// Starts it and leaves it running until the handle is dropped.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn start(self) -> Result<Running> {
        self.announce();
        let reader = self.expression().stdin_null().reader();
        reader.map(Running).map_err(self.not_started())
    }

    fn expression(&self) -> Expression {
        let mut expression = duct::cmd(&self.program, &self.arguments).unchecked();
        // `cargo run` describes this package to us; another cargo must not take it for a description of its own.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_")
                || text == "CARGO_BIN_NAME"
            {
                expression = expression.env_remove(&name);
            }
        }
        for (name, value) in &self.environment {
            expression = expression.env(name, value);
        }
        match &self.dir {
            Some(dir) => expression.dir(dir),
            None => expression,
        }
    }

    /// The command line, as it is shown.
    fn line(&self) -> String {
        let program = Path::new(&self.program);
        let program = program.file_name().unwrap_or(&self.program);
        let words = std::iter::once(program).chain(self.arguments.iter().map(AsRef::as_ref));
        let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
        words.join(" ")
    }

    fn announce(&self) {
        println!("$ {}", self.line());
    }

    fn not_started(&self) -> impl FnOnce(std::io::Error) -> Error {
        let program = self.program.to_string_lossy().into_owned();
        move |source| Error::Start { program, source }
    }

    fn wait(&self, running: &ReaderHandle) -> Result<ExitStatus> {
        let started = Instant::now();
        loop {
            if let Some(output) = running.try_wait().map_err(self.not_started())? {
                return Ok(output.status);
            }
            if let Some(timeout) = self.timeout.filter(|timeout| started.elapsed() > *timeout) {
                kill_tree(running);
                let command = self.line();
                return Err(Error::TimedOut { command, timeout });
            }
            thread::sleep(POLL_INTERVAL);
        }
    }

    fn succeeded(&self, status: ExitStatus, output: String) -> Result<String> {
        if status.success() {
            return Ok(output);
        }
        Err(Error::Failed {
            command: self.line(),
            status: status.to_string(),
            output,
        })
    }
}

/// A running program; it ends with this value.
pub(crate) struct Running(ReaderHandle);

impl Running {
    /// The next line that it prints.
    ///
    /// # Errors
    /// When its output cannot be read.
    pub(crate) fn first_line(&self) -> std::io::Result<String> {
        let mut line = String::new();
        BufReader::new(&self.0).read_line(&mut line)?;
        Ok(line)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        kill_tree(&self.0);
    }
}

/// Copies what a program prints to the terminal line by line, and into `kept`.
fn listen(running: &Arc<ReaderHandle>, kept: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let (running, kept) = (Arc::clone(running), Arc::clone(kept));
    thread::spawn(move || {
        let mut reader = BufReader::new(&*running);
        let mut terminal = std::io::stdout();
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            // A closed terminal is no reason to lose the result.
            let _ = terminal.write_all(&line).and_then(|()| terminal.flush());
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}

/// Ends a program and everything that it started and that still belongs to it.
fn kill_tree(running: &ReaderHandle) {
    if cfg!(unix) {
        for id in running.pids().into_iter().flat_map(descendants) {
            let kill = duct::cmd!("kill", "-KILL", id.to_string()).unchecked();
            // It may have ended by itself meanwhile.
            let _ = kill.stdout_null().stderr_null().run();
        }
    }
    // Likewise.
    let _ = running.kill();
}

/// Process ids below the given one, nearest first. Empty where `ps` is missing.
fn descendants(ancestor: u32) -> Vec<u32> {
    let Ok(listing) = duct::cmd!("ps", "-e", "-o", "pid=,ppid=").read() else {
        return Vec::new();
    };
    let pairs: Vec<(u32, u32)> = listing
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        })
        .collect();
    let mut family = vec![ancestor];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        let children = pairs.iter().filter(|(_, of)| *of == parent);
        family.extend(children.map(|(id, _)| *id));
        next += 1;
    }
    family.split_off(1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_comes_back_from_both_pipes() {
        let output = Command::new("sh")
            .args(["-c", "echo out; echo err >&2"])
            .run()
            .unwrap();
        assert_eq!(output, "out\nerr\n");
    }

    #[test]
    fn a_failure_keeps_what_was_printed_before() {
        let failure = Command::new("sh")
            .args(["-c", "echo half way; exit 3"])
            .run()
            .unwrap_err();
        assert!(matches!(failure, Error::Failed { output, .. } if output == "half way\n"));
    }

    #[test]
    fn a_program_over_its_timeout_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let command = Command::new("sh")
            .dir(folder.path())
            .args(["-c", "sleep 600 & echo $! >id; wait"]);
        assert!(matches!(
            command.timeout(Duration::from_millis(300)).run(),
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
    fn a_stray_grandchild_that_holds_the_pipe_is_not_waited_for() {
        let started = Instant::now();
        let output = Command::new("sh")
            .args(["-c", "sleep 30 & echo done"])
            .run()
            .unwrap();
        assert_eq!(output, "done\n");
        assert!(started.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn an_absent_program_is_named() {
        let failure = Command::new("no-such-program-here").run().unwrap_err();
        assert!(failure.to_string().contains("no-such-program-here"));
    }

    /// A caller that has a call made for one program may name another.
    #[test]
    fn the_last_value_of_a_variable_counts() {
        let call = Command::new("sh").args(["-c", "printf %s \"$WHICH\""]);
        let call = call.env("WHICH", "first").env("WHICH", "last");
        assert_eq!(call.output().unwrap().stdout, b"last");
    }
}
