//! Setting the secrets of CI pipelines: which repositories are shown, what their services are asked, what arrives, and that
//! nothing does without a tick and a yes.
//!
//! GitHub is asked by Debian's real `gh`, which talks to a small server through a socket (`support::github`). Left out: what
//! needs a script in its place (`ci_programs`).

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ci::Tools;
use pulse_keys_core::view::{
    CiSecret, CiSecrets, CiSecretsSet, SearchTier, SetCiOutcome, SetCiSecretsRequest,
    TokenInCustody,
};
use secrecy::{ExposeSecret as _, SecretString};
use support::github::{GitHub, environment, repository};
use tempfile::TempDir;

use crate::usage_home::{begin, put, search, snapshot};
use crate::world::{World, request};

pub(crate) const NAME: &str = "PULSE_API_KEY";

/// A rotated key whose token was found in `shop/.env`, and a folder for programs.
pub(crate) struct Rotated {
    pub(crate) world: World,
    pub(crate) token: TokenInCustody,
    pub(crate) new: SecretString,
    pub(crate) programs: TempDir,
}

pub(crate) async fn rotated() -> Rotated {
    let (world, account, key) = begin().await;
    let home = world.home().to_owned();
    put(
        &world,
        "shop/.env",
        &format!("{NAME}={}\n", key.token.expose_secret()),
    );
    repository(&home.join("shop"), "ada/shop", &["DEPLOY_KEY", NAME]);
    // As the variable is called, without the token.
    repository(&home.join("code/worker"), "ada/worker", &[NAME]);
    // Others, which nothing speaks for.
    repository(&home.join("code/site"), "ada/site", &["DEPLOY_KEY"]);
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let before = world
        .app
        .ci_repositories_before_rotation(&request(account, key.id))
        .await
        .unwrap();
    assert_eq!(before.repositories.len(), 2, "{before:?}");
    let token = world.rotated(account, key.id).await;
    let new = world.reveal(token.id).await;
    Rotated {
        world,
        token,
        new,
        programs: tempfile::tempdir().unwrap(),
    }
}

impl Rotated {
    /// With the real `gh`, signed in to a server that has secrets.
    pub(crate) async fn on_github() -> (Self, GitHub) {
        let rotated = rotated().await;
        let github = GitHub::start(rotated.programs.path());
        for name in ["AWS_KEY", "DEPLOY_KEY", NAME] {
            github.add("ada/shop", name);
        }
        github.add("ada/worker", NAME);
        rotated.has(github.environment(), Duration::from_secs(30));
        (rotated, github)
    }

    pub(crate) fn has(&self, environment: Vec<(OsString, OsString)>, timeout: Duration) {
        *self.world.host.ci_tools.lock().unwrap() = Tools::new(environment, timeout);
    }

    pub(crate) async fn list(&self) -> CiSecrets {
        self.world.app.ci_secrets(self.token.id).await.unwrap()
    }

    pub(crate) async fn set(&self, secrets: &[&CiSecret]) -> SetCiOutcome {
        let request = SetCiSecretsRequest {
            token: self.token.id,
            secrets: secrets.iter().map(|secret| secret.id.clone()).collect(),
        };
        self.world.app.set_ci_secrets(&request).await.unwrap()
    }

    pub(crate) async fn done(&self, secrets: &[&CiSecret]) -> CiSecretsSet {
        match self.set(secrets).await {
            SetCiOutcome::Ended(set) => set,
            SetCiOutcome::Cancelled => panic!("it was cancelled"),
        }
    }

    pub(crate) fn body(&self) -> &str {
        self.new.expose_secret().split_once('|').unwrap().1
    }
}

pub(crate) fn of<'a>(listed: &'a CiSecrets, repository: &str, name: &str) -> &'a CiSecret {
    let mut repositories = listed.repositories.iter();
    let found = repositories
        .find(|of| of.repository.name == repository)
        .unwrap();
    let mut secrets = found.secrets.iter();
    secrets
        .find(|secret| secret.name == name)
        .unwrap_or_else(|| panic!("{listed:?}"))
}

pub(crate) fn puts(github: &GitHub) -> Vec<String> {
    let mut requests = github.requests();
    requests.retain(|request| !request.starts_with("GET "));
    requests
}

