//! Which module may use which: in core by the table below, read from top to bottom, and in every crate without circles
//! between files.
//!
//! Arrows of the table point down only. Tests inside a crate may use anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::error::{Error, Result};
use crate::module_graph::{self, Graph};
use crate::paths::Paths;

/// The package that the table is about.
const CORE: &str = "pulse-keys-core";

/// Each module, with what it is for. It may know those below it, and no other.
const ORDER: &[(&str, &str)] = &[
    ("app", "the façade: start, and a line for each command"),
    ("view", "the names of what crosses to the page"),
    ("handover", "what the page is given before it can ask"),
    ("accounts", "signing in and out"),
    ("reconcile", "settles what earlier requests left open"),
    (
        "recognise",
        "says which key a text or a file holds a token of",
    ),
    ("closing", "what closing the window would cost"),
    ("updates", "whether there is a newer version"),
    ("keys", "list, create, rotate, delete one or many"),
    ("tokens", "what is done with a token in custody"),
    (
        "watch",
        "searches this machine again every day, and tells what is new",
    ),
    ("usage", "where a key is used on this machine"),
    ("notes", "what the user knows of a key and no service tells"),
    ("session", "who is signed in, with a client"),
    (
        "custody",
        "tokens between the answer and where the user puts them",
    ),
    ("credential", "what an account signs in with"),
    ("preferences", "what the user chose"),
    ("records", "what lasts: journal, intents, notices, lists"),
    ("operation_lock", "one write about one thing at a time"),
    (
        "window",
        "what the window is told and what it may ask of it",
    ),
    (
        "context",
        "what every use case is given; it knows no feature",
    ),
    ("host", "what the shell does for core"),
    ("base", "database, files, text, errors"),
];

/// Which module of core uses which, and in which files.
type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Compares core's modules with the table, and looks for circles in every package.
///
/// # Errors
/// [`Error::Rule`] with a line for each arrow that points up, each module that the table lacks and each circle; cargo's
/// own failure; a file that cannot be read.
pub(crate) fn check(paths: &Paths) -> Result {
    let mut breaches = Vec::new();
    for package in packages(paths)? {
        let graph = module_graph::read(&package.roots)?;
        if package.name == CORE {
            breaches.extend(upward(&arrows(&graph, &package.sources())));
        }
        let circles = module_graph::circles(&graph);
        breaches.extend(
            circles.iter().map(|circle| {
                format!("a circle in {}: {}", package.name, package.relative(circle))
            }),
        );
    }
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(Error::Rule(breaches.join("\n")))
    }
}

/// Core's modules, an arrow a line, in the order of the table; then the circles of each package.
///
/// # Errors
/// When cargo fails or the sources cannot be read.
pub(crate) fn print(paths: &Paths) -> Result {
    let packages = packages(paths)?;
    for package in packages.iter().filter(|package| package.name == CORE) {
        let arrows = arrows(&module_graph::read(&package.roots)?, &package.sources());
        for (module, purpose) in ORDER {
            println!("{module}: {purpose}");
            let used = arrows.get(*module).into_iter().flat_map(BTreeMap::keys);
            let used: Vec<&str> = used.map(String::as_str).collect();
            println!("    uses {}", used.join(", "));
        }
        println!("{} arrows point up\n", upward(&arrows).len());
    }
    for package in packages {
        let graph = module_graph::read(&package.roots)?;
        let circles = module_graph::circles(&graph);
        let files: usize = circles.iter().map(Vec::len).sum();
        println!(
            "{}: {} circles, {files} of {} files",
            package.name,
            circles.len(),
            graph.len()
        );
        for circle in circles {
            println!("    a circle of {}", circle.len());
            for file in &circle {
                let used: Vec<PathBuf> = graph[file]
                    .iter()
                    .filter(|used| circle.contains(used))
                    .cloned()
                    .collect();
                let file = package.relative(std::slice::from_ref(file));
                println!("        {file} uses {}", package.relative(&used));
            }
        }
    }
    Ok(())
}

