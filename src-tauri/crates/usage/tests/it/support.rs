//! Fake tokens made at run time, ways of writing them, and a search that gathers everything.

use std::cell::RefCell;
use std::fmt::Display;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt;
use rand::distr::Alphanumeric;
use sha2::{Digest, Sha256};
use usage::{Event, Finding, Machine, Scan, SearchKey, Summary, Tier};

/// A token that is right in form and of no account.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: String,
    prefix: String,
    body: String,
    last_eight: String,
}

pub(crate) fn letters(count: usize) -> String {
    let letters = rand::rng().sample_iter(Alphanumeric).take(count);
    letters.map(char::from).collect()
}

impl Token {
    /// As Sanctum makes them since 3.3.
    pub(crate) fn new(id: impl Display) -> Self {
        let body = letters(40);
        Self {
            id: id.to_string(),
            prefix: String::new(),
            last_eight: format!("{:08x}", crc32fast::hash(body.as_bytes())),
            body,
        }
    }

    pub(crate) fn with_prefix(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// As Sanctum 3.2.6 made them.
    pub(crate) fn of_php(id: impl Display) -> Self {
        let token = Self::new(id).with_prefix("laravel_sanctum_");
        Self {
            last_eight: php_checksum(token.body.as_bytes()),
            ..token
        }
    }

    /// As Sanctum made them before: without a checksum, of 40 or 80 characters.
    pub(crate) fn legacy(id: impl Display, length: usize) -> Self {
        // A suffix of hexadecimal digits only would be a checksum; that is as rare as winning a lottery.
        let last_eight = format!("{}zZ", letters(6));
        Self {
            body: letters(length - 8),
            last_eight,
            ..Self::new(id)
        }
    }

    pub(crate) fn secret(&self) -> String {
        format!("{}{}{}", self.prefix, self.body, self.last_eight)
    }

    pub(crate) fn whole(&self) -> String {
        format!("{}|{}", self.id, self.secret())
    }

    pub(crate) fn last_eight(&self) -> &str {
        &self.last_eight
    }

    pub(crate) fn search_key(&self) -> SearchKey {
        SearchKey::new(&self.id, &self.last_eight).unwrap()
    }

    pub(crate) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.secret()))
    }
}

fn php_checksum(body: &[u8]) -> String {
    let mut remainder = u32::MAX;
    for byte in body {
        remainder ^= u32::from(*byte) << 24;
        for _ in 0..8 {
            let carry = remainder >> 31;
            remainder = remainder << 1 ^ (carry * 0x04c1_1db7);
        }
    }
    format!("{:08x}", (!remainder).swap_bytes())
}

/// Base64 with padding.
pub(crate) fn base64(text: &[u8]) -> String {
    STANDARD.encode(text)
}

/// Broken into lines of this many letters.
pub(crate) fn wrapped(text: &str, width: usize, between: &str) -> String {
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(width)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join(between)
}

pub(crate) fn utf16(text: &str, order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xfeff_u16);
    mark.into_iter()
        .chain(text.encode_utf16())
        .flat_map(order)
        .collect()
}

/// Searches these folders and nothing else of this machine.
pub(crate) fn scan(keys: &[SearchKey], root: &Path) -> Scan {
    Scan::new(keys.to_vec())
        .tier(Tier::Folders)
        .roots([root])
        .machine(Machine::none())
}

/// Runs a search and gathers its findings.
pub(crate) fn run(scan: Scan) -> (Vec<Finding>, Summary) {
    let findings = RefCell::new(Vec::new());
    let summary = scan.run(&|event| {
        if let Event::Found(finding) = event {
            findings.borrow_mut().push(finding);
        }
    });
    (findings.into_inner(), summary)
}

/// The program `git`, untouched by the user's configuration.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.test"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "gc.auto=0",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