#[tokio::test]
async fn the_real_gh_sets_what_was_ticked_and_the_very_token_arrives() {
    let (rotated, github) = Rotated::on_github().await;
    let world = &rotated.world;
    let listed = rotated.list().await;
    let shop = &listed.repositories[0];
    assert_eq!(
        shop.repository.name, "ada/shop",
        "the token is in it: {listed:?}"
    );
    assert_eq!(shop.repository.short_path, "~/shop");
    let names: Vec<_> = shop
        .secrets
        .iter()
        .map(|secret| secret.name.as_str())
        .collect();
    assert_eq!(
        names,
        [NAME, "DEPLOY_KEY", "AWS_KEY"],
        "as called, as named, and the rest"
    );
    let secret = of(&listed, "ada/shop", NAME);
    assert!(secret.is_same_name && !of(&listed, "ada/shop", "DEPLOY_KEY").is_same_name);
    assert_eq!(secret.places, [".github/workflows/deploy.yml:4"]);
    let set_before = support::github::SET_BEFORE.parse().unwrap();
    assert_eq!(secret.updated_at, Some(set_before));
    assert_eq!(puts(&github), [""; 0], "to list sets nothing");

    let chosen = [secret, of(&listed, "ada/worker", NAME)];
    let set = rotated.done(&chosen).await;

    assert_eq!(set.message, "The token is in 2 CI secrets.", "{set:?}");
    assert!(
        set.results
            .iter()
            .all(|result| result.message.contains("shows that it was set at"))
    );
    for repository in ["ada/shop", "ada/worker"] {
        let value = github.value(repository, NAME).unwrap();
        assert_eq!(value, rotated.new.expose_secret(), "{repository}");
    }
    assert_eq!(github.value("ada/shop", "DEPLOY_KEY"), None);
    let question = world.questions().pop().unwrap();
    assert_eq!(
        question.headline,
        "Set 2 CI secrets to the token of “Old importer”?"
    );
    assert_eq!(question.yes, "Set 2 CI secrets");
    assert_eq!(
        question.paragraphs[0],
        "PULSE_API_KEY of ada/shop on github.com\nPULSE_API_KEY of ada/worker on github.com"
    );
    assert!(
        question.paragraphs[1].contains("gh sends it to github.com"),
        "{question:?}"
    );
    assert_eq!(
        world.journalled("set_secret").await,
        [
            "to be set: PULSE_API_KEY of ada/shop on github.com, PULSE_API_KEY of ada/worker on github.com",
            "set: PULSE_API_KEY of ada/shop on github.com",
            "set: PULSE_API_KEY of ada/worker on github.com"
        ]
    );
    for folder in [
        world.folders().data(),
        world.folders().config(),
        &github.configuration(),
    ] {
        assert_eq!(holding(folder, rotated.body()), [] as [PathBuf; 0]);
    }
}

/// Every file that holds a text.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let holds = |content: &[u8]| {
        content
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    let files = snapshot(folder).into_iter();
    files
        .filter(|(_, (content, _))| holds(content))
        .map(|(path, _)| path)
        .collect()
}

#[tokio::test]
async fn nobody_is_asked_before_the_user_wants_it_and_nothing_is_sent_without_a_tick_and_a_yes() {
    let (rotated, github) = Rotated::on_github().await;
    let app = &rotated.world.app;
    let repositories = app
        .ci_repositories(rotated.token.id)
        .await
        .unwrap()
        .repositories;
    let told: Vec<_> = repositories
        .iter()
        .map(|repository| (repository.name.as_str(), repository.why.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "ada/shop",
                "The token was found in it, and its workflows name PULSE_API_KEY."
            ),
            (
                "ada/worker",
                "Its workflows name PULSE_API_KEY, as the variable is called that holds the token."
            )
        ]
    );
    assert_eq!(github.requests(), [""; 0], "this machine tells that");

    let nothing = SetCiSecretsRequest {
        token: rotated.token.id,
        secrets: Vec::new(),
    };
    let listed = rotated.list().await;
    let error = app.set_ci_secrets(&nothing).await.unwrap_err();
    assert!(error.message.contains("Nothing was sent"), "{error:?}");
    assert_eq!(rotated.world.questions().len(), 1, "that of the rotation");

    rotated.world.says_no();
    let listed_again = rotated.list().await;
    assert_eq!(listed_again, listed);
    let secret = of(&listed, "ada/shop", NAME);
    assert_eq!(rotated.set(&[secret]).await, SetCiOutcome::Cancelled);
    rotated.world.says(pulse_keys_core::host::Reply::Yes);
    let used_up = SetCiSecretsRequest {
        token: rotated.token.id,
        secrets: vec![secret.id.clone()],
    };
    let error = app.set_ci_secrets(&used_up).await.unwrap_err();
    assert!(error.message.contains("not the newest"), "{error:?}");
    assert_eq!(puts(&github), [""; 0]);
    assert_eq!(rotated.world.journalled("set_secret").await, [""; 0]);
}

