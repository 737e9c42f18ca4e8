//! `cargo xtask bench scan`: `usage-scan` beside ripgrep.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use std::time::Duration;

use super::corpus::{self, Corpus, KEYS, PLANTED};
use super::fixtures::Token;
use super::histories;
use super::measure::{Candidate, medians, output, peak};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// Numbers of keys to measure.
const COUNTS: [usize; 4] = [1, 10, 100, KEYS];

struct Bench {
    scan: PathBuf,
    rg: Option<PathBuf>,
    folder: PathBuf,
    corpus: Corpus,
    rounds: usize,
}

/// Builds what is needed, measures, prints the table.
///
/// # Errors
/// When something can't be built, written or started.
pub(super) fn run(paths: &Paths, rg: Option<&Path>, rounds: usize) -> Result {
    let build = [
        "build",
        "--release",
        "--package",
        "usage",
        "--bin",
        "usage-scan",
    ];
    Command::cargo(&paths.root).args(build).run_in_terminal()?;
    let folder = paths.target.join("bench");
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    let corpus = Corpus::ready(&folder, &paths.root)?;
    let lines = corpus::lines(&paths.root)?;
    let repositories = histories::ready(&folder, &lines, &corpus.tokens[0])?;
    let bench = Bench {
        scan: paths.target.join("release").join("usage-scan"),
        rg: rg.map(Path::to_owned).or_else(on_path),
        folder,
        corpus,
        rounds,
    };
    for count in COUNTS {
        bench.write_keys(count)?;
    }
    bench.introduce()?;
    bench.files()?;
    bench.memory()?;
    bench.watch(&repositories)?;
    bench.histories(&repositories)
}

/// The ripgrep that is installed.
fn on_path() -> Option<PathBuf> {
    let works = process::Command::new("rg").arg("--version").output();
    works
        .is_ok_and(|output| output.status.success())
        .then(|| "rg".into())
}

impl Bench {
    fn keys(&self, count: usize) -> PathBuf {
        self.folder.join(format!("keys-{count}.json"))
    }

    fn suffixes(&self, count: usize) -> PathBuf {
        self.folder.join(format!("suffixes-{count}.txt"))
    }

    fn write_keys(&self, count: usize) -> Result {
        let tokens = &self.corpus.tokens[..count];
        let objects: Vec<_> = tokens
            .iter()
            .map(|token| {
                format!(
                    r#"{{"id":"{}","last_eight":"{}","sha256":null}}"#,
                    token.id,
                    token.last_eight()
                )
            })
            .collect();
        let path = self.keys(count);
        fs::write(&path, format!("[{}]", objects.join(","))).map_err(Error::file(&path))?;
        let suffixes: Vec<_> = tokens.iter().map(Token::last_eight).collect();
        let path = self.suffixes(count);
        fs::write(&path, suffixes.join("\n")).map_err(Error::file(&path))
    }

    fn ours(&self, count: usize, arguments: &[&str], root: &Path) -> process::Command {
        let mut command = process::Command::new(&self.scan);
        command
            .args(["--json", "--folders-only", "--keys"])
            .arg(self.keys(count))
            .args(arguments)
            .arg(root);
        command
    }

    /// ripgrep in its fastest way to say where something is: the names of the files only.
    fn theirs(&self, rg: &Path, count: usize) -> process::Command {
        let mut command = process::Command::new(rg);
        command.args(["--no-config", "-F", "-uuu", "-l", "-f"]);
        command.arg(self.suffixes(count)).arg(&self.corpus.root);
        command
    }

    /// What is measured: how large it is, and whether everything in it is found.
    fn introduce(&self) -> Result {
        let text = output(&mut self.ours(100, &["--tier", "2"], &self.corpus.root))?;
        let found = self.corpus.tokens[..PLANTED].iter().filter(|token| {
            let key = format!("\"key\":\"{}\"", token.id);
            text.lines()
                .any(|line| line.contains(&key) && line.contains("\"level\":\"this_key\""))
        });
        let summary = text.lines().last().unwrap_or_default();
        println!(
            "\ncorpus: {} files, {} bytes",
            number(summary, "files"),
            number(summary, "bytes")
        );
        println!("found as this key: {} of {PLANTED} planted", found.count());
        match &self.rg {
            Some(rg) => {
                let version = output(process::Command::new(rg).arg("--version"))?;
                println!("beside {}", version.lines().next().unwrap_or_default());
            }
            None => println!("no ripgrep on this machine (apt-get install ripgrep): no ratios"),
        }
        if let Ok(load) = fs::read_to_string("/proc/loadavg") {
            println!("load at the beginning: {}", load.trim());
        }
        println!("medians of {} runs in turn, warm cache\n", self.rounds);
        Ok(())
    }

    fn files(&self) -> Result {
        let mut candidates = Vec::new();
        for count in COUNTS {
            for (name, arguments) in [
                ("everything", &["--tier", "2"][..]),
                (
                    "everything, keys only",
                    &["--tier", "2", "--no-older", "--no-hints"],
                ),
            ] {
                candidates.push(Candidate {
                    name: format!("{count:>4} keys, {name}"),
                    run: Box::new(move || {
                        output(&mut self.ours(count, arguments, &self.corpus.root))
                    }),
                });
            }
            if let Some(rg) = &self.rg {
                candidates.push(Candidate {
                    name: format!("{count:>4} keys, rg -F -uuu -l"),
                    run: Box::new(move || output(&mut self.theirs(rg, count))),
                });
            }
        }
        for count in [1, 100] {
            candidates.push(Candidate {
                name: format!("{count:>4} keys, folders (tier 1)"),
                run: Box::new(move || {
                    output(&mut self.ours(count, &["--tier", "1"], &self.corpus.root))
                }),
            });
        }
        let times = medians(&candidates, self.rounds)?;
        let width = COUNTS.len() * if self.rg.is_some() { 3 } else { 2 };
        for (at, (candidate, time)) in candidates.iter().zip(&times).enumerate() {
            let ratio = (self.rg.is_some() && at < width && at % 3 < 2)
                .then(|| format!("   {} x rg", ratio(*time, times[at / 3 * 3 + 2])));
            println!(
                "{:<36} {:>8.3} s{}",
                candidate.name,
                time.as_secs_f64(),
                ratio.unwrap_or_default()
            );
        }
        println!();
        Ok(())
    }

