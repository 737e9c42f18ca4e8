//! The app's side of the process that searches this machine: starting it, hearing it, ending it.
//!
//! Whatever a file does to that process, this one lives, keeps what it was told, and can say where it stopped. It ends
//! when the search is stopped, when it has said its last word, when it says nothing new for long, and with the app.
//! Left out: the other side (`worker`), and what the findings mean (`evidence`).

use std::ffi::OsString;
use std::io::{self, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use crate::host::SearchProcess;
use crate::usage::outcome::{BrokeOff, Outcome, Why};
use crate::usage::protocol;
use crate::usage::protocol::{Line, Order, Request};
use crate::usage::searches::Search;

/// What of this process's environment the other one gets: how programs and the home folder are found, and in which
/// language errors are. Nothing else: some keep secrets there.
const VARIABLES: [&str; 18] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "RUST_LOG",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "PATHEXT",
    "TEMP",
    "TMP",
];

/// How many arenas the system's allocator may have. Each takes 64 MiB of addresses, and with one for every thread
/// there would be no room left below the limit.
const ARENAS: (&str, &str) = ("MALLOC_ARENA_MAX", "2");

/// How often it is looked whether the search was stopped.
const STOP_POLL_INTERVAL: Duration = Duration::from_millis(10);

/// How long a search that was stopped may take to say its last word.
const STOP_TIMEOUT: Duration = Duration::from_millis(300);

/// How much longer a search may be silent that stands back behind everything else: a busy machine lets it wait.
const BACKGROUND_TIMEOUT_FACTOR: u32 = 60;

/// How long a process that was killed may take to go. One that waits for a dead disk goes when the wait does.
const KILL_TIMEOUT: Duration = Duration::from_secs(1);

/// How many lines may wait to be heard.
const MAX_QUEUED_LINES: usize = 1024;

/// How much of what it writes on standard error is looked at.
const MAX_STDERR_BYTES: usize = 4096;

/// How the allocation that failed is told by Rust's runtime.
const OUT_OF_MEMORY: &str = "memory allocation of ";

/// Runs a search in a process of its own and passes on what it finds. Comes back when it is over. Blocks.
///
/// The thread that calls this has to live until then: on Linux the process ends with the thread that started it.
pub(crate) fn run(process: SearchProcess, request: &Request, search: &Search) -> Outcome {
    let started =
        protocol::written(request).and_then(|request| Running::start(process.command, request));
    match started {
        Ok(running) => {
            let silence_timeout = match request.background {
                Some(_) => process.silence_timeout * BACKGROUND_TIMEOUT_FACTOR,
                None => process.silence_timeout,
            };
            running.hear(search, silence_timeout)
        }
        Err(error) => {
            tracing::error!("the search could not be started: {error}");
            Outcome::BrokeOff(BrokeOff::of(Why::NotStarted, &[]))
        }
    }
}

/// What a thread that listens has heard.
enum Heard {
    Line(Box<Line>),
    /// Nothing follows. With whether it ended as the protocol says.
    End,
}

struct Running {
    child: Child,
    heard: Receiver<Heard>,
    errors: Receiver<String>,
    /// Dropped to close its input.
    stop: SyncSender<()>,
}

impl Running {
    fn start(mut command: Command, request: Vec<u8>) -> io::Result<Self> {
        with_little_environment(&mut command);
        apart(&mut command);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            // Piped above, so each is there.
            end(child);
            return Err(io::Error::other("it has no pipes"));
        };
        // Threads of their own that nobody waits for: a process that can't be ended may hold its pipes open.
        let (stop, stopped) = mpsc::sync_channel(1);
        thread::spawn(move || speak(input, &request, &stopped));
        let (tell, heard) = mpsc::sync_channel(MAX_QUEUED_LINES);
        thread::spawn(move || listen(BufReader::new(output), &tell));
        let (tell, last_errors) = mpsc::sync_channel(1);
        thread::spawn(move || tell.send(last_of(errors)));
        Ok(Self {
            child,
            heard,
            errors: last_errors,
            stop,
        })
    }

    fn hear(self, search: &Search, silence_timeout: Duration) -> Outcome {
        let mut reading = Vec::new();
        let mut last = None;
        let mut news = Instant::now();
        let mut stopped: Option<Instant> = None;
        let summary = loop {
            match self.heard.recv_timeout(STOP_POLL_INTERVAL) {
                Ok(Heard::Line(line)) => match *line {
                    Line::Finding(finding) => {
                        news = Instant::now();
                        search.take(usage::Event::Found(finding));
                    }
                    Line::Progress(progress) => {
                        reading.clone_from(&progress.reading);
                        // It is told ten times a second, whether or not anything moves.
                        if last.as_ref() != Some(&progress) {
                            news = Instant::now();
                            last = Some(progress.clone());
                        }
                        search.take(usage::Event::Progress(progress));
                    }
                    Line::Reading { paths } => {
                        news = Instant::now();
                        reading = paths;
                    }
                    Line::Summary(ended) => break Ok(ended),
                },
                Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => break Err(Why::Ended),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if search.cancel.is_stopped() {
                let since = *stopped.get_or_insert_with(|| {
                    // Full when it was said already.
                    let _ = self.stop.try_send(());
                    Instant::now()
                });
                if since.elapsed() > STOP_TIMEOUT {
                    break Err(Why::Hung);
                }
            } else if news.elapsed() > silence_timeout {
                break Err(Why::Hung);
            }
        };
        let Self {
            child,
            errors,
            stop,
            ..
        } = self;
        drop(stop);
        end(child);
        if reading.is_empty() {
            reading.extend(last.map(|last| last.folder));
        }
        match summary {
            Ok(ended) => Outcome::of(ended, stopped.is_some(), &reading),
            Err(_) if stopped.is_some() => Outcome::Stopped(None),
            Err(Why::Ended) if ran_out_of_memory(&errors) => {
                Outcome::BrokeOff(BrokeOff::of(Why::Memory, &reading))
            }
            Err(why) => Outcome::BrokeOff(BrokeOff::of(why, &reading)),
        }
    }
}

