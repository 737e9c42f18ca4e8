//! The words around the secrets of CI pipelines.

use std::path::Path;

use ci::{Repository, Service, Trouble};
use jiff::Timestamp;

use crate::base::error::{ErrorCode, UiError};
use crate::base::text::listed;
use crate::custody::records::Record;
use crate::host::Question;
use crate::records::names::{named_as, tail};
use crate::tokens::ci::wire::{CiNamed, CiResult, CiSecret, CiTrouble};

/// How many secrets a question names, and the journal.
const MAX_NAMED: usize = 6;
const MAX_JOURNALLED: usize = 20;

pub(super) fn not_looked() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "The repositories on this machine could not be looked at. Nothing was sent.",
        "Try again.",
    )
}

pub(super) fn not_newest() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "This list is not the newest any more. Nothing was sent.",
        "List the secrets again, and choose.",
    )
}

/// The journal could not be written before the first secret was set.
pub(super) fn not_begun(error: UiError) -> UiError {
    UiError {
        message: format!("{} Nothing was sent.", error.message),
        ..error
    }
}

pub(super) fn left_out(more: usize, is_cut: bool) -> Option<String> {
    match (more, is_cut) {
        (0, false) => None,
        (0, true) => Some(
            "Your search folders hold too much for all repositories to be looked at.".to_owned(),
        ),
        (1, _) => Some("1 more repository names such a secret and is not shown.".to_owned()),
        (more, _) => Some(format!(
            "{more} more repositories name such secrets and are not shown."
        )),
    }
}

/// Why a repository is listed.
pub(super) fn why(holds_token: bool, named: &[CiNamed]) -> String {
    let mut same = named.iter().filter(|named| named.is_same_name);
    let same = same.next().map(|named| named.name.as_str());
    match (holds_token, same) {
        (true, Some(name)) => {
            format!("The token was found in it, and its workflows name {name}.")
        }
        (true, None) => "The token was found in it, and its workflows name secrets.".to_owned(),
        (false, Some(name)) => {
            format!("Its workflows name {name}, as the variable is called that holds the token.")
        }
        (false, None) => String::new(),
    }
}

/// "ada/shop on github.com".
pub(super) fn place(repository: &Repository) -> String {
    format!("{} on {}", repository.path, repository.host)
}

/// The name, with the environments for which it counts.
pub(super) fn called(name: &str, scope: Option<&str>) -> String {
    match scope {
        None => name.to_owned(),
        Some(scope) => format!("{name} ({scope})"),
    }
}

/// Why there is no list of secrets.
pub(super) fn trouble(repository: &Repository, trouble: Trouble) -> CiTrouble {
    let (program, host) = (repository.service.program(), &repository.host);
    let message = match trouble {
        Trouble::NotInstalled => {
            format!("{program} is not installed, so these secrets can’t be listed here.")
        }
        Trouble::NotSignedIn => format!("{program} is not signed in to {host}."),
        Trouble::NoRights(status) => format!(
            "{host} answers {status}: your account may not see the secrets of {}, or {program} was not allowed to.",
            repository.path
        ),
        Trouble::Refused(status) => format!("{host} answers {status}. Try again later."),
        Trouble::TimedOut => format!("{program} did not answer in time, and was ended."),
        Trouble::Unreachable => format!("{program} can’t reach {host}."),
        Trouble::Failed => format!("{program} failed, and did not say why."),
    };
    CiTrouble {
        message,
        command: command(repository, trouble),
    }
}

fn command(repository: &Repository, trouble: Trouble) -> Option<String> {
    let host = &repository.host;
    match (trouble, repository.service) {
        (Trouble::NotInstalled, service) => install(service),
        (Trouble::NotSignedIn, service) => Some(format!(
            "{} auth login --hostname {host}",
            service.program()
        )),
        (Trouble::NoRights(_), Service::GitHub) => {
            Some(format!("gh auth refresh --hostname {host} --scopes repo"))
        }
        (Trouble::NoRights(_), Service::GitLab) => {
            Some(format!("glab auth login --hostname {host}"))
        }
        (
            Trouble::Refused(_) | Trouble::TimedOut | Trouble::Unreachable | Trouble::Failed,
            service,
        ) => Some(format!(
            "{} auth status --hostname {host}",
            service.program()
        )),
    }
}

