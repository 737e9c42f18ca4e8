//! Ids as the service gives them: opaque, a number or a string on the wire, a string here.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// The longest id that is accepted, in bytes.
const MAX_ID_BYTES: usize = 128;

/// A text that can't be an id, because it could not be one segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an id is 1 to 128 printable characters, and neither . nor ..")]
pub struct IdError;

fn check(id: &str) -> Result<String, IdError> {
    // A segment of dots would climb out of its place: DELETE /api-keys/.. is another call.
    let climbs = matches!(id, "." | "..");
    let printable = id.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if id.is_empty() || id.len() > MAX_ID_BYTES || climbs || !printable {
        return Err(IdError);
    }
    Ok(id.to_owned())
}

struct NumberOrString;

impl Visitor<'_> for NumberOrString {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id, as a number or a string")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        check(text).map_err(E::custom)
    }
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Reads an id that was written down before.
            pub fn parse(id: &str) -> Result<Self, IdError> {
                check(id).map(Self)
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(NumberOrString).map(Self)
            }
        }
    };
}

id!(
    /// The id of an API key's record. It stays when the key is rotated.
    KeyId
);
id!(
    /// The id of a team.
    TeamId
);
id!(
    /// The id of a user's account at the service.
    UserId
);