/// Asks, and later stops. The input is closed when nobody is left to say *stop*.
fn speak(mut input: ChildStdin, request: &[u8], stopped: &Receiver<()>) {
    // What it could not be told, it answers by ending.
    let _ = input.write_all(request);
    while stopped.recv().is_ok() {
        if let Ok(line) = protocol::written(&Order::Stop) {
            let _ = input.write_all(&line);
        }
    }
}

/// Passes on every line until the last, or one that is none.
fn listen(mut output: impl io::BufRead, tell: &SyncSender<Heard>) {
    loop {
        let heard = match protocol::read(&mut output) {
            Ok(Some(line)) => Heard::Line(Box::new(line)),
            Ok(None) => Heard::End,
            Err(error) => {
                tracing::warn!("the search broke off in the middle of a line: {error}");
                Heard::End
            }
        };
        let is_end = matches!(heard, Heard::End);
        if tell.send(heard).is_err() || is_end {
            return;
        }
    }
}

/// The last of what it wrote on standard error. It is looked at for one word and never written anywhere.
fn last_of(mut errors: impl Read) -> String {
    let mut last = Vec::new();
    let mut room = [0; 1024];
    while let Ok(more @ 1..) = errors.read(&mut room) {
        last.extend_from_slice(&room[..more]);
        last.drain(..last.len().saturating_sub(MAX_STDERR_BYTES));
    }
    String::from_utf8_lossy(&last).into_owned()
}

fn ran_out_of_memory(errors: &Receiver<String>) -> bool {
    let last = errors.recv_timeout(KILL_TIMEOUT).unwrap_or_default();
    last.contains(OUT_OF_MEMORY)
}

/// Only what [`VARIABLES`] names, and what the host gave by itself.
fn with_little_environment(command: &mut Command) {
    let given: Vec<(OsString, OsString)> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    let own = VARIABLES
        .iter()
        .filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
    let own: Vec<_> = own.collect();
    command
        .env_clear()
        .env(ARENAS.0, ARENAS.1)
        .envs(own)
        .envs(given);
}

/// With what it starts itself it is a group of its own, which ends as a whole.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    // Not in the folder that the app was started in: that may lie on a disk that is to be taken out.
    command.process_group(0).current_dir("/");
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}

/// Ends it and all that it started, and waits until it is gone.
fn end(mut child: Child) {
    kill(&mut child);
    let begun = Instant::now();
    while begun.elapsed() < KILL_TIMEOUT {
        match child.try_wait() {
            Ok(None) => thread::sleep(STOP_POLL_INTERVAL),
            Ok(Some(_)) | Err(_) => return,
        }
    }
    tracing::warn!("the process of a search can't be ended yet");
    thread::spawn(move || child.wait());
}

#[cfg(unix)]
fn kill(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // Until it is waited for, its number is nobody else's. One that has ended by itself may have left others.
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // Fails when nobody of it is left.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    // Fails when it has ended by itself.
    let _ = child.kill();
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::usage::protocol::Ended;

    #[test]
    fn the_other_process_gets_what_it_needs_and_nothing_else() {
        let mut command = Command::new("search");
        command.env("GIVEN", "1");
        with_little_environment(&mut command);
        let names: Vec<_> = command
            .get_envs()
            .map(|(name, _)| name.to_str().unwrap().to_owned())
            .collect();
        let is_known = |name: &String| {
            VARIABLES.contains(&name.as_str()) || name == "GIVEN" || name == ARENAS.0
        };
        assert!(names.iter().all(is_known), "{names:?}");
        assert!(names.contains(&"PATH".to_owned()) && names.contains(&"GIVEN".to_owned()));
    }

    #[test]
    fn only_the_last_errors_are_looked_at() {
        let text = "x".repeat(10_000) + "memory allocation of 7 bytes failed";
        let last = last_of(text.as_bytes());
        assert_eq!(last.len(), MAX_STDERR_BYTES);
        assert!(last.contains(OUT_OF_MEMORY));
    }

    #[test]
    fn a_part_that_failed_is_no_end_and_no_stop() {
        let ended = Ended {
            stopped: true,
            ..Ended::default()
        };
        let reading = [PathBuf::from("/a\u{202E}b")];
        let broke_off = BrokeOff {
            why: Why::Failed,
            reading: vec!["/ab".to_owned()],
        };
        assert_eq!(
            Outcome::of(ended.clone(), false, &reading),
            Outcome::BrokeOff(broke_off)
        );
        assert_eq!(
            Outcome::of(ended.clone(), true, &reading),
            Outcome::Stopped(Some(ended))
        );
    }
}
