//! The abilities that a key can have (assumed; the names follow Sanctum's custom).

/// Allows to read monitors and their checks.
pub(crate) const MONITORS_READ: &str = "monitors:read";
/// Allows to read incidents.
pub(crate) const INCIDENTS_READ: &str = "incidents:read";
/// Allows to list, create, rotate and delete keys.
pub(crate) const API_KEYS_MANAGE: &str = "api-keys:manage";
/// Stands for every ability.
pub(crate) const ALL: &str = "*";

/// Every ability with one line of meaning, in the order in which a form should offer them.
pub(crate) const CATALOGUE: [(&str, &str); 9] = [
    (MONITORS_READ, "See monitors and their check history"),
    ("monitors:write", "Create, change and delete monitors"),
    ("checks:run", "Trigger a check by hand"),
    (INCIDENTS_READ, "See incidents"),
    ("alerts:read", "See alert rules and notification channels"),
    (
        "alerts:write",
        "Change alert rules and notification channels",
    ),
    ("team:read", "See team members and projects"),
    ("team:write", "Invite, change and remove team members"),
    (API_KEYS_MANAGE, "List, create, rotate and delete API keys"),
];

/// Whether a key may be given this ability.
pub(crate) fn exists(name: &str) -> bool {
    name == ALL || CATALOGUE.iter().any(|(known, _)| *known == name)
}

/// Whether a key with the abilities `held` may do what needs `wanted`.
pub(crate) fn covers(held: &[String], wanted: &str) -> bool {
    held.iter()
        .any(|ability| ability == ALL || ability == wanted)
}
