//! `usage-scan`: the search of the app from the command line, for scripts and measurements.
//!
//! Prints one finding a line; with `--json` one object a line, the last of them the summary. Never a secret, never a
//! line of a file. Ends with 0 when nothing was found, 1 when something was, 2 when it could not search, and 3 when
//! nothing was found but the search was stopped or something could not be read.

use std::cell::RefCell;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Parser;
use serde::{Deserialize, Serialize};
use usage::{
    Event, FileIndex, Finding, Level, Machine, Scan, SearchKey, SearchKeyError, Summary, Tier,
};

/// Look for API keys on this machine by their last 8 characters
#[derive(Debug, Parser)]
#[command(name = "usage-scan")]
struct Arguments {
    /// A JSON file: `[{"id": "1042", "last_eight": "ab12cd34", "sha256": null}]`; may be left out with --unlisted
    #[arg(long, required_unless_present = "unlisted")]
    keys: Option<PathBuf>,
    /// 0: known places and running programs; 1: the folders too, without what was downloaded or built; 2: everything
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    tier: u8,
    /// Search the history of git repositories too
    #[arg(long)]
    git: bool,
    /// How many threads, instead of what suits this machine
    #[arg(long)]
    threads: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Search the folders only: not the environment, not other programs, not files of the system
    #[arg(long)]
    folders_only: bool,
    /// Don't look for earlier versions of the keys
    #[arg(long)]
    no_older: bool,
    /// Don't look for names that hint at a key
    #[arg(long)]
    no_hints: bool,
    /// Look for any genuine token, of whatever account
    #[arg(long)]
    unlisted: bool,
    /// A folder to leave out
    #[arg(long)]
    exclude: Vec<PathBuf>,
    /// A file with what an earlier search read, which this one brings up to date: files that have not changed since are
    /// not opened. It is made where it is not there
    #[arg(long)]
    index: Option<PathBuf>,
    /// Folders or files to search; the home folder when none is given
    roots: Vec<PathBuf>,
}

/// A key as the file has it.
#[derive(Deserialize)]
struct Key {
    id: Id,
    last_eight: String,
    #[serde(default)]
    sha256: Option<String>,
}

/// What an earlier search read; nothing where there was none.
fn read_index(file: &Path) -> Result<FileIndex, Failure> {
    match fs::read(file) {
        Ok(text) => serde_json::from_slice(&text).map_err(|source| Failure::Format {
            path: file.to_owned(),
            source,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(FileIndex::default()),
        Err(source) => Err(Failure::Read {
            path: file.to_owned(),
            source,
        }),
    }
}

/// Record ids come as text or as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(u64),
}

/// One line of the output.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'line> {
    Finding(&'line Finding),
    Summary(&'line Summary),
}

/// Why it could not search.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Format {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error(transparent)]
    Key(#[from] SearchKeyError),
    #[error("there is no home folder to search; name a folder")]
    NoHome,
    #[error("could not write: {0}")]
    Write(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: Arguments) -> Result<u8, Failure> {
    let keys = arguments.keys.as_deref().map(read).transpose()?;
    if arguments.roots.is_empty() {
        arguments
            .roots
            .push(std::env::home_dir().ok_or(Failure::NoHome)?);
    }
    let machine = if arguments.folders_only {
        Machine::none()
    } else {
        Machine::this()
    };
    let scan = Scan::new(keys.unwrap_or_default())
        .tier(match arguments.tier {
            0 => Tier::Named,
            1 => Tier::Folders,
            _ => Tier::Everything,
        })
        .roots(arguments.roots)
        .excluded(arguments.exclude)
        .machine(machine)
        .git(arguments.git)
        .older(!arguments.no_older)
        .hints(!arguments.no_hints)
        .unlisted(arguments.unlisted)
        .threads(arguments.threads);
    let scan = match &arguments.index {
        Some(file) => scan.index(read_index(file)?, SystemTime::now()),
        None => scan,
    };
    let output = RefCell::new((BufWriter::new(io::stdout().lock()), Ok(())));
    let write = |line: &Line<'_>| {
        let (output, outcome) = &mut *output.borrow_mut();
        if outcome.is_ok() {
            *outcome = print(output, line, arguments.json);
        }
    };
    let summary = scan.run(&|event| {
        if let Event::Found(finding) = event {
            write(&Line::Finding(&finding));
        }
    });
    if let (Some(file), Some(index)) = (&arguments.index, &summary.index) {
        let text = serde_json::to_vec(index).map_err(io::Error::other)?;
        fs::write(file, text)?;
    }
    write(&Line::Summary(&summary));
    let (mut output, outcome) = output.into_inner();
    outcome?;
    output.flush()?;
    Ok(exit_code(&summary))
}

fn read(path: &Path) -> Result<Vec<SearchKey>, Failure> {
    let text = fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })?;
    let keys: Vec<Key> = serde_json::from_slice(&text).map_err(|source| Failure::Format {
        path: path.to_owned(),
        source,
    })?;
    keys.into_iter().map(search_key).collect()
}

fn search_key(key: Key) -> Result<SearchKey, Failure> {
    let id = match key.id {
        Id::Text(id) => id,
        Id::Number(id) => id.to_string(),
    };
    let searched = SearchKey::new(id, &key.last_eight)?;
    Ok(match key.sha256 {
        Some(digest) => searched.with_sha256(&digest)?,
        None => searched,
    })
}

fn print(output: &mut impl Write, line: &Line<'_>, json: bool) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *output, line)?;
        return writeln!(output);
    }
    match line {
        Line::Finding(finding) => {
            let line = finding
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            let inside = finding.inside.as_deref().map(|inside| format!("!{inside}"));
            writeln!(
                output,
                "{:<9} {:<12} {}{}{line} {} {}",
                word(finding.level),
                format!("{:?}", finding.place).to_lowercase(),
                finding.path.display(),
                inside.unwrap_or_default(),
                finding.variable.as_deref().unwrap_or("-"),
                finding.mask,
            )
        }
        Line::Summary(summary) => {
            let totals = &summary.totals;
            writeln!(
                output,
                "{} findings in {} files, {} folders, {} objects of git, {} files unchanged; {:.2} s{}",
                summary.findings.all(),
                totals.files,
                totals.folders,
                totals.objects,
                totals.unchanged,
                summary.took.as_secs_f64(),
                if summary.stopped { "; stopped" } else { "" },
            )?;
            for skipped in &summary.skipped {
                let what = skipped
                    .what
                    .as_deref()
                    .map(|what| format!(" ({what})"))
                    .unwrap_or_default();
                writeln!(
                    output,
                    "not looked into: {:?}{what}, {}",
                    skipped.reason, skipped.count
                )?;
            }
            Ok(())
        }
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::ThisKey => "this key",
        Level::Probable => "probable",
        Level::Older => "older",
        Level::Mention => "mention",
        Level::Hint => "hint",
        Level::Unlisted => "unlisted",
    }
}

fn exit_code(summary: &Summary) -> u8 {
    if summary.findings.about_keys() + summary.findings.unlisted > 0 {
        1
    } else if summary.is_incomplete() {
        3
    } else {
        0
    }
}
