//! Who may depend on whom, read from what cargo resolves.
//!
//! The shell is the only package that sees Tauri; the leaves see none of ours; only the shell and the tests see the
//! sandbox. Manifests can't say so, so a wrong line in one would go unnoticed.
//!
//! `cargo-deny` could hold the list too, but not the rules about features for one target, and takes minutes to compile.

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// A package, and what may be nowhere below it (dev-dependencies aside). A name that ends in `*` stands for all that
/// begin like it.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "pulseapi",
        &[
            "tauri*",
            "vault",
            "usage",
            "replace",
            "ci",
            "sandbox",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "vault",
        &[
            "tauri*",
            "pulseapi",
            "usage",
            "replace",
            "ci",
            "sandbox",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "usage",
        &[
            "tauri*",
            "pulseapi",
            "vault",
            "replace",
            "ci",
            "sandbox",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "replace",
        &[
            "tauri*",
            "pulseapi",
            "vault",
            "usage",
            "updates",
            "ci",
            "sandbox",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "ci",
        &[
            "tauri*",
            "pulseapi",
            "vault",
            "usage",
            "replace",
            "updates",
            "sandbox",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "updates",
        &[
            "tauri*",
            "pulseapi",
            "vault",
            "usage",
            "replace",
            "ci",
            "sandbox",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "sandbox",
        &[
            "tauri*",
            "pulseapi",
            "vault",
            "usage",
            "replace",
            "pulse-keys-core",
            "pulse-keys",
        ],
    ),
    (
        "pulse-keys-core",
        &["tauri*", "axum", "sandbox", "pulse-keys"],
    ),
    ("pulse-keys-tests", &["tauri*", "pulse-keys"]),
    ("xtask", &["tauri*", "sandbox", "pulse-keys"]),
];

/// Where the keyring's D-Bus library is, wherever this runs.
const LINUX: &str = "x86_64-unknown-linux-gnu";

/// Asks cargo for every package's dependencies and for the features of zbus.
///
/// # Errors
/// [`Error::Rule`] with a line for each breach; cargo's own failure.
pub(crate) fn check(paths: &Paths) -> Result {
    let mut breaches = Vec::new();
    for (package, forbidden) in FORBIDDEN {
        let call = tree(paths).args([
            "--package",
            package,
            "--all-features",
            "--edges",
            "normal,build",
        ]);
        let below = call
            .args(["--target", "all", "--prefix", "none", "--format", "{p}"])
            .read()?;
        breaches.extend(
            found(&below, forbidden)
                .into_iter()
                .map(|name| format!("{package} depends on {name}")),
        );
    }
    let features = [
        "--workspace",
        "--all-features",
        "--edges",
        "features",
        "--invert",
        "zbus",
        "--target",
        LINUX,
    ];
    if has(&tree(paths).args(features).read()?, "zbus", "tokio") {
        // With that feature a keychain call inside an async function panics: it starts a runtime inside a runtime.
        breaches.push("something turns on zbus's feature `tokio`".to_owned());
    }
    // As a release is built: the packages of the tests are not selected, so their features don't count.
    let app = ["--package", "pulse-keys", "--target", "all", "--edges"];
    let of_tauri = ["features", "--invert", "tauri"];
    if has(
        &tree(paths).args(app).args(of_tauri).read()?,
        "tauri",
        "devtools",
    ) {
        breaches
            .push("something turns on tauri's feature `devtools`, also in a release".to_owned());
    }
    let of_sandbox = ["features,no-dev", "--invert", "sandbox"];
    if has(
        &tree(paths).args(app).args(of_sandbox).read()?,
        "sandbox",
        "faults",
    ) {
        breaches.push("the app has the sandbox's switches for tests".to_owned());
    }
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(Error::Rule(breaches.join("\n")))
    }
}

fn tree(paths: &Paths) -> Command {
    Command::cargo(&paths.root).args(["tree", "--locked"])
}

/// Forbidden packages in lines such as `tauri v2.12.5 (proc-macro)`; the first line is the package itself.
fn found<'a>(lines: &'a str, forbidden: &[&str]) -> Vec<&'a str> {
    let names = lines
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next());
    let is_forbidden = |name: &&str| {
        forbidden
            .iter()
            .any(|forbidden| match forbidden.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == forbidden,
            })
    };
    let mut found: Vec<&str> = names.filter(is_forbidden).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the inverted tree of a package's features names one that must stay off.
fn has(tree: &str, package: &str, feature: &str) -> bool {
    let wanted = format!("{package} feature \"{feature}\"");
    let begins = |line: &str| {
        line.trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(&wanted)
    };
    tree.lines().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_names_are_whole_unless_starred() {
        let lines = "core v0.1.0\npulse-keys-core v0.1.0\ntauri-plugin-dialog v2.8.4\nserde v1.0.0\ntauri v2.12.5\ntauri v2.12.5 (*)\n";
        assert_eq!(
            found(lines, &["tauri*", "pulse-keys"]),
            ["tauri", "tauri-plugin-dialog"]
        );
    }

    #[test]
    fn the_package_itself_is_not_below_itself() {
        assert!(found("sandbox v0.1.0 (path)\naxum v0.8.9\n", &["sandbox"]).is_empty());
    }

    #[test]
    fn only_the_feature_of_the_package_itself_counts() {
        let has_tokio = |tree: &str| has(tree, "zbus", "tokio");
        assert!(has_tokio("zbus v5.19.0\n├── zbus feature \"tokio\"\n"));
        assert!(!has_tokio(
            "zbus v5.19.0\n├── zbus feature \"async-io\"\n│   └── reqwest feature \"tokio\"\n"
        ));
        assert!(!has_tokio("│   └── my-zbus feature \"tokio\"\n"));
    }
}
