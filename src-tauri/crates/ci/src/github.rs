//! What `gh` is asked. Names come from the API itself: `gh secret list` prints them in another form in each version, and
//! older ones without a time.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use crate::repository::Repository;
use crate::secret::Secret;
use crate::service::Service;
use crate::tools::Tools;
use crate::trouble::Trouble;

#[derive(Deserialize)]
struct Page {
    secrets: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    updated_at: Option<Timestamp>,
}

pub(crate) async fn secrets(
    tools: &Tools,
    repository: &Repository,
) -> Result<Vec<Secret>, Trouble> {
    let path = format!("repos/{}/actions/secrets?per_page=100", repository.path);
    let arguments = ["api", "--hostname", &repository.host, "--paginate", &path];
    let printed = tools.run(Service::GitHub, &arguments, None).await?;
    read(&printed)
}

/// One answer after the other, a page each.
fn read(printed: &str) -> Result<Vec<Secret>, Trouble> {
    let pages = serde_json::Deserializer::from_str(printed).into_iter::<Page>();
    let pages: Result<Vec<Page>, _> = pages.collect();
    let pages = pages.map_err(|_| Trouble::Failed)?;
    if pages.is_empty() {
        return Err(Trouble::Failed);
    }
    let listed = pages.into_iter().flat_map(|page| page.secrets);
    let secrets = listed
        .filter(|listed| is_name(&listed.name))
        .map(|listed| Secret {
            name: listed.name,
            scope: None,
            updated_at: listed.updated_at,
            is_masked: None,
        });
    Ok(secrets.collect())
}

pub(crate) async fn set(
    tools: &Tools,
    repository: &Repository,
    secret: &Secret,
    value: &SecretString,
) -> Result<(), Trouble> {
    let place = format!("{}/{}", repository.host, repository.path);
    // Without `--body` it reads the value from its standard input, and encrypts it before it sends it.
    let arguments = ["secret", "set", &secret.name, "--repo", &place];
    tools.run(Service::GitHub, &arguments, Some(value)).await?;
    Ok(())
}

/// As GitHub and GitLab allow names: nothing that a program could take for an option.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_what_is_no_name_is_left_out() {
        let page = |name: &str| {
            format!(
                r#"{{"total_count": 2, "secrets": [{{"name": "{name}", "created_at": "2024-01-01T00:00:00Z", "updated_at": "2025-01-01T00:00:00Z"}}]}}"#
            )
        };
        let names = |printed: &str| -> Vec<String> {
            let secrets = read(printed).unwrap().into_iter();
            secrets.map(|secret| secret.name).collect()
        };
        assert_eq!(names(&(page("A") + &page("B"))), ["A", "B"]);
        assert_eq!(names(&page("--help")), [""; 0]);
        assert_eq!(names(r#"{"total_count": 0, "secrets": []}"#), [""; 0]);
        for printed in ["", "no JSON", r#"{"message": "x"}"#] {
            assert_eq!(read(printed), Err(Trouble::Failed), "{printed}");
        }
    }
}
