//! What the programs that set the secrets of pipelines are called with, and how they may end. Scripts stand in their place:
//! for a `gh` whose arguments are read, that refuses or that hangs, and for `glab`, which Debian 12 does not have.

use std::fs;
use std::path::Path;
use std::time::Duration;

use pulse_keys_core::view::SearchTier;
use secrecy::ExposeSecret as _;
use support::github::{environment, fake_program};

use crate::ci_secrets::{NAME, Rotated, of, rotated};
use crate::usage_home::{begin, put, search};

impl Rotated {
    /// A script in the place of a program, and nothing else but the system's own.
    fn has_fake(&self, name: &str, script: &str, timeout: Duration) {
        let programs = fake_program(self.programs.path(), name, script);
        let path = format!("{}:/usr/bin:/bin", programs.display());
        let mut environment = environment(&path.into(), self.programs.path());
        environment.push(("FAKE".into(), self.programs.path().into()));
        self.has(environment, timeout);
    }

    fn fake_wrote(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.programs.path().join(file)).ok()
    }
}

/// Prints a list of secrets, and takes what it is given. What it was called with and in is in files beside it.
const FAKE_GH: &str = r#"tr '\0' '\n' < /proc/$$/cmdline >> "$FAKE/arguments"
tr '\0' '\n' < /proc/$$/environ >> "$FAKE/environment"
case "$1" in
api) printf '{"secrets": [{"name": "PULSE_API_KEY", "updated_at": "2024-05-02T08:00:00Z"}]}' ;;
secret) cat > "$FAKE/input" ;;
esac"#;

#[tokio::test]
async fn the_token_is_in_no_argument_and_no_variable() {
    let rotated = rotated().await;
    rotated.has_fake("gh", FAKE_GH, Duration::from_secs(30));
    let listed = rotated.list().await;
    let set = rotated.done(&[of(&listed, "ada/shop", NAME)]).await;
    assert_eq!(set.results[0].message, "It has the token, as gh says.");
    assert_eq!(
        rotated.fake_wrote("input").as_deref(),
        Some(rotated.new.expose_secret())
    );
    let (arguments, variables) = (
        rotated.fake_wrote("arguments").unwrap(),
        rotated.fake_wrote("environment").unwrap(),
    );
    assert!(
        arguments.contains("secret\nset\nPULSE_API_KEY\n--repo\ngithub.com/ada/shop\n"),
        "{arguments}"
    );
    assert!(variables.contains("GH_PROMPT_DISABLED=1"), "{variables}");
    for text in [&arguments, &variables] {
        assert!(!text.contains(rotated.body()), "{text}");
    }
}

#[tokio::test]
async fn a_program_that_hangs_is_ended_and_nobody_claims_to_know() {
    let rotated = rotated().await;
    let script = FAKE_GH.replace(
        "secret) cat > \"$FAKE/input\" ;;",
        "secret) echo $$ > \"$FAKE/pid\"; exec sleep 600 ;;",
    );
    rotated.has_fake("gh", &script, Duration::from_secs(2));
    let listed = rotated.list().await;
    let set = rotated.done(&[of(&listed, "ada/shop", NAME)]).await;
    let result = &set.results[0];
    assert!(!result.done, "{result:?}");
    assert!(
        result
            .message
            .contains("It is not known whether it has the token"),
        "{result:?}"
    );
    assert_eq!(
        result.command.as_deref(),
        Some("gh secret set PULSE_API_KEY --repo github.com/ada/shop")
    );
    let pid = rotated.fake_wrote("pid").unwrap();
    assert!(
        !Path::new("/proc").join(pid.trim()).exists(),
        "it was ended"
    );
}

