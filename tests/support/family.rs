//! What the app costs: its processes, those of the web engine among them, with the processors' time and the memory of each.
//!
//! As the kernel counts it, so on Linux only.

use std::fs;

use crate::desktop::Desktop;
use crate::processes::Process;

/// A process of a desktop and all that descend from it.
#[must_use]
pub fn family(desktop: &Desktop, process: i32) -> Vec<i32> {
    let all = Process::with_home(&desktop.home());
    let mut family = vec![process];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        let children = all.iter().filter(|process| process.parent == parent);
        family.extend(children.map(|process| process.pid));
        next += 1;
    }
    family
}

/// A process's proportional share of memory (PSS), in units of 2^20 bytes. A process that has ended has none.
#[must_use]
pub fn share(process: i32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(0.0) / 1024.0
}

/// What a process has taken of the processors so far, all of its threads together, in milliseconds, in steps of 10. A
/// process that has ended has taken none.
#[must_use]
pub fn processor_time(process: i32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the program's name, which may hold spaces: fields 14 and 15 of proc(5), in hundredths of a second.
    let (_, rest) = stat.rsplit_once(") ").unwrap_or_default();
    let fields = rest.split(' ').skip(11).take(2);
    let ticks = fields.filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() * 10.0
}
