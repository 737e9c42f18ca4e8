//! What has to be restarted before a new token counts, as far as the path of the file tells.

use std::path::Path;

use crate::tokens::place::candidates::Candidate;
use crate::tokens::place::wire::PlaceRestart;

/// Files that a shell reads when it begins.
const SHELL: &[&str] = &[
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".zprofile",
    ".zlogin",
    "config.fish",
    "environment",
];

/// Files that a set of containers is described in.
const COMPOSE: &[&str] = &[
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
];

/// What to restart after a file has the new token.
pub(super) fn after(candidate: &Candidate) -> Option<PlaceRestart> {
    of(&candidate.path, &|path| path.is_file())
}

fn of(path: &Path, is_there: &dyn Fn(&Path) -> bool) -> Option<PlaceRestart> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    let told = |what: &str, command: Option<String>| {
        Some(PlaceRestart {
            what: what.to_owned(),
            command,
        })
    };
    let is_in = |part: &str| path.to_string_lossy().contains(part);
    let of_user = if is_in("/.config/systemd/user/") {
        " --user"
    } else {
        ""
    };
    if is_in("/systemd/") && path.extension().is_some_and(|ending| ending == "service") {
        let command = format!(
            "systemctl{of_user} daemon-reload && systemctl{of_user} restart {}",
            quoted(name)
        );
        return told("Restart this service of systemd.", Some(command));
    }
    if is_in("/environment.d/") {
        return told(
            "Sign out and in again: programs get it when your session begins.",
            None,
        );
    }
    if name == ".envrc" {
        return told(
            "Allow the changed file in direnv.",
            Some(format!(
                "direnv allow {}",
                quoted(&folder.to_string_lossy())
            )),
        );
    }
    if name == "crontab" || is_in("/cron.") {
        return told(
            "Nothing to restart: cron reads it before its next job.",
            None,
        );
    }
    if SHELL.contains(&name) {
        return told(
            "Open a new shell. Those that are open keep the old token.",
            None,
        );
    }
    let compose = COMPOSE
        .iter()
        .map(|name| folder.join(name))
        .find(|file| is_there(file));
    if let Some(compose) = compose
        .filter(|_| COMPOSE.contains(&name) || name.starts_with(".env") || name.ends_with(".env"))
    {
        let command = format!(
            "docker compose -f {} up -d",
            quoted(&compose.to_string_lossy())
        );
        return told("Recreate these containers.", Some(command));
    }
    None
}

/// As one word of a shell's.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '@');
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(path: &str, others: &[&str]) -> Option<String> {
        let is_there = |file: &Path| others.iter().any(|other| file == Path::new(other));
        of(Path::new(path), &is_there)?.command
    }

    #[test]
    fn what_to_restart_is_known_by_the_path() {
        assert_eq!(
            command("/home/a/.config/systemd/user/sync.service", &[]).unwrap(),
            "systemctl --user daemon-reload && systemctl --user restart sync.service"
        );
        assert_eq!(
            command("/srv/my app/.env", &["/srv/my app/compose.yaml"]).unwrap(),
            "docker compose -f '/srv/my app/compose.yaml' up -d"
        );
        assert_eq!(command("/srv/app/.env", &[]), None);
        assert_eq!(
            command("/home/a/x/.envrc", &[]).unwrap(),
            "direnv allow /home/a/x"
        );
        let shell = of(Path::new("/home/a/.bashrc"), &|_| false).unwrap();
        assert!(shell.what.contains("new shell") && shell.command.is_none());
        assert_eq!(of(Path::new("/home/a/notes.txt"), &|_| false), None);
    }
}
