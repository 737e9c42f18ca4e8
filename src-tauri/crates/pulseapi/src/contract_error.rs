//! Why a file is no contract: where and what.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a file is no contract. Everything in it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{}{reason}", place(.file, *.line))]
pub struct ContractError {
    /// The file's name.
    pub file: String,
    /// The line, from 1; none where it is no line's fault.
    pub line: Option<usize>,
    /// What is wrong, in words.
    pub reason: String,
}

fn place(file: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{file}, line {line}: "),
        None => format!("{file}: "),
    }
}

impl ContractError {
    /// A file that can't even be read.
    #[must_use]
    pub fn unreadable(file: &str, reason: String) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            reason,
        }
    }
}
