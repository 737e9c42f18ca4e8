//! What all packages of a run are made from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// What is stated once for all packages of a run.
pub(super) struct Inputs {
    /// The folder with the templates of their texts.
    pub(super) templates: PathBuf,
    /// Where they are put together.
    pub(super) work: PathBuf,
    /// Where the finished ones stand.
    pub(super) out: PathBuf,
    /// The licences of what is compiled in.
    pub(super) third_parties: String,
    /// The time of everything in them, in seconds since 1970.
    pub(super) epoch: String,
}

impl Inputs {
    /// A template with its blanks (`@NAME@`) filled in.
    pub(super) fn filled(&self, file: &str, blanks: &[(&str, String)]) -> Result<String> {
        let mut text = read(&self.templates.join(file))?;
        for (blank, with) in blanks {
            // Texts of several lines end in a line end of their own.
            text = text.replace(&format!("@{blank}@"), with.trim_end());
        }
        Ok(text)
    }
}

/// The text of a file.
pub(super) fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(Error::file(file))
}

/// An empty folder.
pub(super) fn fresh(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Error::file(folder))?;
    }
    fs::create_dir_all(folder).map_err(Error::file(folder))
}

/// Each line after one space, empty ones as a dot: how Debian's control files hold a text of several lines.
pub(super) fn indented(text: &str) -> String {
    let line = |line: &str| match line.trim_end() {
        "" => " .\n".to_owned(),
        line => format!(" {line}\n"),
    };
    text.trim().lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn a_text_of_several_lines_is_one_field() {
        assert_eq!(indented("one\n\ntwo  \n"), " one\n .\n two\n");
    }
}
