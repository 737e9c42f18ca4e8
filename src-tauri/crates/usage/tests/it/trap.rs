//! A folder with a trap in it and a key beside it, and the program that searches it with little memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use usage::Reason;

use crate::bombs;
use crate::support::Token;

/// What a confined search may take of memory, in kilobytes. It needs less than 40,000 on an ordinary folder.
pub(crate) const MEMORY: u64 = 100_000;

/// How long it may take, on a machine that does something else besides.
const LONG: Duration = Duration::from_secs(600);

/// A folder with a key in it that any search must find.
pub(crate) struct Trap {
    pub(crate) home: tempfile::TempDir,
    pub(crate) token: Token,
}

/// What a search of it said.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) summary: serde_json::Value,
    pub(crate) found: usize,
}

impl Trap {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let token = Token::new(7);
        fs::create_dir(home.path().join("root")).unwrap();
        let keys = format!(r#"[{{"id": "7", "last_eight": "{}"}}]"#, token.last_eight());
        fs::write(home.path().join("keys.json"), keys).unwrap();
        let trap = Self { home, token };
        fs::write(trap.at("zz.txt"), trap.text()).unwrap();
        trap
    }

    pub(crate) fn text(&self) -> String {
        format!("K={}\n", self.token.whole())
    }

    /// A path in the folder, whose parents are made.
    pub(crate) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.home.path().join("root").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// What a repository has at least.
    pub(crate) fn repository(&self) {
        fs::create_dir_all(self.at("repo/.git/objects/info")).unwrap();
        fs::create_dir_all(self.at("repo/.git/objects/pack")).unwrap();
        fs::create_dir_all(self.at("repo/.git/refs")).unwrap();
        fs::write(self.at("repo/.git/HEAD"), "ref: refs/heads/main\n").unwrap();
    }

    /// A pack of these entries, each with the beginning of its entry and its packed text.
    pub(crate) fn pack(&self, entries: &[Vec<u8>]) {
        self.repository();
        let (index, pack) = bombs::pack(entries);
        fs::write(self.at("repo/.git/objects/pack/pack-1.idx"), index).unwrap();
        fs::write(self.at("repo/.git/objects/pack/pack-1.pack"), pack).unwrap();
    }

    fn command(&self, memory: u64, tier: u8) -> Command {
        let mut command = Command::new("sh");
        let script = format!("ulimit -v {memory}; exec \"$@\"");
        command
            .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_usage-scan")])
            .args(["--json", "--git", "--folders-only", "--threads", "2"])
            .args(["--tier", &tier.to_string(), "--keys"])
            .arg(self.home.path().join("keys.json"))
            .arg(self.home.path().join("root"));
        command
    }

    /// Runs the program with so many kilobytes of memory. Whatever there is must not end it, nor keep it for long.
    pub(crate) fn search(&self, memory: u64, tier: u8) -> Told {
        let mut child = self
            .command(memory, tier)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let (done, waiting) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            let read = std::io::Read::read_to_string(&mut output, &mut text);
            done.send(read.map(|_| text)).unwrap();
        });
        let Ok(text) = waiting.recv_timeout(LONG) else {
            child.kill().unwrap();
            panic!("the search hangs");
        };
        let text = text.unwrap();
        let status = child.wait().unwrap();
        let last = text.lines().last().unwrap_or_default();
        let summary = serde_json::from_str(last).unwrap_or_else(|_| panic!("it ended: {status}"));
        Told {
            code: status.code(),
            summary,
            found: text.matches("\"level\":\"this_key\"").count(),
        }
    }

    /// Searches and expects the key, nothing worse, and so many times the reason.
    pub(crate) fn expect(&self, tier: u8, reason: &str, count: u64) -> Told {
        let told = self.search(MEMORY, tier);
        println!("{}", told.summary);
        assert_eq!(told.found, 1);
        assert_eq!(told.code, Some(1));
        assert_eq!(told.count(reason), count, "{}", told.summary);
        told
    }
}

impl Told {
    pub(crate) fn count(&self, reason: &str) -> u64 {
        let skipped = self.summary["skipped"].as_array().unwrap().iter();
        let skipped = skipped.filter(|skipped| skipped["reason"] == reason);
        skipped
            .map(|skipped| skipped["count"].as_u64().unwrap())
            .sum()
    }
}

pub(crate) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

pub(crate) fn count(summary: &usage::Summary, reason: Reason) -> u64 {
    let skipped = summary
        .skipped
        .iter()
        .filter(|skipped| skipped.reason == reason);
    skipped.map(|skipped| skipped.count).sum()
}

/// Fails when a search stalls, instead of waiting with it.
pub(crate) fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, waiting) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    waiting.recv_timeout(LONG).unwrap()
}
