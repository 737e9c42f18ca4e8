//! Under which heading of the help article a file belongs, by its path and, where the path leaves it open, by how
//! its content begins.

use std::ffi::OsStr;
use std::path::Path;

use super::pattern::fits;
use crate::finding::Place;

/// Folders whose content belongs under a heading, whatever it is called.
const FOLDERS: &[(&[&str], Place)] = &[
    (&[".github", "workflows"], Place::Ci),
    (&[".github", "actions"], Place::Ci),
    (&[".gitea", "workflows"], Place::Ci),
    (&[".forgejo", "workflows"], Place::Ci),
    (&[".gitlab"], Place::Ci),
    (&[".circleci"], Place::Ci),
    (&[".buildkite"], Place::Ci),
    (&[".woodpecker"], Place::Ci),
    (&[".teamcity"], Place::Ci),
    (&[".azure-pipelines"], Place::Ci),
    (&["actions-runner"], Place::Ci),
    (&["fastlane"], Place::Ci),
    (&[".n8n"], Place::Integration),
    (&["n8n"], Place::Integration),
    (&[".node-red"], Place::Integration),
    (&["postman"], Place::Integration),
    (&["insomnia"], Place::Integration),
    (&["bruno"], Place::Integration),
    (&["zapier"], Place::Integration),
    (&[".cursor"], Place::Integration),
    (&[".claude"], Place::Integration),
    (&[".codex"], Place::Integration),
    (&[".vscode"], Place::Integration),
    (&[".git"], Place::Git),
    (&["environment.d"], Place::Environment),
    (&["group_vars"], Place::Environment),
    (&["host_vars"], Place::Environment),
    (&["cron.d"], Place::Script),
];

/// Names of files. The first that fits decides.
const NAMES: &[(&str, Place)] = &[
    (".gitlab-ci*", Place::Ci),
    ("Jenkinsfile*", Place::Ci),
    ("azure-pipelines*", Place::Ci),
    ("bitbucket-pipelines.yml", Place::Ci),
    (".drone.yml", Place::Ci),
    (".travis.yml", Place::Ci),
    (".woodpecker*", Place::Ci),
    (".cirrus.yml", Place::Ci),
    ("appveyor.yml", Place::Ci),
    ("buildspec*.yml", Place::Ci),
    ("cloudbuild*.yaml", Place::Ci),
    (".actrc", Place::Ci),
    (".secrets", Place::Ci),
    ("codemagic.yaml", Place::Ci),
    (".mcp.json", Place::Integration),
    ("mcp.json", Place::Integration),
    ("mcp_config.json", Place::Integration),
    (".claude.json", Place::Integration),
    ("claude_desktop_config.json", Place::Integration),
    ("*.postman_collection.json", Place::Integration),
    ("*.postman_environment.json", Place::Integration),
    ("insomnia*", Place::Integration),
    ("*.bru", Place::Integration),
    ("*.http", Place::Integration),
    ("*.rest", Place::Integration),
    ("*.har", Place::Integration),
    ("http-client*.env.json", Place::Integration),
    ("flows*.json", Place::Integration),
    ("n8n*", Place::Integration),
    ("*zapier*", Place::Integration),
    ("*.blueprint.json", Place::Integration),
    ("prometheus*.yml", Place::Integration),
    ("alertmanager*.yml", Place::Integration),
    ("grafana.ini", Place::Integration),
    (".netrc", Place::Integration),
    (".npmrc", Place::Integration),
    (".pypirc", Place::Integration),
    (".curlrc", Place::Integration),
    (".git-credentials", Place::Integration),
    ("*.tfstate", Place::Environment),
    ("*.tfstate.backup", Place::Environment),
    ("*.tfvars", Place::Environment),
    ("*.tfvars.json", Place::Environment),
    (".env*", Place::Environment),
    ("*.env", Place::Environment),
    ("env", Place::Environment),
    ("environment", Place::Environment),
    (".bashrc", Place::Environment),
    (".bash_*", Place::Environment),
    (".profile", Place::Environment),
    (".zsh*", Place::Environment),
    (".zprofile", Place::Environment),
    ("fish_variables", Place::Environment),
    ("docker-compose*", Place::Environment),
    ("compose*.y*ml", Place::Environment),
    ("Dockerfile*", Place::Environment),
    ("Procfile", Place::Environment),
    ("values*.y*ml", Place::Environment),
    ("kustomization.yaml", Place::Environment),
    ("appsettings*.json", Place::Environment),
    ("local.settings.json", Place::Environment),
    ("application*.properties", Place::Environment),
    ("application*.y*ml", Place::Environment),
    ("credentials*", Place::Environment),
    ("secrets*", Place::Environment),
    ("settings*.py", Place::Environment),
    ("config*", Place::Environment),
    ("wp-config.php", Place::Environment),
    ("fly.toml", Place::Environment),
    ("vercel.json", Place::Environment),
    ("netlify.toml", Place::Environment),
    ("wrangler.toml", Place::Environment),
    (".dev.vars", Place::Environment),
    ("*.service", Place::Environment),
    ("*.container", Place::Environment),
    ("*.properties", Place::Environment),
    ("*.plist", Place::Environment),
    ("*.ini", Place::Environment),
    ("*.conf", Place::Environment),
    ("*.toml", Place::Environment),
    ("*.tf", Place::Environment),
    ("Makefile", Place::Script),
    ("*.mk", Place::Script),
    ("justfile", Place::Script),
    ("Taskfile*", Place::Script),
    ("Rakefile", Place::Script),
    ("package.json", Place::Script),
    ("crontab*", Place::Script),
    ("*.sh", Place::Script),
    ("*.bash", Place::Script),
    ("*.zsh", Place::Script),
    ("*.fish", Place::Script),
    ("*.ps1", Place::Script),
    ("*.bat", Place::Script),
    ("*.cmd", Place::Script),
];

