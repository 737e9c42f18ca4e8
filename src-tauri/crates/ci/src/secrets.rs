//! Listing and setting secrets, whoever runs the pipelines.

use secrecy::SecretString;

use crate::repository::Repository;
use crate::secret::Secret;
use crate::service::Service;
use crate::tools::Tools;
use crate::trouble::Trouble;
use crate::{github, gitlab};

impl Tools {
    /// The names of a repository's own secrets, in the service's order. Those of its environments and of its owner are not
    /// among them.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn secrets(&self, repository: &Repository) -> Result<Vec<Secret>, Trouble> {
        self.check_host(repository).await?;
        match repository.service {
            Service::GitHub => github::secrets(self, repository).await,
            Service::GitLab => gitlab::secrets(self, repository).await,
        }
    }

    /// Sets a secret that is there already. What else the service knows of it stays as it is.
    ///
    /// # Errors
    /// [`Trouble`]. After [`Trouble::TimedOut`], [`Trouble::Unreachable`] and [`Trouble::Failed`] it may be set all the
    /// same.
    pub async fn set(
        &self,
        repository: &Repository,
        secret: &Secret,
        value: &SecretString,
    ) -> Result<(), Trouble> {
        match repository.service {
            Service::GitHub => github::set(self, repository, secret, value).await,
            Service::GitLab => gitlab::set(self, repository, secret, value).await,
        }
    }

    /// A repository on this machine may name any host as its own. One that the user is not signed in to is not asked.
    async fn check_host(&self, repository: &Repository) -> Result<(), Trouble> {
        let service = repository.service;
        if repository.host == service.usual_host() {
            return Ok(());
        }
        let arguments = ["auth", "status", "--hostname", repository.host.as_str()];
        match self.run(service, &arguments, None).await {
            Err(Trouble::Failed | Trouble::NoRights(_)) => Err(Trouble::NotSignedIn),
            other => other.map(|_| ()),
        }
    }
}
