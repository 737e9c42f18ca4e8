//! The checklist for what no program on this machine can see, ticked by the user and kept with the key until it is
//! gone.
//!
//! It decides nothing: no tick lowers what a deletion asks for. Left out: the tables (`kept`).

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::error::UiError;
use crate::base::ids::{AccountId, KeyRequest};
use crate::context::Context;
use crate::records::accounts;
use crate::usage::kept;

/// A kind of place that no program on this machine can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum UnseenPlace {
    /// Zapier, Make and their like.
    AutomationServices,
    /// Secrets at a host of repositories or pipelines.
    RemoteCi,
    /// Variables at a host of applications.
    Hosting,
    /// Other machines and servers.
    OtherMachines,
    /// Other people who were given the token.
    OtherPeople,
}

/// A line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    /// Which one.
    pub place: UnseenPlace,
    /// In a few words.
    pub title: String,
    /// What to look at, in one sentence.
    pub hint: String,
    /// When the user ticked it; none when it is not ticked.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub ticked_at: Option<Timestamp>,
}

/// What only a user can look after, for one key. Kept until the key is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Checklist {
    /// In the order in which they are shown.
    pub items: Vec<ChecklistItem>,
}

/// Tick a line of the checklist, or take the tick away.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TickRequest {
    /// Whose key.
    pub account: AccountId,
    /// The key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// The line.
    pub place: UnseenPlace,
    /// Whether it is to be ticked.
    pub ticked: bool,
}

/// Each place, its name in the database, its title and what to look at.
const ITEMS: [(UnseenPlace, &str, &str, &str); 5] = [
    (
        UnseenPlace::AutomationServices,
        "automation_services",
        "Zapier, Make and other services",
        "Look at the connections and the steps that call PulseAPI.",
    ),
    (
        UnseenPlace::RemoteCi,
        "remote_ci",
        "Secrets of hosted CI/CD",
        "Look at the secrets of repositories, organisations and environments, at GitHub or GitLab for example.",
    ),
    (
        UnseenPlace::Hosting,
        "hosting",
        "Variables where your applications run",
        "Look at the environment settings of each host, container platform and cloud function.",
    ),
    (
        UnseenPlace::OtherMachines,
        "other_machines",
        "Other machines and servers",
        "Search there too, for the last 8 characters of the token.",
    ),
    (
        UnseenPlace::OtherPeople,
        "other_people",
        "Other people",
        "Ask those who may have been given the token.",
    ),
];

/// The checklist of a key.
///
/// # Errors
/// When the account is not known, or the database fails.
pub(crate) async fn checklist(ctx: &Context, request: &KeyRequest) -> Result<Checklist, UiError> {
    checklist_after(ctx, request.account, &request.key, None).await
}

/// Ticks a line, or takes its tick away.
///
/// # Errors
/// When the account is not known, or the database fails; nothing has changed then.
pub(crate) async fn tick_checklist(
    ctx: &Context,
    request: &TickRequest,
) -> Result<Checklist, UiError> {
    let change = (request.place, request.ticked.then(|| ctx.now()));
    checklist_after(ctx, request.account, &request.key, Some(change)).await
}

async fn checklist_after(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    change: Option<(UnseenPlace, Option<Timestamp>)>,
) -> Result<Checklist, UiError> {
    accounts::find(ctx, account)?;
    let (account, key) = (account.0.to_string(), key.as_str().to_owned());
    let ticks = ctx
        .database
        .run(move |transaction| {
            if let Some((place, at)) = change {
                kept::tick(transaction, &account, &key, name(place), at)?;
            }
            kept::ticks(transaction, &account, &key)
        })
        .await?;
    let items = ITEMS.map(|(place, name, title, hint)| {
        let tick = ticks.iter().find(|(ticked, _)| ticked == name);
        ChecklistItem {
            place,
            title: title.to_owned(),
            hint: hint.to_owned(),
            ticked_at: tick.and_then(|(_, at)| at.parse().ok()),
        }
    });
    Ok(Checklist {
        items: items.to_vec(),
    })
}

fn name(place: UnseenPlace) -> &'static str {
    ITEMS
        .iter()
        .find(|(of, ..)| *of == place)
        .map_or("", |(_, name, ..)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_name_of_its_own() {
        for (place, expected, ..) in ITEMS {
            assert_eq!(name(place), expected);
            assert_eq!(serde_json::to_value(place).unwrap(), expected);
        }
    }
}
