//! Which repositories on this machine have pipelines that may use a key, by what the last search found of it. Nobody but
//! this machine is asked, and no program is run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ci::{Named, Repository, Service, repositories_below};
use pulseapi::KeyId;
use usage::Level;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::base::text::sanitized;
use crate::context::Context;
use crate::preferences;
use crate::preferences::search_folders::whole;
use crate::tokens::ci::messages;
use crate::tokens::ci::wire::{CiNamed, CiRepositories, CiRepository, CiService};
use crate::usage::found::shortened;
use crate::usage::kept;

/// The most repositories that are shown: the service is asked about each.
const MAX_REPOSITORIES: usize = 20;

/// How many places of a name are told.
const MAX_PLACES: usize = 5;

/// A repository, as it is and as the page sees it.
#[derive(Clone)]
pub(super) struct FoundRepository {
    pub(super) repository: Repository,
    pub(super) view: CiRepository,
    holds_token: bool,
}

/// All of them.
#[derive(Default)]
pub(super) struct Found {
    pub(super) repositories: Vec<FoundRepository>,
    left_out: Option<String>,
}

impl Found {
    pub(super) fn view(&self) -> CiRepositories {
        let repositories = self.repositories.iter();
        CiRepositories {
            repositories: repositories.map(|found| found.view.clone()).collect(),
            left_out: self.left_out.clone(),
        }
    }
}

/// What a search found of the tokens of some keys.
#[derive(Default)]
struct Places {
    files: Vec<PathBuf>,
    variables: Vec<String>,
}

/// Looks for them.
pub(super) async fn found(
    ctx: &Context,
    account: AccountId,
    keys: &[KeyId],
) -> Result<Found, UiError> {
    let mut places = Places::default();
    for key in keys {
        let Some((_, findings)) = kept::last(&ctx.database, account, key).await? else {
            continue;
        };
        for found in findings.all_found() {
            if found.level < Level::Older || found.level == Level::Unlisted {
                continue;
            }
            places.files.push(found.path().to_owned());
            places.variables.extend(found.view(None).variable);
        }
    }
    let home = ctx.host.home();
    let folders = preferences::preferences(ctx).search;
    let whole = |paths: &[String]| -> Vec<PathBuf> {
        let paths = paths.iter();
        paths
            .filter_map(|path| whole(path, home.as_deref()))
            .collect()
    };
    let roots = [whole(&folders.roots), whole(&folders.extra)].concat();
    let mut excluded = whole(&folders.excluded);
    // As a search does: a dead network disk would hang this.
    let foreign = ctx.host.machine().foreign_mounts().into_iter();
    excluded.extend(foreign.filter(|point| !roots.iter().any(|root| root.starts_with(point))));
    let looking = move || look(&places, &roots, &excluded, home.as_deref());
    tokio::task::spawn_blocking(looking)
        .await
        .map_err(|_| messages::not_looked())
}

fn look(places: &Places, roots: &[PathBuf], excluded: &[PathBuf], home: Option<&Path>) -> Found {
    let mut by_id: BTreeMap<String, FoundRepository> = BTreeMap::new();
    let holding = places.files.iter().filter(|file| file.is_absolute());
    for repository in holding.filter_map(|file| Repository::of(file)) {
        let names = names(&repository, &places.variables);
        add(&mut by_id, repository, names, true, home);
    }
    // Without a name to compare there is nothing that speaks for a repository without the token.
    let below = if places.variables.is_empty() {
        ci::Below::default()
    } else {
        repositories_below(roots, excluded)
    };
    for folder in &below.folders {
        let Some(repository) = Repository::of(&folder.join(".git")) else {
            continue;
        };
        let names = names(&repository, &places.variables);
        if names.iter().any(|name| name.is_same_name) {
            add(&mut by_id, repository, names, false, home);
        }
    }
    let mut repositories: Vec<FoundRepository> = by_id.into_values().collect();
    repositories.sort_by_key(|found| !found.holds_token);
    let more = repositories.len().saturating_sub(MAX_REPOSITORIES);
    repositories.truncate(MAX_REPOSITORIES);
    Found {
        repositories,
        left_out: messages::left_out(more, below.is_cut),
    }
}

fn add(
    by_id: &mut BTreeMap<String, FoundRepository>,
    repository: Repository,
    named: Vec<CiNamed>,
    holds_token: bool,
    home: Option<&Path>,
) {
    // A repository whose workflows name nothing has nothing that could be set.
    if named.is_empty() {
        return;
    }
    let id = format!("{}/{}", repository.host, repository.path);
    let folder = sanitized(&repository.folder.to_string_lossy());
    let short_path = shortened(&folder, home);
    by_id.entry(id.clone()).or_insert_with(|| FoundRepository {
        view: CiRepository {
            id,
            service: match repository.service {
                Service::GitHub => CiService::GitHub,
                Service::GitLab => CiService::GitLab,
            },
            host: repository.host.clone(),
            name: repository.path.clone(),
            why: messages::why(holds_token, &named),
            short_path,
            named,
        },
        repository,
        holds_token,
    });
}

/// What its workflows name, each once.
fn names(repository: &Repository, variables: &[String]) -> Vec<CiNamed> {
    let mut names: Vec<CiNamed> = Vec::new();
    for Named { name, file, line } in repository.named_secrets() {
        let place = format!("{file}:{line}");
        let known = names
            .iter_mut()
            .find(|known| is_same(repository.service, &known.name, &name));
        match known {
            Some(known) if known.places.len() < MAX_PLACES => known.places.push(place),
            Some(_) => {}
            None => names.push(CiNamed {
                is_same_name: variables
                    .iter()
                    .any(|variable| is_same(repository.service, variable, &name)),
                name,
                places: vec![place],
            }),
        }
    }
    names.sort_by(|a, b| (!a.is_same_name, &a.name).cmp(&(!b.is_same_name, &b.name)));
    names
}

/// GitHub makes no difference between capitals and small letters.
pub(super) fn is_same(service: Service, one: &str, other: &str) -> bool {
    match service {
        Service::GitHub => one.eq_ignore_ascii_case(other),
        Service::GitLab => one == other,
    }
}
