//! The shapes of the answers as the server sends them, and how each becomes a type of `model`.

use serde::Deserialize;

use crate::id::{KeyId, TeamId, UserId};
use crate::model::{Ability, ApiKey, Team, TeamMembership, User};
use crate::server_time::ServerTime;

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
    #[serde(default)]
    last_used_at: ServerTime,
    #[serde(default)]
    created_at: ServerTime,
    #[serde(default)]
    rotated_at: ServerTime,
}

#[derive(Deserialize)]
pub(crate) struct WireAbility {
    name: String,
    description: Option<String>,
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
            last_used_at: key.last_used_at.time(),
            last_use_reported: key.last_used_at.is_reported(),
            created_at: key.created_at.time(),
            rotated_at: key.rotated_at.time(),
            rotation_reported: key.rotated_at.is_reported(),
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