#[tokio::test]
async fn what_somebody_changes_while_the_question_is_on_screen_is_left_alone() {
    let (rotated, github) = Rotated::on_github().await;
    let listed = rotated.list().await;
    let github = std::sync::Arc::new(github);
    rotated.world.meanwhile({
        let github = std::sync::Arc::clone(&github);
        move |_| {
            github.touch("ada/shop", NAME);
            github.remove("ada/shop", "DEPLOY_KEY");
        }
    });
    let chosen = [
        of(&listed, "ada/shop", NAME),
        of(&listed, "ada/shop", "DEPLOY_KEY"),
    ];
    let set = rotated.done(&chosen).await;
    assert_eq!(
        set.message,
        "None of these secrets is known to have the token."
    );
    let told: Vec<_> = set
        .results
        .iter()
        .map(|result| result.message.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "Somebody set it since it was listed. Nothing was sent: list the secrets again.",
            "It is not there any more. Nothing was sent."
        ]
    );
    assert_eq!(puts(&github), [""; 0]);
    assert_eq!(
        rotated.world.journalled("set_secret").await,
        [
            "to be set: PULSE_API_KEY of ada/shop on github.com, DEPLOY_KEY of ada/shop on github.com",
            "not set: PULSE_API_KEY of ada/shop on github.com",
            "not set: DEPLOY_KEY of ada/shop on github.com"
        ]
    );
}

#[tokio::test]
async fn a_program_that_is_missing_not_signed_in_or_not_allowed_is_told_with_a_command() {
    let (rotated, github) = Rotated::on_github().await;
    let trouble = |listed: &CiSecrets| listed.repositories[0].trouble.clone().unwrap();

    github.answers(Some(403));
    let refused = trouble(&rotated.list().await);
    assert!(
        refused.message.contains("github.com answers 403"),
        "{refused:?}"
    );
    let command = refused.command.unwrap();
    assert_eq!(
        command,
        "gh auth refresh --hostname github.com --scopes repo"
    );
    github.answers(Some(401));
    let signed_out = trouble(&rotated.list().await);
    assert_eq!(signed_out.message, "gh is not signed in to github.com.");
    assert_eq!(
        signed_out.command.unwrap(),
        "gh auth login --hostname github.com"
    );
    github.answers(Some(502));
    assert!(trouble(&rotated.list().await).message.contains("502"));

    // The real one that was never signed in.
    fs::remove_file(github.configuration().join("hosts.yml")).unwrap();
    let never = trouble(&rotated.list().await);
    assert_eq!(never.message, "gh is not signed in to github.com.");

    let empty = rotated.programs.path().join("empty");
    rotated.has(
        environment(&empty.into(), rotated.programs.path()),
        Duration::from_secs(30),
    );
    let missing = trouble(&rotated.list().await);
    assert!(
        missing.message.starts_with("gh is not installed"),
        "{missing:?}"
    );
    assert!(missing.command.is_none_or(|command| command.contains("gh")));
    assert_eq!(puts(&github), [""; 0]);
}

#[tokio::test]
async fn a_service_that_refuses_after_the_yes_is_sent_nothing() {
    let (rotated, github) = Rotated::on_github().await;
    let github = std::sync::Arc::new(github);
    let listed = rotated.list().await;
    rotated.world.meanwhile({
        let github = std::sync::Arc::clone(&github);
        move |_| github.answers(Some(403))
    });
    let set = rotated.done(&[of(&listed, "ada/shop", NAME)]).await;
    let result = &set.results[0];
    assert!(
        !result.done && result.message.starts_with("Nothing was sent."),
        "{result:?}"
    );
    assert!(result.command.is_some());
    assert_eq!(set.message, "The secret is not known to have the token.");
}
