//! The shapes of the answers as the server sends them, and how each becomes a type of `model`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Ability, ApiKey, KeyId, Team, TeamId, TeamMembership, User, UserId};

#[derive(Deserialize)]
pub(crate) struct WireTeam {
    id: TeamId,
    name: Option<String>,
    role: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct WireUser {
    id: UserId,
    name: Option<String>,
    email: Option<String>,
    plan: Option<String>,
    current_team: Option<WireTeam>,
    teams: Option<Vec<WireTeam>>,
}

#[derive(Deserialize)]
pub(crate) struct WireKey {
    id: KeyId,
    name: Option<String>,
    last_eight: String,
    abilities: Option<Vec<String>>,
    team: Option<WireTeam>,
    /// Outside: whether the field is there. Inside: whether it holds a time.
    #[serde(default, deserialize_with = "present_time")]
    last_used_at: Option<Option<Timestamp>>,
    #[serde(default, deserialize_with = "time")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    rotated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(crate) struct WireAbility {
    name: String,
    description: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Meta {
    #[serde(default, deserialize_with = "count")]
    pub(crate) last_page: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    pub(crate) total: Option<u32>,
}

#[derive(Deserialize)]
pub(crate) struct Links {
    /// Outside: whether the field is there. Inside: whether it names a page.
    #[serde(default, deserialize_with = "present")]
    pub(crate) next: Option<Option<Value>>,
}

impl From<WireTeam> for Team {
    fn from(team: WireTeam) -> Self {
        Self {
            id: team.id,
            name: team.name.unwrap_or_default(),
        }
    }
}

impl From<WireTeam> for TeamMembership {
    fn from(team: WireTeam) -> Self {
        Self {
            id: team.id,
            name: team.name.unwrap_or_default(),
            role: team.role,
        }
    }
}

impl From<WireUser> for User {
    fn from(user: WireUser) -> Self {
        Self {
            id: user.id,
            name: user.name.unwrap_or_default(),
            email: user.email.unwrap_or_default(),
            plan: user.plan,
            current_team: user.current_team.map(Team::from),
            teams: user
                .teams
                .into_iter()
                .flatten()
                .map(TeamMembership::from)
                .collect(),
        }
    }
}

impl From<WireKey> for ApiKey {
    fn from(key: WireKey) -> Self {
        Self {
            id: key.id,
            name: key.name.unwrap_or_default(),
            last_eight: key.last_eight,
            abilities: key.abilities.unwrap_or_default(),
            team: key.team.map(Team::from),
            last_used_at: key.last_used_at.flatten(),
            last_use_reported: key.last_used_at.is_some(),
            created_at: key.created_at,
            rotated_at: key.rotated_at,
        }
    }
}

impl From<WireAbility> for Ability {
    fn from(ability: WireAbility) -> Self {
        Self {
            name: ability.name,
            description: ability.description,
        }
    }
}

/// A field that is there, perhaps null.
fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

fn present_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Timestamp>>, D::Error> {
    time(deserializer).map(Some)
}

/// A time or null. RFC 3339 is what we expect; a date and time without an offset is UTC (how a
/// database column looks when it is passed on as it is), a number is Unix seconds.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let read = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::String(text) => instant(&text),
        Value::Number(seconds) => seconds
            .as_i64()
            .and_then(|seconds| Timestamp::from_second(seconds).ok()),
        _ => None,
    };
    read.map(Some).ok_or_else(|| D::Error::custom("not a time"))
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// A count. It only guides paging and progress, so that an odd one is as good as none.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let number = Value::deserialize(deserializer)?.as_u64();
    Ok(number.and_then(|number| u32::try_from(number).ok()))
}