#[tokio::test]
async fn a_refusal_of_the_value_says_that_the_old_one_is_there() {
    let rotated = rotated().await;
    let script = FAKE_GH.replace(
        "secret) cat > \"$FAKE/input\" ;;",
        "secret) cat > /dev/null; echo 'failed to set secret: HTTP 403: Resource not accessible' >&2; exit 1 ;;",
    );
    rotated.has_fake("gh", &script, Duration::from_secs(30));
    let listed = rotated.list().await;
    let set = rotated.done(&[of(&listed, "ada/shop", NAME)]).await;
    let result = &set.results[0];
    assert!(!result.done, "{result:?}");
    assert!(
        result
            .message
            .starts_with("It has its old value. github.com answers 403"),
        "{result:?}"
    );
    assert_eq!(
        result.command.as_deref(),
        Some("gh auth refresh --hostname github.com --scopes repo")
    );
}

/// As `glab api` answers for a masked variable and one of a single environment.
const FAKE_GLAB: &str = r#"printf '%s\n' "$@" >> "$FAKE/arguments"
case "$2" in
graphql) printf '{"data": {"currentUser": {"username": "ada"}, "project": {"ciVariables": {"nodes": [
{"key": "PULSE_API_KEY", "environmentScope": "*", "masked": true},
{"key": "PULSE_API_KEY", "environmentScope": "review/*", "masked": false}]}}}}' ;;
projects/*) cat > "$FAKE/input"; if [ -e "$FAKE/refuse" ]; then echo 'glab: value is invalid (HTTP 400)' >&2; exit 1; fi ;;
esac"#;

#[tokio::test]
async fn a_variable_of_gitlab_is_set_by_its_value_alone() {
    let (world, account, key) = begin().await;
    let token = key.token.expose_secret();
    put(&world, "shop/.env", &format!("{NAME}={token}\n"));
    put(
        &world,
        "shop/.gitlab-ci.yml",
        "deploy:\n  script: ./deploy $PULSE_API_KEY $CI_JOB_ID\n",
    );
    put(
        &world,
        "shop/.git/config",
        "[remote \"origin\"]\n\turl = https://gitlab.com/team/sub/shop.git\n",
    );
    search(&world, account, &[key.id], SearchTier::Folders).await;
    let token = world.rotated(account, key.id).await;
    let new = world.reveal(token.id).await;
    let rotated = Rotated {
        world,
        token,
        new,
        programs: tempfile::tempdir().unwrap(),
    };
    rotated.has_fake("glab", FAKE_GLAB, Duration::from_secs(30));
    let listed = rotated.list().await;
    let secrets = &listed.repositories[0].secrets;
    let told: Vec<_> = secrets
        .iter()
        .map(|secret| (secret.scope.as_deref(), secret.updated_at))
        .collect();
    assert_eq!(told, [(None, None), (Some("review/*"), None)]);

    let set = rotated.done(&[&secrets[1]]).await;
    assert_eq!(set.results[0].message, "It has the token, as glab says.");
    assert_eq!(set.results[0].name, "PULSE_API_KEY (review/*)");
    assert_eq!(
        rotated.fake_wrote("input").as_deref(),
        Some(rotated.new.expose_secret())
    );
    let arguments = rotated.fake_wrote("arguments").unwrap();
    assert!(
        arguments.contains(
            "projects/team%2Fsub%2Fshop/variables/PULSE_API_KEY?filter%5Benvironment_scope%5D=review%2F%2A\n--method\nPUT\n"
        ),
        "{arguments}"
    );
    // Whether it is masked, protected or a file is not said, and so stays.
    assert!(
        !arguments.contains("masked=") && !arguments.contains("protected="),
        "{arguments}"
    );

    // A masked variable takes no token with a bar in it where GitLab is old.
    fs::write(rotated.programs.path().join("refuse"), "").unwrap();
    let listed = rotated.list().await;
    let set = rotated.done(&[&listed.repositories[0].secrets[0]]).await;
    let result = &set.results[0];
    assert!(
        !result.done && result.message.contains("masked"),
        "{result:?}"
    );
}
