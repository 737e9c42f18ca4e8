//! Whether a program has a file open for writing. What it writes after an exchange would go to the file that was
//! exchanged out, and be lost with it.
//!
//! Only programs of this user can be seen, and only where the system lists what they have open; others rarely may write
//! a file that holds a secret.

use crate::disk::facts::Facts;

#[cfg(target_os = "linux")]
pub(super) fn has_any(facts: &Facts) -> bool {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    let own = std::process::id().to_string();
    let Ok(processes) = fs::read_dir("/proc") else {
        return false;
    };
    let mut processes = processes.filter_map(Result::ok).filter(|process| {
        let name = process.file_name();
        let name = name.as_encoded_bytes();
        name.iter().all(u8::is_ascii_digit) && name != own.as_bytes()
    });
    processes.any(|process| {
        let Ok(open) = fs::read_dir(process.path().join("fd")) else {
            return false;
        };
        open.filter_map(Result::ok).any(|open| {
            let is_it = fs::metadata(open.path())
                .is_ok_and(|open| (open.dev(), open.ino()) == facts.identity);
            is_it && {
                let name = process.path().join("fdinfo").join(open.file_name());
                // Closed again meanwhile: nobody writes there.
                fs::read_to_string(name).is_ok_and(|info| is_writing(&info))
            }
        })
    })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn has_any(_: &Facts) -> bool {
    false
}

/// Whether the flags, in octal as the system tells them, are those of something that is written to.
#[cfg(target_os = "linux")]
fn is_writing(info: &str) -> bool {
    let mut lines = info.lines();
    let flags = lines.find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| flags & 0o3 != 0)
}