/// A package of the workspace.
struct Package {
    name: String,
    folder: PathBuf,
    /// Where each of its crates begins: `lib.rs`, `main.rs` and the like.
    roots: Vec<PathBuf>,
}

impl Package {
    fn sources(&self) -> PathBuf {
        self.folder.join("src")
    }

    /// The files, as seen from the package's folder.
    fn relative(&self, files: &[PathBuf]) -> String {
        let names = files.iter().map(|file| {
            file.strip_prefix(&self.folder)
                .unwrap_or(file)
                .display()
                .to_string()
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

/// All packages of the workspace, by what cargo says.
fn packages(paths: &Paths) -> Result<Vec<Package>> {
    let call = Command::cargo(&paths.root).args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_str(&call.read()?)
        .map_err(|error| Error::Unexpected(format!("cargo metadata: {error}")))?;
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"])
        .into_iter()
        .map(|package| Package {
            name: text(&package["name"]),
            folder: Path::new(&text(&package["manifest_path"]))
                .parent()
                .unwrap_or(&paths.root)
                .to_owned(),
            roots: list(&package["targets"])
                .iter()
                .map(|target| PathBuf::from(text(&target["src_path"])))
                .collect(),
        });
    let mut packages: Vec<Package> = packages.collect();
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

/// The graph of files below `sources` as one of their topmost modules.
fn arrows(graph: &Graph, sources: &Path) -> Arrows {
    let mut arrows = Arrows::new();
    for (file, used) in graph {
        let Some(module) = topmost(file, sources) else {
            continue;
        };
        for other in used.iter().filter_map(|other| topmost(other, sources)) {
            if other != module {
                let files = arrows.entry(module.clone()).or_default();
                let name = file.strip_prefix(sources).unwrap_or(file);
                files
                    .entry(other)
                    .or_default()
                    .insert(name.display().to_string());
            }
        }
    }
    arrows
}

/// The topmost module that a file is in: `keys` of `keys/delete/mod.rs`. `lib.rs` is in none.
fn topmost(file: &Path, sources: &Path) -> Option<String> {
    let first = file.strip_prefix(sources).ok()?.components().next()?;
    let first = first.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (name != "lib").then(|| name.to_owned())
}

/// A line for each arrow that does not point down.
fn upward(arrows: &Arrows) -> Vec<String> {
    let place = |module: &str| ORDER.iter().position(|(name, _)| *name == module);
    let mut breaches = Vec::new();
    for (module, used) in arrows {
        for (other, files) in used {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let files = files.join(", ");
            match (place(module), place(other)) {
                (Some(above), Some(below)) if above < below => {}
                (Some(_), Some(_)) => {
                    breaches.push(format!("{module} uses {other}, which is above it: {files}"));
                }
                (None, _) => breaches.push(format!("the table lacks the module {module}")),
                (_, None) => breaches.push(format!("the table lacks {other}, used in {files}")),
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(files: &[(&str, &str)]) -> Vec<String> {
        let path = |name: &str| Path::new("src").join(name);
        let graph = files
            .iter()
            .map(|(file, used)| (path(file), BTreeSet::from([path(used)])));
        upward(&arrows(&graph.collect(), Path::new("src")))
    }

    #[test]
    fn an_arrow_that_points_up_is_told_with_its_file() {
        assert_eq!(breaches(&[("keys/list.rs", "records/mod.rs")]), [""; 0]);
        assert_eq!(
            breaches(&[("records/journal.rs", "keys/list.rs")]),
            ["records uses keys, which is above it: records/journal.rs"]
        );
        assert_eq!(
            breaches(&[("base/text.rs", "host.rs"), ("base/new.rs", "new.rs")]).len(),
            2
        );
    }

    #[test]
    fn the_root_and_files_of_one_module_make_no_arrows() {
        assert_eq!(breaches(&[("base/text.rs", "lib.rs")]), [""; 0]);
        assert_eq!(breaches(&[("lib.rs", "keys/mod.rs")]), [""; 0]);
        assert_eq!(breaches(&[("base/text.rs", "base/mod.rs")]), [""; 0]);
    }
}
