//! An object of an answer with our names in place of the server's, and nothing else of it.
//!
//! What has no name of ours is passed over while it is read, so that no copy of a token is kept that stands beside.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::profile::{Names, Profile};

/// Our names of the fields that hold teams.
const OF_TEAMS: [&str; 3] = ["team", "current_team", "teams"];

/// Our name for what a record stands in.
pub(crate) const RECORD: &str = "data";

/// What kind of object is read.
#[derive(Clone, Copy)]
pub(crate) enum Kind<'a> {
    /// What a record stands in, if anything.
    Around(&'a Names),
    /// A record with these names.
    Record(&'a Names),
    /// A team.
    Team,
}

/// Reads one.
#[derive(Clone, Copy)]
pub(crate) struct Picked<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) kind: Kind<'a>,
}

impl<'a> Picked<'a> {
    /// A record with these names.
    pub(crate) fn record(profile: &'a Profile, names: &'a Names) -> Self {
        let kind = Kind::Record(names);
        Self { profile, kind }
    }

    /// What we call a field, and what is in it if that is an object of a kind that is known.
    fn field(&self, theirs: &str) -> Option<(&'a str, Option<Self>)> {
        let inside = |kind| Some(Self { kind, ..*self });
        match self.kind {
            Kind::Around(names) => {
                let is_record = theirs == self.profile.answers.record;
                is_record.then(|| (RECORD, inside(Kind::Record(names))))
            }
            Kind::Record(names) => {
                let ours = names.ours(theirs)?;
                let is_of_team = OF_TEAMS.contains(&ours);
                Some((ours, is_of_team.then(|| inside(Kind::Team)).flatten()))
            }
            Kind::Team => Some((self.profile.team.ours(theirs)?, None)),
        }
    }

    /// A path in our names, as the server names it: `data[3].lastEight`.
    pub(crate) fn told(&self, path: &str) -> String {
        let mut kind = Some(*self);
        let theirs = path.split('.').map(|segment| {
            let (name, index) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
            let Some(here) = kind else {
                return segment.to_owned();
            };
            let names = match here.kind {
                Kind::Around(names) | Kind::Record(names) => names,
                Kind::Team => &self.profile.team,
            };
            if name.is_empty() {
                return segment.to_owned();
            }
            kind = OF_TEAMS.contains(&name).then_some(Self {
                kind: Kind::Team,
                ..*self
            });
            format!("{}{index}", names.theirs(name))
        });
        theirs.collect::<Vec<_>>().join(".")
    }
}

impl<'de> DeserializeSeed<'de> for Picked<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Picked<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(theirs) = map.next_key::<String>()? {
            match self.field(&theirs) {
                Some((ours, inside)) => {
                    let value = match inside {
                        Some(inside) => map.next_value_seed(inside)?,
                        None => map.next_value()?,
                    };
                    fields.insert(ours.to_owned(), value);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Value::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            all.push(value);
        }
        Ok(Value::Array(all))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
}
