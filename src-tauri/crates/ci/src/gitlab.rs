//! What `glab` is asked. Names and properties come from GraphQL, since it alone gives them without the values. Setting one
//! names the value only, so that whether it is masked, protected or a file stays as it is: `glab variable update` of many
//! versions sends its own defaults for what is not named.

use secrecy::SecretString;
use serde::Deserialize;

use crate::github::is_name;
use crate::repository::Repository;
use crate::secret::Secret;
use crate::service::Service;
use crate::tools::Tools;
use crate::trouble::Trouble;

#[derive(Deserialize)]
struct Answer {
    data: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    current_user: Option<serde_json::Value>,
    project: Option<Project>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    ci_variables: Option<Variables>,
}

#[derive(Deserialize)]
struct Variables {
    nodes: Vec<Variable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    key: String,
    environment_scope: Option<String>,
    masked: Option<bool>,
}

pub(crate) async fn secrets(
    tools: &Tools,
    repository: &Repository,
) -> Result<Vec<Secret>, Trouble> {
    // Its name is of letters, digits, dots, dashes and underscores: nothing ends the text early.
    let query = format!(
        "query=query {{ currentUser {{ username }} project(fullPath: \"{}\") {{ ciVariables(first: 100) {{ nodes {{ key environmentScope masked }} }} }} }}",
        repository.path
    );
    let arguments = [
        "api",
        "graphql",
        "--hostname",
        &repository.host,
        "--raw-field",
        &query,
    ];
    let printed = tools.run(Service::GitLab, &arguments, None).await?;
    read(&printed)
}

fn read(printed: &str) -> Result<Vec<Secret>, Trouble> {
    let answer: Answer = serde_json::from_str(printed).map_err(|_| Trouble::Failed)?;
    let data = answer.data.ok_or(Trouble::Failed)?;
    if data.current_user.is_none() {
        return Err(Trouble::NotSignedIn);
    }
    // It says no more of what one may not see.
    let variables = data.project.and_then(|project| project.ci_variables);
    let variables = variables.ok_or(Trouble::NoRights(404))?;
    let named = variables.nodes.into_iter().filter(|variable| {
        let scope = variable.environment_scope.as_deref();
        is_name(&variable.key) && scope.is_none_or(is_scope)
    });
    let secrets = named.map(|variable| Secret {
        name: variable.key,
        scope: variable.environment_scope.filter(|scope| scope != "*"),
        updated_at: None,
        is_masked: variable.masked,
    });
    Ok(secrets.collect())
}

pub(crate) async fn set(
    tools: &Tools,
    repository: &Repository,
    secret: &Secret,
    value: &SecretString,
) -> Result<(), Trouble> {
    let project = repository.path.replace('/', "%2F");
    let scope = escaped(secret.scope.as_deref().unwrap_or("*"));
    let path = format!(
        "projects/{project}/variables/{}?filter%5Benvironment_scope%5D={scope}",
        secret.name
    );
    // The value is read from standard input. The answer has it too, and is not printed.
    let arguments = [
        "api",
        &path,
        "--method",
        "PUT",
        "--hostname",
        &repository.host,
        "--field",
        "value=@-",
        "--silent",
    ];
    tools.run(Service::GitLab, &arguments, Some(value)).await?;
    Ok(())
}

/// As GitLab allows scopes.
fn is_scope(scope: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_/${}. *".contains(c);
    !scope.is_empty() && scope.len() <= 255 && scope.chars().all(is_plain)
}

fn escaped(scope: &str) -> String {
    let bytes = scope.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_with_their_scope_and_what_is_not_to_be_seen_is_told() {
        let user = r#""currentUser": {"username": "ada"}"#;
        let read = |data: &str| read(&format!(r#"{{"data": {{{data}}}}}"#));
        let variables = read(&format!(
            r#"{user}, "project": {{"ciVariables": {{"nodes": [
                {{"key": "A", "environmentScope": "*", "masked": true}},
                {{"key": "A", "environmentScope": "prod/*", "masked": false}},
                {{"key": "-x", "environmentScope": "*", "masked": false}}]}}}}"#
        ));
        let told: Vec<_> = variables
            .unwrap()
            .into_iter()
            .map(|secret| (secret.name, secret.scope, secret.is_masked))
            .collect();
        let of =
            |scope: Option<&str>, masked| ("A".to_owned(), scope.map(str::to_owned), Some(masked));
        assert_eq!(told, [of(None, true), of(Some("prod/*"), false)]);
        assert_eq!(
            read(&format!(r#"{user}, "project": null"#)),
            Err(Trouble::NoRights(404))
        );
        assert_eq!(
            read(&format!(r#"{user}, "project": {{"ciVariables": null}}"#)),
            Err(Trouble::NoRights(404))
        );
        assert_eq!(
            read(r#""currentUser": null, "project": null"#),
            Err(Trouble::NotSignedIn)
        );
        assert_eq!(escaped("prod/*"), "prod%2F%2A");
    }
}