/// Endings of programs' source files.
const SOURCES: &[&str] = &[
    "py",
    "rb",
    "pl",
    "php",
    "js",
    "mjs",
    "cjs",
    "ts",
    "tsx",
    "jsx",
    "lua",
    "go",
    "rs",
    "java",
    "kt",
    "kts",
    "cs",
    "swift",
    "scala",
    "groovy",
    "r",
    "jl",
    "ex",
    "exs",
    "clj",
    "dart",
    "c",
    "cc",
    "cpp",
    "h",
    "ipynb",
    "awk",
    "vbs",
    "applescript",
];

/// Endings of histories of what was typed, which would fit a name above.
const HISTORIES: [&str; 3] = ["history", "histfile", "hst"];

/// The heading of a file, whose content begins with `head`.
pub(crate) fn of(path: &Path, head: &[u8]) -> Place {
    let names: Vec<&OsStr> = path.iter().collect();
    let (file, folders) = match names.split_last() {
        Some((file, folders)) => (*file, folders),
        None => return Place::Other,
    };
    for (chain, place) in FOLDERS {
        let fits_here = |window: &[&OsStr]| {
            window
                .iter()
                .zip(*chain)
                .all(|(name, part)| fits(part, name))
        };
        if folders.windows(chain.len()).any(fits_here) {
            return *place;
        }
    }
    let lower = file.to_string_lossy().to_ascii_lowercase();
    if HISTORIES.iter().any(|ending| lower.ends_with(ending)) {
        return Place::Other;
    }
    if let Some((_, place)) = NAMES.iter().find(|(pattern, _)| fits(pattern, file)) {
        return *place;
    }
    let extension = Path::new(&lower).extension().and_then(OsStr::to_str);
    if extension.is_some_and(|extension| SOURCES.contains(&extension)) || head.starts_with(b"#!") {
        return Place::Script;
    }
    let is_manifest = matches!(extension, Some("yaml" | "yml" | "json"))
        && has(head, b"apiVersion")
        && has(head, b"kind");
    if is_manifest {
        return Place::Environment;
    }
    Place::Other
}

fn has(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::of;
    use crate::finding::Place;

    #[test]
    fn the_four_headings_and_the_rest() {
        for (path, expected) in [
            ("/h/app/.env.production", Place::Environment),
            ("/h/.bashrc", Place::Environment),
            ("/h/app/docker-compose.override.yml", Place::Environment),
            ("/h/app/charts/values-prod.yaml", Place::Environment),
            ("/h/app/prod.tfvars", Place::Environment),
            ("/h/app/.github/workflows/deploy.yml", Place::Ci),
            ("/h/app/.gitlab-ci.yml", Place::Ci),
            ("/h/app/Jenkinsfile", Place::Ci),
            ("/h/app/.cursor/mcp.json", Place::Integration),
            (
                "/h/Downloads/monitors.postman_collection.json",
                Place::Integration,
            ),
            ("/h/api/get.bru", Place::Integration),
            ("/h/bin/check.sh", Place::Script),
            ("/h/tools/report.py", Place::Script),
            ("/h/app/Makefile", Place::Script),
            ("/h/.bash_history", Place::Other),
            ("/h/notes.md", Place::Other),
            ("/h/app/.git/config", Place::Git),
        ] {
            assert_eq!(of(Path::new(path), b""), expected, "{path}");
        }
    }

    #[test]
    fn content_decides_where_the_name_does_not() {
        let manifest = b"apiVersion: v1\nkind: Secret\n";
        assert_eq!(of(Path::new("/h/pulse.yaml"), manifest), Place::Environment);
        assert_eq!(of(Path::new("/h/pulse.yaml"), b"a: 1"), Place::Other);
        assert_eq!(of(Path::new("/h/check"), b"#!/bin/sh\n"), Place::Script);
    }
}
