//! Other programs, asked something: they work on files of somebody else as well, so how much they say, how long they
//! take and how much memory they use is bounded, and none outlives the question.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a program may take of memory.
#[cfg(target_os = "linux")]
const MAX_MEMORY_BYTES: u64 = 1 << 30;

/// A program that is stopped when its output is not read, or when it is silent for too long.
#[derive(Debug)]
pub(crate) struct Program {
    child: Arc<Mutex<Child>>,
    /// It was silent for too long, and stopped.
    is_stopped: Arc<AtomicBool>,
    /// Each sign of life goes here; dropped to end the watch.
    alive: Option<Sender<()>>,
    watch: Option<JoinHandle<()>>,
}

impl Program {
    /// Starts it, with its output for the caller to read.
    ///
    /// # Errors
    /// When it can't be started.
    pub(crate) fn start(
        mut command: Command,
        silence: Duration,
    ) -> io::Result<(Self, impl Read + use<>)> {
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt as _;
            /// `CREATE_NO_WINDOW` of the Win32 API.
            const NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(NO_WINDOW);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        confine(&child);
        let output = child.stdout.take();
        let child = Arc::new(Mutex::new(child));
        let (alive, signs) = mpsc::channel();
        let watched = Arc::clone(&child);
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&is_stopped);
        let watch = thread::Builder::new().spawn(move || {
            loop {
                match signs.recv_timeout(silence) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        stopped.store(true, Ordering::Release);
                        return kill(&watched);
                    }
                }
            }
        });
        let mut program = Self {
            child,
            is_stopped,
            alive: Some(alive),
            watch: None,
        };
        // Without a watch it could hang for ever; dropping ends it.
        program.watch = Some(watch?);
        let output = output.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok((program, output))
    }

    /// It said something.
    pub(crate) fn is_alive(&self) {
        if let Some(alive) = &self.alive {
            // Nobody listens when it was stopped already.
            let _ = alive.send(());
        }
    }

    /// Waits for its end, after everything it said was read.
    ///
    /// # Errors
    /// When it failed; with [`io::ErrorKind::TimedOut`] when it was stopped.
    pub(crate) fn end(self) -> io::Result<()> {
        // Its output is at its end, so all it has left to do is to go; the watch bounds even that.
        loop {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(status) = child.try_wait()? {
                return if status.success() {
                    Ok(())
                } else if self.is_stopped.load(Ordering::Acquire) {
                    Err(io::ErrorKind::TimedOut.into())
                } else {
                    Err(io::Error::other("the program failed"))
                };
            }
            drop(child);
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.alive = None;
        kill(&self.child);
        if let Some(watch) = self.watch.take() {
            // It has nothing to say.
            let _ = watch.join();
        }
    }
}

fn kill(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // Fails when it has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// Everything a program says.
///
/// # Errors
/// When it can't be started; with [`io::ErrorKind::Other`] when it fails, with [`io::ErrorKind::FileTooLarge`] when it
/// says more than `most` bytes, and with [`io::ErrorKind::TimedOut`] when it takes longer than `time`.
pub(crate) fn output(command: Command, most: u64, time: Duration) -> io::Result<Vec<u8>> {
    let (text, outcome) = said(command, most, time);
    outcome.map(|()| text)
}

/// What a program said until it ended or failed, and how it failed, as in [`output`].
pub(crate) fn said(command: Command, most: u64, time: Duration) -> (Vec<u8>, io::Result<()>) {
    let mut text = Vec::new();
    let outcome = Program::start(command, time).and_then(|(program, output)| {
        output.take(most.saturating_add(1)).read_to_end(&mut text)?;
        if u64::try_from(text.len()).unwrap_or(u64::MAX) > most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        program.end()
    });
    (text, outcome)
}

/// Bounds its memory. It has done nothing yet but start.
#[cfg(target_os = "linux")]
fn confine(child: &Child) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let limit = Rlimit {
        current: Some(MAX_MEMORY_BYTES),
        maximum: Some(MAX_MEMORY_BYTES),
    };
    if let Ok(id) = i32::try_from(child.id())
        && let Some(id) = Pid::from_raw(id)
    {
        // Refused only where a lower limit is set already.
        let _ = prlimit(Some(id), Resource::As, limit);
    }
}

/// Bounds its memory; on this system there is no way to do that from outside.
#[cfg(not(target_os = "linux"))]
fn confine(_: &Child) {}

#[cfg(all(test, unix))]
mod tests {
    use std::io;
    use std::process::Command;
    use std::time::Duration;

    use super::output;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_program_says_is_bounded_in_size_and_time() {
        let long = Duration::from_secs(60);
        assert_eq!(output(shell("echo x"), 10, long).unwrap(), b"x\n");
        let endless = output(shell("exec cat /dev/zero"), 1000, long).unwrap_err();
        assert_eq!(endless.kind(), io::ErrorKind::FileTooLarge);
        let hanging = output(shell("exec sleep 3600"), 10, Duration::from_millis(50)).unwrap_err();
        assert_eq!(hanging.kind(), io::ErrorKind::TimedOut);
        let failed = output(shell("exit 3"), 10, long).unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::Other);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_memory_of_a_program_is_bounded() {
        let waits = "until [ $(ulimit -v) != unlimited ]; do :; done; ulimit -v";
        let told = output(shell(waits), 100, Duration::from_secs(60)).unwrap();
        let told = String::from_utf8(told).unwrap();
        assert!(told.trim().parse::<u64>().unwrap() <= super::MAX_MEMORY_BYTES / 1024);
    }
}