/// How a program is installed here; none where this system has no such way that is known.
fn install(service: Service) -> Option<String> {
    let has = |program: &str| Path::new("/usr/bin").join(program).exists();
    let command = match service {
        _ if cfg!(target_os = "macos") => format!("brew install {}", service.program()),
        Service::GitHub if cfg!(windows) => "winget install --id GitHub.cli".to_owned(),
        Service::GitLab if cfg!(windows) => "winget install --id GLab.GLab".to_owned(),
        _ if has("apt") => format!("sudo apt install {}", service.program()),
        _ if has("dnf") => format!("sudo dnf install {}", service.program()),
        Service::GitHub if has("pacman") => "sudo pacman -S github-cli".to_owned(),
        Service::GitLab if has("pacman") => "sudo pacman -S glab".to_owned(),
        _ => return None,
    };
    Some(command)
}

/// What the list of a repository does not show.
pub(super) fn remark(service: Service, missing: &[&str]) -> String {
    let whose = match service {
        Service::GitHub => {
            "Secrets of its environments and of its organisation are not listed here."
        }
        Service::GitLab => {
            "Variables of its groups are not listed here. GitLab doesn’t say when one was set."
        }
    };
    match missing {
        [] => whose.to_owned(),
        [name] => format!("{name} is named, and is none of its own. {whose}"),
        names => format!(
            "{} are named, and are none of its own. {whose}",
            names.join(", ")
        ),
    }
}

/// A secret that was chosen, as sentences need it.
pub(super) struct ChosenSecret<'a> {
    pub(super) repository: &'a Repository,
    pub(super) secret: &'a CiSecret,
}

pub(super) fn question(record: &Record, chosen: &[ChosenSecret<'_>]) -> Question {
    let count = secrets(chosen.len());
    let token = named_as(&record.name, &record.last_eight);
    let mut named: Vec<String> = chosen
        .iter()
        .take(MAX_NAMED)
        .map(|chosen| {
            let name = called(&chosen.secret.name, chosen.secret.scope.as_deref());
            format!("{name} of {}", place(chosen.repository))
        })
        .collect();
    if chosen.len() > MAX_NAMED {
        named.push(format!("and {} more", chosen.len() - MAX_NAMED));
    }
    let mut programs: Vec<String> = Vec::new();
    for chosen in chosen {
        let Repository { service, host, .. } = chosen.repository;
        let sends = format!("{} sends it to {host}", service.program());
        if !programs.contains(&sends) {
            programs.push(sends);
        }
    }
    Question {
        title: "Set CI secrets".to_owned(),
        headline: format!("Set {count} to the token of {token}?"),
        paragraphs: vec![
            named.join("\n"),
            format!(
                "The token that ends in {} leaves this machine: {}. Whoever can change the workflows there can use it.",
                tail(&record.last_eight),
                programs.join(", ")
            ),
            "What these secrets hold now is lost: nobody can read it there, and this app does not know it.".to_owned(),
        ],
        yes: format!("Set {count}"),
        alternative: None,
        no: "Cancel".to_owned(),
    }
}

/// How a secret stands after it was to be set.
pub(super) enum SetResult {
    /// The service shows that it was set.
    Confirmed(Timestamp),
    /// The program said so; the service does not tell when, or could not be asked again.
    Set,
    /// It was not there any more, or somebody else has set it since; nothing was sent.
    Gone,
    ChangedSince,
    /// Nothing was sent, since what became of an earlier one could not be written down.
    NotBegun,
    /// Nothing was sent, since the service could not be asked.
    NotAsked(Trouble),
    /// The service refused.
    NotSet(Trouble),
    /// Nobody knows.
    Unknown(Trouble),
}

impl SetResult {
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Confirmed(_) | Self::Set)
    }
}

