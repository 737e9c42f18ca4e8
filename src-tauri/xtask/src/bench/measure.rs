//! Times of programs, and the most memory that one takes.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// One program to measure, from a fresh start each time.
pub(super) struct Candidate<'run> {
    /// What it is called in the table.
    pub(super) name: String,
    /// Starts it and waits for its end; tells what it printed.
    pub(super) run: Box<dyn Fn() -> Result<String> + 'run>,
}

/// The medians of the candidates' times. They take turns, so that a slow minute is slow for all.
///
/// # Errors
/// When one could not be run.
pub(super) fn medians(candidates: &[Candidate<'_>], rounds: usize) -> Result<Vec<Duration>> {
    let mut times = vec![Vec::new(); candidates.len()];
    for round in 0..=rounds {
        for (candidate, times) in candidates.iter().zip(&mut times) {
            let begun = Instant::now();
            (candidate.run)()?;
            // The first round warms the cache.
            if round > 0 {
                times.push(begun.elapsed());
            }
        }
    }
    Ok(times
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
        .collect())
}

/// Runs a program to its end and tells what it printed.
///
/// # Errors
/// When it can't be started, or ends with anything but 0 or 1 (found).
pub(super) fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(Error::file(Path::new(&program)))?;
    match output.status.code() {
        Some(0 | 1 | 3) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        // ripgrep: something could not be read, or was found all the same.
        Some(2) if !output.stdout.is_empty() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        _ => Err(Error::Unexpected(format!(
            "{command:?} failed: {}",
            output.status
        ))),
    }
}

/// The most memory that a program takes, in kilobytes, as the system counts it; `None` where it can't be asked.
///
/// # Errors
/// When it can't be started.
pub(super) fn peak(command: &mut Command) -> Result<Option<u64>> {
    let program = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Error::file(Path::new(&program)))?;
    let status = format!("/proc/{}/status", child.id());
    let drain = child.stdout.take().map(|mut output| {
        thread::spawn(move || {
            let mut all = Vec::new();
            // What it prints is of no interest here; it only must not wait for a reader.
            let _ = output.read_to_end(&mut all);
        })
    });
    let mut peak = None;
    while child
        .try_wait()
        .map_err(Error::file(Path::new(&program)))?
        .is_none()
    {
        let now = fs::read_to_string(&status).ok().and_then(|text| {
            let line = text
                .lines()
                .find(|line| line.starts_with("VmHWM:"))?
                .to_owned();
            line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok()
        });
        peak = peak.max(now);
        thread::sleep(Duration::from_millis(2));
    }
    if let Some(drain) = drain {
        let _ = drain.join();
    }
    Ok(peak)
}
