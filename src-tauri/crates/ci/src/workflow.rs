//! Which secrets a pipeline names: `${{ secrets.NAME }}` in the workflows of GitHub, `$NAME` in those of GitLab.
//!
//! The files are read as text: what a line names counts, whatever else YAML makes of it.

use std::fs;
use std::path::Path;

use crate::service::Service;
use crate::text::read;

/// Where GitHub's are.
pub(crate) const GITHUB: &str = ".github/workflows";

/// Where GitLab's are.
pub(crate) const GITLAB: &[&str] = &[".gitlab-ci.yml", ".gitlab-ci.yaml"];

/// The most workflows that are read, and the largest, in bytes.
const MAX_FILES: usize = 200;
const MAX_BYTES: u64 = 1 << 20;

/// The most places that are told.
const MAX_NAMED: usize = 1000;

/// A place that names a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The secret.
    pub name: String,
    /// The workflow, as a path in the repository.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// What the workflows in this folder name, file by file.
pub(crate) fn named(folder: &Path, service: Service) -> Vec<Named> {
    let files: Vec<String> = match service {
        Service::GitHub => workflows(folder),
        Service::GitLab => GITLAB.iter().map(|name| (*name).to_owned()).collect(),
    };
    let mut all: Vec<Named> = Vec::new();
    for file in files {
        let Some(text) = read(&folder.join(&file), MAX_BYTES) else {
            continue;
        };
        for (line, text) in (1..).zip(text.lines()) {
            let names = match service {
                Service::GitHub => of_github(text),
                Service::GitLab => of_gitlab(text),
            };
            for name in names {
                let named = Named {
                    name,
                    file: file.clone(),
                    line,
                };
                if all.len() < MAX_NAMED && !all.contains(&named) {
                    all.push(named);
                }
            }
        }
    }
    all
}

fn workflows(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join(GITHUB)).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_yaml = |name: &String| {
        let ending = Path::new(name).extension();
        ending.is_some_and(|ending| ending == "yml" || ending == "yaml")
    };
    let mut names: Vec<String> = names.filter(is_yaml).take(MAX_FILES).collect();
    names.sort_unstable();
    names
        .into_iter()
        .map(|name| format!("{GITHUB}/{name}"))
        .collect()
}

/// `secrets.NAME` and `secrets['NAME']` within `${{ … }}`, or in an `if:` that needs none.
fn of_github(line: &str) -> Vec<String> {
    let line = without_comment(line);
    let mut names = Vec::new();
    let is_expression = line.contains("${{")
        || line
            .trim_start()
            .trim_start_matches("- ")
            .starts_with("if:");
    if !is_expression {
        return names;
    }
    for (at, word) in line.match_indices("secrets") {
        let before = line[..at].chars().next_back();
        if before.is_some_and(|c| is_of_name(c) || c == '.' || c == '-') {
            continue;
        }
        let rest = line[at + word.len()..].trim_start();
        let name = match rest.split_at_checked(1) {
            Some((".", rest)) => Some(name_of(rest)),
            Some(("[", rest)) => {
                let rest = rest.trim_start();
                rest.strip_prefix(['\'', '"']).map(name_of)
            }
            _ => None,
        };
        // GitHub makes that one itself, for each run.
        if let Some(name) = name.filter(|name| !name.is_empty() && *name != "GITHUB_TOKEN") {
            names.push(name.to_owned());
        }
    }
    names
}

/// `$NAME` and `${NAME}`, but not what GitLab gives to every job.
fn of_gitlab(line: &str) -> Vec<String> {
    let line = without_comment(line);
    let mut names = Vec::new();
    for (at, _) in line.match_indices('$') {
        let rest = &line[at + 1..];
        // "$$" is a dollar sign.
        if rest.starts_with('$') || line[..at].ends_with('$') {
            continue;
        }
        let name = name_of(rest.strip_prefix('{').unwrap_or(rest));
        let is_given = ["CI_", "GITLAB_", "FF_"]
            .iter()
            .any(|start| name.starts_with(start))
            || name == "CI";
        let is_name = name
            .chars()
            .next()
            .is_some_and(|first| !first.is_ascii_digit());
        if is_name && !is_given {
            names.push(name.to_owned());
        }
    }
    names
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split_once(" #").map_or(line, |(text, _)| text)
}

fn name_of(text: &str) -> &str {
    let end = text.find(|c| !is_of_name(c)).unwrap_or(text.len());
    &text[..end]
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_of_github_names_secrets_in_expressions() {
        for (line, name) in [
            ("  PULSE: ${{ secrets.PULSE_API_KEY }}", "PULSE_API_KEY"),
            ("  - run: a ${{secrets['PULSE_API_KEY']}}", "PULSE_API_KEY"),
            ("  if: secrets.DEPLOY != ''", "DEPLOY"),
            ("  x: ${{ format('{0}', secrets . X) }}", ""),
        ] {
            let expected: Vec<&str> = [name].into_iter().filter(|name| !name.is_empty()).collect();
            assert_eq!(of_github(line), expected, "{line}");
        }
        assert_eq!(of_github("a ${{ secrets.A }}${{ secrets.B }}"), ["A", "B"]);
        for line in [
            "  secrets: inherit",
            "  # ${{ secrets.OLD }}",
            "  a: b # ${{ secrets.OLD }}",
            "  token: ${{ secrets.GITHUB_TOKEN }}",
            "  a: ${{ steps.secrets.outputs }}",
            "  a: ${{ mysecrets.NAME }}",
            "  run: echo secrets.NAME",
        ] {
            assert_eq!(of_github(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_pipeline_of_gitlab_names_variables() {
        assert_eq!(
            of_gitlab("  - curl -H \"Bearer $PULSE_API_KEY\" ${HOST}/x $CI_JOB_ID $$NO $1"),
            ["PULSE_API_KEY", "HOST"]
        );
        assert_eq!(of_gitlab("# $OLD"), [""; 0]);
    }

    #[test]
    fn each_place_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let workflows = folder.path().join(GITHUB);
        fs::create_dir_all(&workflows).unwrap();
        fs::write(workflows.join("b.yaml"), "x: ${{ secrets.B }}\n").unwrap();
        fs::write(
            workflows.join("a.yml"),
            "on: push\nx: ${{ secrets.A }} ${{ secrets.A }}\n",
        )
        .unwrap();
        fs::write(workflows.join("notes.md"), "${{ secrets.C }}\n").unwrap();
        let told: Vec<String> = named(folder.path(), Service::GitHub)
            .iter()
            .map(|named| format!("{} {}:{}", named.name, named.file, named.line))
            .collect();
        assert_eq!(
            told,
            [
                "A .github/workflows/a.yml:2",
                "B .github/workflows/b.yaml:1"
            ]
        );
    }
}
