//! The app without its window in a process that can be killed: orders in, lines of JSON out.
//!
//! Which keychain it has is decided by the desktop that it runs in. Left out: what the answers should be.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

use crate::desktop::Desktop;

/// A running app.
pub struct CustodyProbe {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl CustodyProbe {
    /// Starts `program` (the built `custody-probe`) in `desktop` on the app folders below `folder`.
    ///
    /// # Panics
    /// When it doesn't start.
    #[must_use]
    pub fn start(desktop: &Desktop, program: &Path, folder: &Path) -> CustodyProbe {
        let mut child = desktop
            .command(program)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the probe was built with the tests");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut probe = CustodyProbe {
            orders: child.stdin.take(),
            answers,
            child,
        };
        let ready = probe.answer();
        assert_eq!(ready, Some(Value::from("ready")), "the app starts");
        probe
    }

    /// Gives an order and waits for its answer.
    ///
    /// # Panics
    /// When the app has ended.
    pub fn order(&mut self, order: &str) -> Value {
        self.send(order);
        self.answer().expect("the app answers")
    }

    /// Gives an order and does not wait.
    ///
    /// # Panics
    /// When the app has ended.
    pub fn send(&mut self, order: &str) {
        let orders = self.orders.as_mut().expect("open until dropped");
        writeln!(orders, "{order}").expect("the app is running");
    }

    /// The next line; nothing once the app has ended.
    ///
    /// # Panics
    /// When the line is not JSON.
    pub fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        let read = self
            .answers
            .read_line(&mut line)
            .expect("the app says text");
        // A line that was cut off by the kill was not said.
        (read > 0 && line.ends_with('\n')).then(|| serde_json::from_str(&line).expect("JSON"))
    }

    /// Ends the process as `kill -9` does, and gives the lines that it had said before.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(mut self) -> Vec<Value> {
        self.child.kill().expect("it is our own child");
        self.child.wait().expect("it was killed");
        std::iter::from_fn(|| self.answer()).collect()
    }
}

impl Drop for CustodyProbe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
