//! The program `usage-scan`: what it prints, and what it ends with.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::Token;

fn scan(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_usage-scan"))
        .args(["--folders-only", "--keys"])
        .arg(home.join("keys.json"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn it_prints_objects_and_ends_with_what_it_found() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(1042);
    let keys = format!(
        r#"[{{"id": "1042", "last_eight": "{}", "sha256": null}}]"#,
        token.last_eight()
    );
    fs::write(home.path().join("keys.json"), keys).unwrap();
    let root = home.path().join("root");
    fs::create_dir_all(root.join(".github/workflows")).unwrap();
    let roots = root.to_str().unwrap().to_owned();

    let nothing = scan(home.path(), &["--json", &roots]);
    assert_eq!(nothing.status.code(), Some(0));

    let text = format!("env:\n  PULSE: {}\n", token.whole());
    fs::write(root.join(".github/workflows/x.yml"), text).unwrap();
    let found = scan(
        home.path(),
        &["--json", "--git", "--tier", "1", "--threads", "2", &roots],
    );
    assert_eq!(found.status.code(), Some(1));
    let text = String::from_utf8(found.stdout).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    let finding = &lines[0];
    for (field, expected) in [
        ("type", "finding"),
        ("level", "this_key"),
        ("place", "ci"),
        ("encoding", "raw"),
        ("key", "1042"),
        ("variable", "PULSE"),
    ] {
        assert_eq!(finding[field], expected, "{field}");
    }
    assert_eq!(finding["line"], 2);
    assert!(
        finding["path"]
            .as_str()
            .unwrap()
            .ends_with("/.github/workflows/x.yml")
    );
    assert_eq!(lines[1]["type"], "summary");
    assert_eq!(lines[1]["findings"]["this_key"], 1);
    assert!(!text.contains(&token.secret()));

    let plain = scan(home.path(), &[&roots]);
    assert!(
        String::from_utf8(plain.stdout)
            .unwrap()
            .contains("x.yml:2 PULSE 1042|")
    );

    let incomplete = scan(home.path(), &[root.join("missing").to_str().unwrap()]);
    assert_eq!(incomplete.status.code(), Some(3));

    for wrong in ["{", r#"[{"id": 1, "last_eight": "short"}]"#] {
        fs::write(home.path().join("keys.json"), wrong).unwrap();
        let failed = scan(home.path(), &[&roots]);
        assert_eq!(failed.status.code(), Some(2));
        assert!(!failed.stderr.is_empty());
    }
}