    fn memory(&self) -> Result {
        for count in [1, 100, KEYS] {
            let peak = peak(&mut self.ours(count, &["--tier", "2"], &self.corpus.root))?;
            println!(
                "peak memory, {count:>4} keys, everything: {}",
                megabytes(peak)
            );
        }
        if let Some(rg) = &self.rg {
            let theirs = peak(&mut self.theirs(rg, 100))?;
            println!("peak memory,  100 keys, rg: {}", megabytes(theirs));
        }
        println!();
        Ok(())
    }

    /// What a watch does every day: the folders and histories of the usual search with one thread, first and again.
    fn watch(&self, repositories: &[PathBuf]) -> Result {
        let index = self.folder.join("index.json");
        let search = || {
            let mut command = self.ours(
                100,
                &["--tier", "1", "--git", "--threads", "1"],
                &self.corpus.root,
            );
            command.args(repositories).arg("--index").arg(&index);
            output(&mut command)
        };
        let first = || match fs::remove_file(&index) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::file(&index)(error))
            }
            _ => search(),
        };
        let name = |what: &str| format!(" 100 keys, watch, one thread, {what}");
        let candidates = [
            Candidate {
                name: name("first"),
                run: Box::new(first),
            },
            Candidate {
                name: name("again"),
                run: Box::new(search),
            },
        ];
        let times = medians(&candidates, self.rounds)?;
        for (candidate, time) in candidates.iter().zip(&times) {
            println!("{:<36} {:>8.3} s", candidate.name, time.as_secs_f64());
        }
        println!("again takes {} of the first\n", ratio(times[1], times[0]));
        Ok(())
    }

    fn histories(&self, repositories: &[PathBuf]) -> Result {
        for repository in repositories {
            let mut candidates = Vec::new();
            for count in [1, 100] {
                candidates.push(Candidate {
                    name: format!("{count:>4} keys, usage-scan --git"),
                    run: Box::new(move || output(&mut self.ours(count, &["--git"], repository))),
                });
                if let Some(rg) = &self.rg {
                    candidates.push(Candidate {
                        name: format!("{count:>4} keys, cat-file | rg"),
                        run: Box::new(move || self.pipeline(rg, count, repository)),
                    });
                }
            }
            let times = medians(&candidates, self.rounds)?;
            let text = (candidates[0].run)()?;
            let summary = text.lines().last().unwrap_or_default();
            println!(
                "history {}: {} objects without trees, {} bytes unpacked; found: {}",
                repository.file_name().unwrap_or_default().display(),
                number(summary, "objects"),
                number(summary, "object_bytes"),
                text.contains("\"level\":\"this_key\""),
            );
            for (at, (candidate, time)) in candidates.iter().zip(&times).enumerate() {
                let ratio = (self.rg.is_some() && at % 2 == 0)
                    .then(|| format!("   {} x cat-file | rg", ratio(*time, times[at + 1])));
                println!(
                    "{:<36} {:>8.3} s{}",
                    candidate.name,
                    time.as_secs_f64(),
                    ratio.unwrap_or_default()
                );
            }
            let peak = peak(&mut self.ours(100, &["--git"], repository))?;
            println!("peak memory: {}\n", megabytes(peak));
        }
        Ok(())
    }

    fn pipeline(&self, rg: &Path, count: usize, repository: &Path) -> Result<String> {
        let mut objects = process::Command::new("git")
            .arg("-C")
            .arg(repository)
            .args(["cat-file", "--batch-all-objects", "--batch"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Error::file(repository))?;
        let Some(pipe) = objects.stdout.take() else {
            return Err(Error::Unexpected("git cat-file prints nothing".to_owned()));
        };
        let search = process::Command::new(rg)
            .args(["--no-config", "-F", "-a", "-c", "-f"])
            .arg(self.suffixes(count))
            .stdin(pipe)
            .output()
            .map_err(Error::file(rg))?;
        objects.wait().map_err(Error::file(repository))?;
        Ok(String::from_utf8_lossy(&search.stdout).into_owned())
    }
}

fn ratio(ours: Duration, theirs: Duration) -> String {
    format!("{:.2}", ours.as_secs_f64() / theirs.as_secs_f64())
}

fn megabytes(kilobytes: Option<u64>) -> String {
    kilobytes.map_or_else(
        || "unknown".to_owned(),
        |size| format!("{:.1} MB", size as f64 / 1024.0),
    )
}

/// A number in a summary. The summary is ours and flat there, so no reader of JSON is needed.
fn number(summary: &str, name: &str) -> String {
    let mut found = String::new();
    if let Some((_, rest)) = summary.split_once(&format!("\"{name}\":")) {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                found.push(' ');
            }
            // Writing to a string can't fail.
            let _ = write!(found, "{digit}");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_a_summary_are_read_and_grouped() {
        let summary = r#"{"type":"summary","files":104463,"bytes":7}"#;
        assert_eq!(number(summary, "files"), "104 463");
        assert_eq!(number(summary, "bytes"), "7");
        assert_eq!(number(summary, "absent"), "");
    }
}
