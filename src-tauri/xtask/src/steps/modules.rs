//! Which module of core may know which: the table below, read from top to bottom. Arrows point down only, so there is no
//! circle.
//!
//! Tests inside the crate may know anything. What is looked for are paths that begin with `crate::`, which is how modules
//! of core name each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::places::Places;

/// Each module, with what it is for. It may know those below it, and no other.
const ORDER: &[(&str, &str)] = &[
    ("app", "the façade: start, and a line for each command"),
    ("accounts", "signing in and out"),
    ("reconcile", "settles what earlier requests left open"),
    (
        "recognise",
        "says which key a text or a file holds a token of",
    ),
    ("closing", "what closing the window would cost"),
    ("updates", "whether there is a newer version"),
    ("tokens", "what is done with a token in custody"),
    ("keys", "list, create, rotate, delete one or many"),
    ("usage", "where a key is used on this machine"),
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

/// Who knows whom, and through which file.
type Graph = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Compares core's modules with the table.
///
/// # Errors
/// [`Error::Rule`] with a line for each arrow that points up and each module that the table lacks.
pub(crate) fn check(places: &Places) -> Result {
    let breaches = breaches(&graph(&core(places))?);
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(Error::Rule(breaches.join("\n")))
    }
}

/// The graph as text, an arrow a line, in the order of the table.
///
/// # Errors
/// When the sources cannot be read.
pub(crate) fn print(places: &Places) -> Result {
    let graph = graph(&core(places))?;
    for (module, purpose) in ORDER {
        println!("{module}: {purpose}");
        let known = graph.get(*module).into_iter().flat_map(BTreeMap::keys);
        let known: Vec<&str> = known.map(String::as_str).collect();
        println!("    knows {}", known.join(", "));
    }
    println!("{} arrows point up", breaches(&graph).len());
    Ok(())
}

fn core(places: &Places) -> std::path::PathBuf {
    places.root.join("src-tauri/crates/core/src")
}

fn graph(sources: &Path) -> Result<Graph> {
    let mut graph = Graph::new();
    let mut folders = vec![sources.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::file(&folder))? {
            let path = entry.map_err(Error::file(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(sources).unwrap_or(&path);
            let name = inside.display().to_string();
            let is_code = name.ends_with(".rs") && !name.ends_with("tests.rs");
            let Some(module) = module_of(inside).filter(|module| is_code && module != "lib") else {
                continue;
            };
            let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
            for known in known_to(&text) {
                if known != module {
                    let files = graph.entry(module.clone()).or_default();
                    files.entry(known).or_default().insert(name.clone());
                }
            }
        }
    }
    Ok(graph)
}

/// The first part of a path in core: `keys` of `keys/delete/mod.rs`.
fn module_of(inside: &Path) -> Option<String> {
    let first = inside.components().next()?.as_os_str().to_str()?;
    Some(first.strip_suffix(".rs").unwrap_or(first).to_owned())
}

/// Modules that a file names, but for its comments and its tests.
fn known_to(text: &str) -> BTreeSet<String> {
    let code = text
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    let lines = code.lines().map(str::trim_start);
    let code: String = lines
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let names = code.split("crate::").skip(1).flat_map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        match rest.strip_prefix('{') {
            Some(group) => group
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .filter_map(|path| path.trim().split("::").next())
                .map(str::to_owned)
                .collect(),
            None => vec![rest[..end.unwrap_or(rest.len())].to_owned()],
        }
    });
    // The list of all that crosses to the page stands in lib.rs.
    names
        .filter(|name| !name.is_empty() && name != "view")
        .collect()
}

fn breaches(graph: &Graph) -> Vec<String> {
    let place = |module: &str| ORDER.iter().position(|(name, _)| *name == module);
    let mut breaches = Vec::new();
    for (module, known) in graph {
        for (other, files) in known {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let files = files.join(", ");
            match (place(module), place(other)) {
                (Some(above), Some(below)) if above < below => {}
                (Some(_), Some(_)) => {
                    breaches.push(format!(
                        "{module} knows {other}, which is above it: {files}"
                    ));
                }
                (None, _) => breaches.push(format!("the table lacks the module {module}")),
                (_, None) => breaches.push(format!("the table lacks {other}, named in {files}")),
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knows(module: &str, text: &str) -> Vec<String> {
        let mut graph = Graph::new();
        for known in known_to(text) {
            let files = graph.entry(module.to_owned()).or_default();
            files.entry(known).or_default().insert("file.rs".to_owned());
        }
        breaches(&graph)
    }

    #[test]
    fn an_arrow_that_points_up_is_told_with_its_file() {
        assert_eq!(knows("keys", "use crate::records::intents;\n"), [""; 0]);
        assert_eq!(
            knows("records", "    crate::keys::list::row(key)\n"),
            ["records knows keys, which is above it: file.rs"]
        );
        assert_eq!(knows("base", "use crate::{host, text};\n").len(), 2);
    }

    #[test]
    fn comments_and_tests_may_name_anything() {
        let text = "/// See [`crate::app`].\nfn a() {}\n#[cfg(test)]\nmod tests {\n    use crate::app;\n}\n";
        assert_eq!(knows("base", text), [""; 0]);
    }
}
