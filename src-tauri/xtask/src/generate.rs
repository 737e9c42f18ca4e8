//! Writes the committed files that are made from other files, or says which of them are out of date.
//!
//! A program of its own because it links the drawing library and all of `pulse-keys-core`; `cargo xtask` stays
//! light without them. Nothing here is needed to build or run the app: its results are committed.

mod bindings;
mod generated;
mod icons;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::generated::{GenerateError, Generated};

/// What can be written anew.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// `icons/*`, from `icons/pulse-keys.svg`
    Icons,
    /// `ui/src/bindings/index.ts`, from the table of commands
    Bindings,
}

#[derive(Debug, Parser)]
struct Arguments {
    kind: Kind,
    /// Write nothing; fail when a committed file differs
    #[arg(long)]
    check: bool,
}

/// What the committed files of a kind should be.
fn generate(kind: Kind, root: &Path) -> Result<Vec<Generated>, GenerateError> {
    match kind {
        Kind::Icons => {
            let svg = std::fs::read_to_string(root.join(icons::FOLDER).join(icons::SOURCE))?;
            icons::draw(&svg)
        }
        Kind::Bindings => Ok(vec![Generated {
            path: bindings::PATH.to_owned(),
            bytes: bindings::text().into_bytes(),
        }]),
    }
}

/// Whether the file at its place has another content, or is missing. Pictures are compared by what they show.
fn differs(file: &Generated, root: &Path) -> bool {
    let Ok(committed) = std::fs::read(root.join(&file.path)) else {
        return true;
    };
    let is_same_picture = || {
        let shown = icons::pictures(&file.path, &file.bytes);
        shown.is_some() && shown == icons::pictures(&file.path, &committed)
    };
    committed != file.bytes && !is_same_picture()
}

/// The root of the repository, two folders above this package.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_owned()
}

fn write(files: &[Generated], root: &Path) -> io::Result<()> {
    for file in files.iter().filter(|file| differs(file, root)) {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, &file.bytes)?;
        println!("wrote {}", file.path);
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = root();
    let outcome = generate(arguments.kind, &root).and_then(|files| {
        if !arguments.check {
            write(&files, &root)?;
            return Ok(0);
        }
        let stale = files
            .iter()
            .filter(|file| differs(file, &root))
            .inspect(|file| {
                eprintln!(
                    "{} is out of date: cargo xtask {:?}",
                    file.path, arguments.kind
                );
            });
        Ok(stale.count())
    });
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Drift of the committed files; `cargo xtask test lint` runs these.
#[cfg(test)]
mod committed {
    use super::*;

    fn assert_current(kind: Kind) {
        let root = root();
        for file in generate(kind, &root).unwrap() {
            assert!(
                !differs(&file, &root),
                "{} is out of date: cargo xtask {kind:?}",
                file.path
            );
        }
    }

    #[test]
    fn icons_match_their_drawing() {
        assert_current(Kind::Icons);
    }

    #[test]
    fn bindings_match_the_table_of_commands() {
        assert_current(Kind::Bindings);
    }
}
