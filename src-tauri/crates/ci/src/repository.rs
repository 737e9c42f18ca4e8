//! In which repository a file lies, and where that is hosted.

use std::path::{Path, PathBuf};

use crate::remote::{self, Address};
use crate::service::Service;
use crate::text::read;
use crate::workflow::{self, Named};

/// The largest configuration of git that is read, in bytes.
const MAX_CONFIGURATION: u64 = 1 << 20;

/// A repository on this machine that has pipelines, and where it is hosted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The folder in which it is checked out.
    pub folder: PathBuf,
    /// Who runs its pipelines.
    pub service: Service,
    /// On which host ("github.com").
    pub host: String,
    /// Its name there ("ada/shop"): letters, digits, `.`, `-` and `_`.
    pub path: String,
}

impl Repository {
    /// The repository in which a file lies; none where there is none, where it has no pipelines, or where nothing tells
    /// on which host it is.
    #[must_use]
    pub fn of(file: &Path) -> Option<Self> {
        file.ancestors().skip(1).find_map(|folder| {
            // The innermost one, whether it has pipelines or not.
            folder.join(".git").exists().then(|| Self::at(folder))
        })?
    }

    /// The repository that is checked out in this folder.
    pub(crate) fn at(folder: &Path) -> Option<Self> {
        let (on_github, on_gitlab) = (
            folder.join(workflow::GITHUB).is_dir(),
            workflow::GITLAB
                .iter()
                .any(|name| folder.join(name).is_file()),
        );
        if !on_github && !on_gitlab {
            return None;
        }
        let Address { host, path } = remote::address(&configuration(folder)?)?;
        let service = match host.as_str() {
            "github.com" => Service::GitHub,
            "gitlab.com" => Service::GitLab,
            // Somebody's own server: its pipelines tell.
            _ if on_github => Service::GitHub,
            _ => Service::GitLab,
        };
        let has_pipelines = match service {
            Service::GitHub => on_github && path.matches('/').count() == 1,
            Service::GitLab => on_gitlab,
        };
        has_pipelines.then(|| Self {
            folder: folder.to_owned(),
            service,
            host,
            path,
        })
    }

    /// Which secrets its workflows name, as they are checked out now, each place once.
    #[must_use]
    pub fn named_secrets(&self) -> Vec<Named> {
        workflow::named(&self.folder, self.service)
    }
}

/// Git's configuration of a folder, which may be a worktree of a repository elsewhere.
fn configuration(folder: &Path) -> Option<String> {
    let git = folder.join(".git");
    if git.is_dir() {
        return read(&git.join("config"), MAX_CONFIGURATION);
    }
    let named = read(&git, MAX_CONFIGURATION)?;
    let own = folder.join(named.strip_prefix("gitdir:")?.trim());
    let common = match read(&own.join("commondir"), MAX_CONFIGURATION) {
        Some(common) => own.join(common.trim()),
        None => own,
    };
    read(&common.join("config"), MAX_CONFIGURATION)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    const ORIGIN: &str = "[remote \"origin\"]\n\turl = git@github.com:ada/shop.git\n";

    #[test]
    fn a_file_lies_in_the_innermost_repository_that_has_pipelines() {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        write(&shop.join(".git/config"), ORIGIN);
        let file = shop.join("deploy/.env");
        write(&file, "A=1\n");
        assert_eq!(Repository::of(&file), None, "no pipelines");
        write(&shop.join(".github/workflows/ci.yml"), "on: push\n");
        let repository = Repository::of(&file).unwrap();
        assert_eq!(
            (
                repository.service,
                repository.host.as_str(),
                repository.path.as_str()
            ),
            (Service::GitHub, "github.com", "ada/shop")
        );
        assert_eq!(repository.folder, shop);
        assert_eq!(Repository::of(&folder.path().join("x")), None);
        write(&shop.join("vendor/lib/.git/config"), ORIGIN);
        assert_eq!(Repository::of(&shop.join("vendor/lib/.env")), None);
    }

    #[test]
    fn a_worktree_has_the_remotes_of_its_repository() {
        let folder = tempfile::tempdir().unwrap();
        let git = folder.path().join("shop/.git");
        write(&git.join("config"), ORIGIN);
        write(&git.join("worktrees/next/commondir"), "../..\n");
        let next = folder.path().join("next");
        write(&next.join(".git"), "gitdir: ../shop/.git/worktrees/next\n");
        write(&next.join(".github/workflows/ci.yml"), "on: push\n");
        assert_eq!(Repository::at(&next).unwrap().path, "ada/shop");
    }

    #[test]
    fn the_host_tells_who_runs_the_pipelines_and_else_the_pipelines_do() {
        let folder = tempfile::tempdir().unwrap();
        let at = |host: &str, pipeline: &str| {
            let shop = folder
                .path()
                .join(format!("{host}{}", pipeline.replace('/', "_")));
            let origin = format!("[remote \"origin\"]\n\turl = https://{host}/ada/shop\n");
            write(&shop.join(".git/config"), &origin);
            write(&shop.join(pipeline), "x: y\n");
            Repository::at(&shop).map(|repository| repository.service)
        };
        assert_eq!(at("github.com", ".gitlab-ci.yml"), None, "a mirror");
        assert_eq!(at("gitlab.com", ".gitlab-ci.yml"), Some(Service::GitLab));
        assert_eq!(
            at("git.example.org", ".gitlab-ci.yml"),
            Some(Service::GitLab)
        );
        let actions = ".github/workflows/ci.yml";
        assert_eq!(at("git.example.org", actions), Some(Service::GitHub));
        assert_eq!(at("gitlab.com", actions), None);
    }
}
