//! Secrets of CI pipelines, as the window sees them: names, times and places, never a value. The page names secrets of the
//! list that it was shown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::ids::CustodyId;

/// Who runs pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum CiService {
    /// GitHub, with the program `gh`.
    GitHub,
    /// GitLab, with the program `glab`.
    GitLab,
}

/// The repositories on this machine whose pipelines may use a key. Nobody but this machine was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiRepositories {
    /// Those that hold its token first.
    pub repositories: Vec<CiRepository>,
    /// Why there may be more, in a sentence; none where all were looked at.
    pub left_out: Option<String>,
}

/// A repository whose pipelines name secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiRepository {
    /// Names it; the same for the same repository.
    pub id: String,
    /// Who runs its pipelines.
    pub service: CiService,
    /// On which host.
    pub host: String,
    /// Its name there ("ada/shop").
    pub name: String,
    /// Where it is checked out, with `~` for the home folder.
    pub short_path: String,
    /// Why it is listed, in a sentence.
    pub why: String,
    /// The secrets that its workflows name: first those that are called as the variable that holds the token.
    pub named: Vec<CiNamed>,
}

/// A secret that workflows name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiNamed {
    /// Its name.
    pub name: String,
    /// Where: a workflow and its line.
    pub places: Vec<String>,
    /// Whether it is called as a variable that the token was found in.
    pub is_same_name: bool,
}

/// What the services say of these repositories' secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiSecrets {
    /// Each repository that was asked about.
    pub repositories: Vec<CiSecretsOfRepository>,
}

/// The secrets of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiSecretsOfRepository {
    /// Which one.
    pub repository: CiRepository,
    /// Those that can be set; first those that are called as the variable that holds the token.
    pub secrets: Vec<CiSecret>,
    /// What its list does not show, in a sentence.
    pub remark: Option<String>,
    /// Why there is no list.
    pub trouble: Option<CiTrouble>,
}

/// A secret, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiSecret {
    /// Names it in a request.
    pub id: String,
    /// Its name.
    pub name: String,
    /// For which environments it counts; none for all of them.
    pub scope: Option<String>,
    /// When it was set last; none where the service does not tell.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub updated_at: Option<Timestamp>,
    /// The workflows that name it, with their lines.
    pub places: Vec<String>,
    /// Whether it is called as a variable that the token was found in.
    pub is_same_name: bool,
}

/// What stands in the way, and what the user can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiTrouble {
    /// In a sentence or two.
    pub message: String,
    /// The command that helps, to be copied.
    pub command: Option<String>,
}

/// Set these secrets to a token.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SetCiSecretsRequest {
    /// Which token.
    pub token: CustodyId,
    /// Which secrets of the list that was shown last.
    pub secrets: Vec<String>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SetCiOutcome {
    /// The user did not say yes; nothing was sent.
    Cancelled,
    /// Each secret was set or not.
    Ended(CiSecretsSet),
}

/// What became of the secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CiSecretsSet {
    /// How many are set, in a sentence.
    pub message: String,
    /// Each secret.
    pub results: Vec<CiResult>,
}

/// What became of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CiResult {
    /// Which one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Of which repository ("ada/shop on github.com").
    pub repository: String,
    /// Whether it has the token.
    pub done: bool,
    /// What happened, and what it has now.
    pub message: String,
    /// The command with which the user can do it, to be copied.
    pub command: Option<String>,
}
