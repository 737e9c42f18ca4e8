//! What the unit tests of this crate share.

use pulseapi::{ApiKey, KeyId};

use crate::base::database::Database;
use crate::records::key::KeyRow;

/// A database of its own, with the folder that it lives as long as.
pub(crate) fn database() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let opened = Database::open(
        &folder.path().join("test.sqlite"),
        jiff::Timestamp::UNIX_EPOCH,
    )
    .unwrap();
    (folder, opened.database)
}

/// A plain row.
pub(crate) fn row(id: &str, name: &str) -> KeyRow {
    KeyRow {
        id: KeyId::parse(id).unwrap(),
        name: name.to_owned(),
        last_eight: "ab12cd34".to_owned(),
        abilities: vec!["monitors:read".to_owned()],
        team: None,
        last_used_at: None,
        last_use_known: true,
        created_at: None,
        rotated_at: None,
        rotation_known: true,
        own: false,
        noted_at: None,
    }
}

/// A plain key as the client gives it.
pub(crate) fn api_key(id: &str, name: &str) -> ApiKey {
    ApiKey {
        id: KeyId::parse(id).unwrap(),
        name: name.to_owned(),
        last_eight: "ab12cd34".to_owned(),
        abilities: vec![],
        team: None,
        last_used_at: None,
        last_use_reported: true,
        created_at: None,
        rotated_at: None,
        rotation_reported: true,
    }
}
