//! A vault inside a private desktop. Which keychain a process has is decided by its environment,
//! so the vault under test runs in a process of its own and is given orders.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::desktop::Desktop;

/// What the vault answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done.
    Done,
    /// The secret that was asked for.
    Secret(String),
    /// An error: the name of its variant (for `Unavailable`: what is missing, then `Missing`), and
    /// what the user would read.
    Error(String, String),
}

impl Answer {
    /// The error's variant, or nothing when it was none.
    #[must_use]
    pub fn error(&self) -> &str {
        match self {
            Answer::Error(kind, _) => kind,
            _ => "",
        }
    }
}

/// A running process with one vault in it.
pub struct VaultProbe {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl VaultProbe {
    /// Starts `program` (the built `vault-probe`) in `desktop` with a `keychain` or `session-only`
    /// vault.
    ///
    /// # Panics
    /// When it doesn't start.
    #[must_use]
    pub fn start(desktop: &Desktop, program: &Path, kind: &str) -> VaultProbe {
        let mut child = desktop
            .command(program)
            .arg(kind)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the probe was built with the tests");
        let answers = child.stdout.take().expect("stdout is piped");
        VaultProbe {
            orders: child.stdin.take(),
            answers: BufReader::new(answers),
            child,
        }
    }

    /// Can secrets be kept?
    pub fn check(&mut self) -> Answer {
        self.order("check")
    }

    /// Keeps the secret of an account.
    pub fn store(&mut self, account: &str, secret: &str) -> Answer {
        self.order(&format!("store {account} {secret}"))
    }

    /// Reads the secret of an account.
    pub fn load(&mut self, account: &str) -> Answer {
        self.order(&format!("load {account}"))
    }

    /// Removes the secret of an account.
    pub fn forget(&mut self, account: &str) -> Answer {
        self.order(&format!("forget {account}"))
    }

    fn order(&mut self, order: &str) -> Answer {
        self.ask(order);
        self.answer()
    }

    /// Gives an order (`load ACCOUNT`, `store ACCOUNT SECRET` …) that may have to wait for a user;
    /// [`answer`](VaultProbe::answer) gets what comes of it.
    ///
    /// # Panics
    /// When the probe has ended.
    pub fn ask(&mut self, order: &str) {
        let orders = self.orders.as_mut().expect("open until dropped");
        writeln!(orders, "{order}").expect("the probe is running");
    }

    /// Waits for the answer to the oldest unanswered order.
    ///
    /// # Panics
    /// When the probe has ended.
    pub fn answer(&mut self) -> Answer {
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the probe answers text");
        let line = line.trim_end();
        match line.split_once(' ') {
            _ if line == "ok" => Answer::Done,
            Some(("secret", secret)) => Answer::Secret(secret.to_owned()),
            Some(("error", error)) => {
                let (kind, text) = error.split_once(' ').unwrap_or((error, ""));
                Answer::Error(kind.to_owned(), text.to_owned())
            }
            _ => panic!("the probe said: {line}"),
        }
    }
}

impl Drop for VaultProbe {
    fn drop(&mut self) {
        // Closing its input ends it, unless it is stuck in a prompt that nobody answers.
        self.orders = None;
        let ended = crate::wait::within(std::time::Duration::from_secs(3), || {
            self.child.try_wait().ok().flatten()
        });
        if ended.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
