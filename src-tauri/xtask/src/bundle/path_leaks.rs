//! What a build says about the machine that it was made on: nothing.
//!
//! Compilers write the paths of sources into programs, for panics and assertions. Cargo's own way to cut them
//! (`trim-paths`) is not stable yet, so the compilers are told here, and the finished program is searched.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// Folders of this machine that compilers see, and what is written in their place.
fn folders(paths: &Paths) -> Vec<(PathBuf, &'static str)> {
    let home = env::home_dir();
    let cargo = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| home.as_ref().map(|home| home.join(".cargo")));
    let rust = Command::new("rustc")
        .args(["--print", "sysroot"])
        .dir(&paths.root)
        .output()
        .ok()
        .map(|answer| PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim()));
    // The last one that fits a path counts, so the narrower ones come later.
    let folders = [
        (home, "/home"),
        (cargo, "/cargo"),
        (rust, "/rust"),
        (Some(paths.target.clone()), "/target"),
        (Some(paths.root.clone()), "/pulse-keys"),
    ];
    let known = |(folder, name): (Option<PathBuf>, _)| Some((folder?, name));
    let told = folders.into_iter().filter_map(known);
    told.filter(|(folder, _)| folder.parent().is_some())
        .collect()
}

/// The same build, whose compilers write none of them. The user's own flags are kept.
pub(crate) fn remap(call: Command, paths: &Paths) -> Command {
    let folders = folders(paths);
    let remapped = folders.iter().map(|(folder, name)| {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(folder);
        flag.push("=");
        flag.push(name);
        flag
    });
    let own = env::var("RUSTFLAGS").unwrap_or_default();
    let own = own.split_whitespace().map(OsString::from);
    let rust: Vec<OsString> = own.chain(remapped).collect();
    // Between these flags stands a character that no path has.
    let call = call.env(
        "CARGO_ENCODED_RUSTFLAGS",
        rust.join(&OsString::from("\u{1f}")),
    );
    if cfg!(windows) {
        return call;
    }
    let mut c = env::var_os("CFLAGS").unwrap_or_default();
    for (folder, name) in &folders {
        c.push(" -ffile-prefix-map=");
        c.push(folder);
        c.push("=");
        c.push(name);
    }
    call.env("CFLAGS", c)
}

/// Searches a finished program.
///
/// # Errors
/// [`Error::Rule`] with a line for each leak.
pub(super) fn check(program: &Path, paths: &Paths) -> Result {
    let bytes = fs::read(program).map_err(Error::file(program))?;
    let mut leaks = Vec::new();
    for (folder, _) in folders(paths) {
        leaks.extend(found(&bytes, folder.as_os_str().as_encoded_bytes()));
    }
    leaks.sort();
    leaks.dedup();
    if leaks.is_empty() {
        return Ok(());
    }
    let leaks = leaks.join("\n  ");
    Err(Error::Rule(format!(
        "{} names folders of this machine:\n  {leaks}",
        program.display()
    )))
}

/// The paths in `bytes` that begin with this folder. One in which its name stands further on is another folder.
fn found(bytes: &[u8], folder: &[u8]) -> Vec<String> {
    let is_of_path = |byte: &u8| byte.is_ascii_graphic();
    let mut found = Vec::new();
    for at in 0..bytes.len().saturating_sub(folder.len()) {
        let rest = &bytes[at..];
        let is_inner = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'/');
        let goes_on = matches!(rest.get(folder.len()), Some(b'/' | b'\\'));
        if !is_inner && goes_on && rest.starts_with(folder) {
            let path: Vec<u8> = rest.iter().copied().take_while(is_of_path).collect();
            found.push(String::from_utf8_lossy(&path).chars().take(120).collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_where_it_begins() {
        let bytes =
            b"\0/root/.cargo/x.rs\0not /rooted/x, /proc/self/root/y, a/root/z\0./root\0/root/\xff";
        assert_eq!(found(bytes, b"/root"), ["/root/.cargo/x.rs", "/root/"]);
        assert_eq!(found(b"", b"/root"), [""; 0]);
    }

    #[test]
    fn a_program_that_leaks_a_path_is_refused_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths {
            root: folder.path().join("source"),
            target: folder.path().join("target"),
        };
        let program = folder.path().join("program");
        let leak = paths.root.join("src/main.rs").display().to_string();
        fs::write(&program, b"\x7fELF\0nothing here\0").unwrap();
        assert!(check(&program, &paths).is_ok());
        fs::write(&program, format!("\x7fELF\0{leak}\0")).unwrap();
        let refused = check(&program, &paths).unwrap_err().to_string();
        assert!(refused.contains(&leak), "{refused}");
    }
}
