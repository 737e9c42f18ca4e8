//! One background program of a private desktop: started in its own process group, its output in
//! files (a full pipe would stop it), ended when dropped, and ended by the kernel when the test
//! process is killed.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::wait;

/// Lines of a log that a failing test shows.
const TAIL: usize = 15;

/// How long a program may take to end when asked, before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);

/// A program that runs until this is dropped.
pub struct Service {
    name: String,
    output: PathBuf,
    log: PathBuf,
    child: Child,
}

impl Service {
    /// Starts `command` with its standard error in `logs/<name>.log`, its standard output in
    /// `logs/<name>.out`, and `input` on its standard input, which is then closed.
    ///
    /// # Panics
    /// When the program is not installed or can't be started.
    #[must_use]
    pub fn start(name: &str, command: &Command, logs: &Path, input: &[u8]) -> Service {
        let log = logs.join(format!("{name}.log"));
        let output = logs.join(format!("{name}.out"));
        let mut command = dying_with_us(command);
        command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(File::create(&output).expect("the log folder is ours"))
            .stderr(File::create(&log).expect("the log folder is ours"));
        let mut child = spawn(command).unwrap_or_else(|error| {
            panic!("{name} does not start ({error}); `cargo xtask test` installs what is missing")
        });
        let mut stdin = child.stdin.take().expect("stdin is piped");
        // A program that ends before reading is reported by whoever waits for it to be ready.
        let _ = stdin.write_all(input);
        drop(stdin);
        Service {
            name: name.to_owned(),
            output,
            log,
            child,
        }
    }

    /// The first whole line that the program writes to its standard output, without its end.
    ///
    /// # Panics
    /// When the program ends, or says nothing.
    pub fn first_line(&mut self) -> String {
        let name = self.name.clone();
        self.until_ready(&format!("{name} says something"), |service| {
            let output = fs::read_to_string(&service.output).unwrap_or_default();
            output.split_once('\n').map(|(line, _)| line.to_owned())
        })
    }

    /// Waits until `ready` gives something, or the program ends.
    ///
    /// # Panics
    /// With the end of the log, when the program ends or never gets ready.
    pub fn until_ready<T>(
        &mut self,
        what: &str,
        mut ready: impl FnMut(&Service) -> Option<T>,
    ) -> T {
        let ready = wait::until(what, || match ready(self) {
            Some(found) => Some(Ok(found)),
            None if self.is_running() => None,
            None => Some(Err(self.log_tail())),
        });
        ready.unwrap_or_else(|log| panic!("{} ended at once:\n{log}", self.name))
    }

    /// The program's process id.
    ///
    /// # Panics
    /// Never on Linux, whose ids fit.
    #[must_use]
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("process ids are small")
    }

    /// Whether the program still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The end of what the program wrote to its standard error.
    #[must_use]
    pub fn log_tail(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }

    fn signal_group(&self, signal: Signal) {
        if let Some(group) = Pid::from_raw(self.pid()) {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- {}\n{}", self.name, self.log_tail());
        }
        self.signal_group(Signal::TERM);
        if wait::within(STOP_TIMEOUT, || self.child.try_wait().ok().flatten()).is_none() {
            self.signal_group(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// The same command, told to the kernel to be killed when its parent thread ends.
fn dying_with_us(command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    wrapped
        .args(["--pdeathsig", "KILL", "--"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            wrapped.env(name, value);
        }
    }
    wrapped
}

/// Starts `command` on a thread that lives as long as the process. A parent's death is its
/// *thread's* death to the kernel, and a test's thread may be one of many of its runtime.
fn spawn(command: Command) -> std::io::Result<Child> {
    type Order = (Command, mpsc::Sender<std::io::Result<Child>>);
    static LAUNCHER: LazyLock<Mutex<mpsc::Sender<Order>>> = LazyLock::new(|| {
        let (orders, queue) = mpsc::channel::<Order>();
        std::thread::spawn(move || {
            for (mut command, reply) in queue {
                let _ = reply.send(command.spawn());
            }
        });
        Mutex::new(orders)
    });
    let (reply, answer) = mpsc::channel();
    let orders = LAUNCHER.lock().expect("sending does not panic").clone();
    orders
        .send((command, reply))
        .expect("the launcher never ends");
    answer.recv().expect("the launcher never ends")
}