pub(super) fn result(
    chosen: &ChosenSecret<'_>,
    set: &SetResult,
    is_masked: Option<bool>,
) -> CiResult {
    let ChosenSecret { repository, secret } = chosen;
    let why = |trouble: Trouble| self::trouble(repository, trouble);
    let by_hand = || Some(by_hand(repository, secret));
    let (message, command) = match set {
        SetResult::Confirmed(at) => (
            format!(
                "It has the token: {} shows that it was set at {}.",
                repository.host,
                clock(*at)
            ),
            None,
        ),
        SetResult::Set => (
            format!(
                "It has the token, as {} says.",
                repository.service.program()
            ),
            None,
        ),
        SetResult::NotBegun => (
            "Nothing was sent, since the journal can’t be written.".to_owned(),
            None,
        ),
        SetResult::Gone => (
            "It is not there any more. Nothing was sent.".to_owned(),
            None,
        ),
        SetResult::ChangedSince => (
            "Somebody set it since it was listed. Nothing was sent: list the secrets again."
                .to_owned(),
            None,
        ),
        SetResult::NotAsked(trouble) => {
            let CiTrouble { message, command } = why(*trouble);
            (format!("Nothing was sent. {message}"), command)
        }
        SetResult::NotSet(Trouble::Refused(status)) if is_masked == Some(true) => (
            format!(
                "{} answers {status}, and it has its old value. It is masked there, and some versions mask no value with “|” \
                 in it, as this token has.",
                repository.host
            ),
            by_hand(),
        ),
        SetResult::NotSet(trouble) => {
            let CiTrouble { message, command } = why(*trouble);
            (format!("It has its old value. {message}"), command)
        }
        SetResult::Unknown(trouble) => (
            format!(
                "{} It is not known whether it has the token: list the secrets again, or set it yourself.",
                why(*trouble).message
            ),
            by_hand(),
        ),
    };
    CiResult {
        id: secret.id.clone(),
        name: called(&secret.name, secret.scope.as_deref()),
        repository: place(repository),
        done: set.is_done(),
        message,
        command,
    }
}

/// What a user types to set it; the program asks for the value.
fn by_hand(repository: &Repository, secret: &CiSecret) -> String {
    let Repository { host, path, .. } = repository;
    match repository.service {
        Service::GitHub => format!("gh secret set {} --repo {host}/{path}", secret.name),
        Service::GitLab => format!(
            "glab variable update {} --repo https://{host}/{path}",
            secret.name
        ),
    }
}

/// Hours, minutes and seconds where the user is.
fn clock(at: Timestamp) -> String {
    let at = at.to_zoned(jiff::tz::TimeZone::system());
    at.strftime("%H:%M:%S").to_string()
}

/// `trouble` is what kept the journal from being written after a secret was set.
pub(super) fn ended(results: &[CiResult], trouble: Option<&UiError>) -> String {
    let done = in_how_many(results);
    match trouble {
        None => done,
        Some(UiError { message, hint, .. }) => {
            format!("{done} The journal does not say so. {message} {hint}")
        }
    }
}

fn in_how_many(results: &[CiResult]) -> String {
    let done = results.iter().filter(|result| result.done).count();
    match (done, results.len()) {
        (0, 1) => "The secret is not known to have the token.".to_owned(),
        (0, _) => "None of these secrets is known to have the token.".to_owned(),
        (done, all) if done == all => format!("The token is in {}.", secrets(done)),
        (done, all) => format!("The token is in {done} of {}.", secrets(all)),
    }
}

/// Before the first is set. Repositories and names, no token.
pub(super) fn journalled_begun(chosen: &[ChosenSecret<'_>]) -> String {
    let named = chosen.iter().map(|chosen| {
        let name = called(&chosen.secret.name, chosen.secret.scope.as_deref());
        format!("{name} of {}", place(chosen.repository))
    });
    let named: Vec<String> = named.collect();
    format!("to be set: {}", listed(&named, MAX_JOURNALLED))
}

/// Repositories and names, no token.
pub(super) fn journalled(results: &[CiResult]) -> String {
    let list = |done: bool| {
        let named = results.iter().filter(|result| result.done == done);
        let named: Vec<String> = named
            .map(|result| format!("{} of {}", result.name, result.repository))
            .collect();
        listed(&named, MAX_JOURNALLED)
    };
    let done = results.iter().filter(|result| result.done).count();
    match (done, results.len()) {
        (0, _) => format!("not set: {}", list(false)),
        (done, all) if done == all => format!("set: {}", list(true)),
        _ => format!("set: {}; not: {}", list(true), list(false)),
    }
}

fn secrets(count: usize) -> String {
    if count == 1 {
        "1 CI secret".to_owned()
    } else {
        format!("{count} CI secrets")
    }
}
