//! Ways to name something of another file, and what does not count as one.

use super::*;

/// The graph of a crate of these files, as `file: used used`.
fn graph(files: &[(&str, &str)]) -> (Graph, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let inside = |file: &PathBuf| file.strip_prefix(folder.path()).unwrap().to_owned();
    let graph: Graph = read(&[folder.path().join("lib.rs")])
        .unwrap()
        .iter()
        .map(|(file, used)| (inside(file), used.iter().map(inside).collect()))
        .collect();
    let lines = graph.iter().filter(|(_, used)| !used.is_empty());
    let lines = lines.map(|(file, used)| {
        let used: Vec<String> = used.iter().map(|file| file.display().to_string()).collect();
        format!("{}: {}", file.display(), used.join(" "))
    });
    let lines = lines.collect();
    (graph, lines)
}

const ROOT: (&str, &str) = ("lib.rs", "mod low;\nmod high;\n");
const LOW: (&str, &str) = ("low/mod.rs", "pub mod deep;\npub struct Low;");
const DEEP: (&str, &str) = ("low/deep.rs", "pub fn sink() {}");

/// What `high.rs` uses when this is in it.
fn used_by_high(text: &str) -> String {
    let (_, lines) = graph(&[ROOT, LOW, DEEP, ("high.rs", text)]);
    lines.join("\n")
}

#[test]
fn every_way_to_name_something_of_another_file_counts() {
    for text in [
        "use crate::low::Low;",
        "use super::low::{Low as L};",
        "use crate::low::*;",
        "fn f(_: crate::low::Low) {}",
        "use crate::low; fn f(_: low::Low) {}",
        "fn f() { println!(\"{:?}\", crate::low::Low) }",
        "fn f() { use crate::{low::{self}}; let _ = vec![low::Low]; }",
        "#[serde(with = \"crate::low::Low\")] struct S;",
    ] {
        assert_eq!(used_by_high(text), "high.rs: low/mod.rs", "{text}");
    }
    for text in [
        "use crate::low::deep::sink;",
        "use crate::low::deep; fn f() { deep::sink() }",
        "use crate::low; fn f() { low::deep::sink() }",
        "pub use crate::low::deep;",
    ] {
        assert_eq!(used_by_high(text), "high.rs: low/deep.rs", "{text}");
    }
}

#[test]
fn declarations_visibility_documentation_and_tests_are_no_use() {
    for text in [
        "use std::low::Low;",
        "pub(in crate::low) struct S;",
        "/// See [`crate::low::Low`].\nfn f() {}",
        "#[cfg(test)]\nmod tests { use crate::low::Low; }",
        "#[cfg(all(test, unix))]\nfn f() { crate::low::deep::sink() }",
        "#[cfg(test)]\nmod tests;",
    ] {
        assert_eq!(used_by_high(text), "", "{text}");
    }
}

#[test]
fn a_parent_that_calls_its_children_may_not_be_used_by_them() {
    let parent = (
        "a/mod.rs",
        "mod b;\nmod c;\npub struct State;\nfn f() { b::g() }",
    );
    let lib = ("lib.rs", "#[path = \"a/mod.rs\"]\nmod a;");
    let (tied, _) = graph(&[lib, parent, ("a/b.rs", "use super::State;"), ("a/c.rs", "")]);
    assert_eq!(
        circles(&tied),
        [[Path::new("a/b.rs"), Path::new("a/mod.rs")]]
    );
    let (untied, _) = graph(&[
        lib,
        parent,
        ("a/b.rs", "use super::c::State;"),
        ("a/c.rs", ""),
    ]);
    assert!(circles(&untied).is_empty());
}
