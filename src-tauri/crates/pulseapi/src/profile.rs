//! A contract as types: what `contract.toml` says, checked.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use reqwest::StatusCode;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use url::Url;

use crate::address::page_address;
use crate::endpoint::{Endpoint, check_path};
use crate::error::Error;
use crate::operation::Operation;

/// The longest name of a field, in bytes.
const MAX_NAME_BYTES: usize = 100;

/// The largest page that is asked for: the most that the service gives.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;

/// Everything that a contract says.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Profile {
    pub(crate) calls: Calls,
    pub(crate) address: Address,
    pub(crate) pages: Pages,
    pub(crate) answers: Answers,
    pub(crate) key: Names,
    pub(crate) user: Names,
    pub(crate) team: Names,
    pub(crate) ability: Names,
    pub(crate) new_key: Names,
}

impl Profile {
    /// The call that does this.
    ///
    /// # Errors
    /// `NotOffered`, where the contract says that there is none.
    pub(crate) fn call(&self, operation: Operation) -> Result<&Endpoint, Error> {
        let call = self.calls.get(operation);
        call.ok_or(Error::NotOffered { operation })
    }
}

/// Where the service has its API.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Address {
    pub(crate) prefixes: Vec<Prefix>,
    pub(crate) web_screen: WebScreen,
}

/// Where keys are managed in a browser.
#[derive(Clone, Debug)]
pub(crate) enum WebScreen {
    /// A path at the host of the account.
    Path(String),
    /// The same for all accounts.
    Address(Url),
}

impl<'de> Deserialize<'de> for WebScreen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.starts_with('/') {
            check_path(&text).map_err(de::Error::custom)?;
            if text.contains('{') {
                return Err(de::Error::custom("this screen has no {id} in it"));
            }
            return Ok(Self::Path(text));
        }
        page_address(&text)
            .map(Self::Address)
            .map_err(de::Error::custom)
    }
}

/// A path that a base may have.
#[derive(Clone, Debug)]
pub(crate) struct Prefix(pub(crate) String);

impl<'de> Deserialize<'de> for Prefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        check_path(&text).map_err(de::Error::custom)?;
        if text.contains('{') {
            return Err(de::Error::custom("a prefix has no {id} in it"));
        }
        Ok(Self(text))
    }
}

/// How lists go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PageBy {
    Number,
    Cursor,
}

/// Pages of lists: how they are asked for, and where an answer tells of them.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Pages {
    pub(crate) by: PageBy,
    #[serde(deserialize_with = "page_size")]
    pub(crate) size: u32,
    #[serde(deserialize_with = "name")]
    pub(crate) number_parameter: String,
    #[serde(deserialize_with = "name")]
    pub(crate) size_parameter: String,
    #[serde(deserialize_with = "name")]
    pub(crate) cursor_parameter: String,
    pub(crate) current_page: Places,
    pub(crate) last_page: Places,
    pub(crate) total: Places,
    pub(crate) has_more: Places,
    pub(crate) next_cursor: Places,
    pub(crate) next_address: Places,
}

/// What the parts of an answer stand in.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Answers {
    #[serde(deserialize_with = "name")]
    pub(crate) list: String,
    #[serde(deserialize_with = "name")]
    pub(crate) record: String,
    #[serde(deserialize_with = "names")]
    pub(crate) token: Vec<String>,
    #[serde(deserialize_with = "name")]
    pub(crate) message: String,
    #[serde(deserialize_with = "name")]
    pub(crate) errors: String,
    #[serde(deserialize_with = "successes")]
    pub(crate) deleted: Vec<StatusCode>,
}

/// Places in an answer at which one thing may stand.
#[derive(Clone, Debug)]
pub(crate) struct Places(Vec<Vec<String>>);

impl Places {
    /// What stands at each that is there, in their order.
    pub(crate) fn all<'a>(
        &'a self,
        fields: Option<&'a Map<String, Value>>,
    ) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter_map(move |place| {
            let (first, rest) = place.split_first()?;
            let value = fields?.get(first)?;
            rest.iter().try_fold(value, |value, name| value.get(name))
        })
    }

    /// What stands at the first that is there.
    pub(crate) fn first<'a>(&'a self, fields: Option<&'a Map<String, Value>>) -> Option<&'a Value> {
        self.all(fields).next()
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = one_or_several(deserializer)?;
        let place = |text: String| {
            let names: Vec<String> = text.split('.').map(str::to_owned).collect();
            match names.iter().find_map(|name| problem_of_name(name)) {
                Some(problem) => Err(de::Error::custom(problem)),
                None => Ok(names),
            }
        };
        texts
            .into_iter()
            .map(place)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// The names of the fields of one kind of object: to each of ours, the server's.
#[derive(Clone, Debug)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// What the server calls a field.
    pub(crate) fn theirs<'a>(&'a self, ours: &'a str) -> &'a str {
        self.0.get(ours).map_or(ours, String::as_str)
    }

    /// What we call a field of the server's; none where we know of no such field.
    pub(crate) fn ours(&self, theirs: &str) -> Option<&str> {
        let mut all = self.0.iter();
        all.find_map(|(ours, known)| (known == theirs).then_some(ours.as_str()))
    }

    /// Two of ours that stand at one place.
    pub(crate) fn ambiguous(&self) -> Option<(&str, &str)> {
        self.0.iter().find_map(|(ours, theirs)| {
            let other = self.ours(theirs)?;
            (other != ours).then_some((other, ours.as_str()))
        })
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Checked(String);
        impl<'de> Deserialize<'de> for Checked {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                name(deserializer).map(Self)
            }
        }
        let names = BTreeMap::<String, Checked>::deserialize(deserializer)?;
        Ok(Self(
            names
                .into_iter()
                .map(|(ours, theirs)| (ours, theirs.0))
                .collect(),
        ))
    }
}

/// The calls that there are.
#[derive(Clone, Debug)]
pub(crate) struct Calls(HashMap<Operation, Endpoint>);

impl Calls {
    pub(crate) fn get(&self, operation: Operation) -> Option<&Endpoint> {
        self.0.get(&operation)
    }

    /// Two writes that would be the same request, so that one would do the other's.
    pub(crate) fn same_writes(&self) -> Option<(Operation, Operation)> {
        let writes: Vec<Operation> = Operation::ALL
            .into_iter()
            .filter(|operation| operation.is_write() && self.get(*operation).is_some())
            .collect();
        let pairs = writes.iter().enumerate().flat_map(|(index, first)| {
            writes[index + 1..]
                .iter()
                .map(move |second| (*first, *second))
        });
        pairs
            .into_iter()
            .find(|(first, second)| self.get(*first) == self.get(*second))
    }
}

impl<'de> Deserialize<'de> for Calls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Calls;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("calls")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Calls, A::Error> {
                let mut calls = HashMap::new();
                while let Some(operation) = map.next_key::<Operation>()? {
                    if let Some(call) = map.next_value_seed(DeclaredCall(operation))? {
                        calls.insert(operation, call);
                    }
                }
                Ok(Calls(calls))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// `"METHOD /path"`, or `false` where there is no such call.
struct DeclaredCall(Operation);

impl<'de> de::DeserializeSeed<'de> for DeclaredCall {
    type Value = Option<Endpoint>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for DeclaredCall {
    type Value = Option<Endpoint>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a method and a path, or false")
    }

    fn visit_bool<E: de::Error>(self, is_there: bool) -> Result<Self::Value, E> {
        if is_there {
            return Err(E::custom("write its method and path in place of true"));
        }
        if self.0.is_needed() {
            return Err(E::custom("nothing works without the list of keys"));
        }
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Endpoint::read(text, self.0).map(Some).map_err(E::custom)
    }
}

fn problem_of_name(name: &str) -> Option<String> {
    let is_long = name.len() > MAX_NAME_BYTES;
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
    let problem = if name.is_empty() || is_long || !name.chars().all(is_plain) {
        "characters, and no spaces"
    } else {
        return None;
    };
    Some(format!("a name has 1 to {MAX_NAME_BYTES} {problem}"))
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    match problem_of_name(&name) {
        Some(problem) => Err(de::Error::custom(problem)),
        None => Ok(name),
    }
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = one_or_several(deserializer)?;
    match names.iter().find_map(|name| problem_of_name(name)) {
        Some(problem) => Err(de::Error::custom(problem)),
        None => Ok(names),
    }
}

/// A text, or a list of texts.
fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Texts;
    impl<'de> Visitor<'de> for Texts {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name, or a list of names")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(vec![text.to_owned()])
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = list.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }
    }
    deserializer.deserialize_any(Texts)
}

fn page_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let size = i64::deserialize(deserializer)?;
    u32::try_from(size)
        .ok()
        .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
        .ok_or_else(|| de::Error::custom(format!("a page has 1 to {MAX_PAGE_SIZE} entries")))
}

fn successes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StatusCode>, D::Error> {
    let statuses = Vec::<u16>::deserialize(deserializer)?;
    let success = |status: u16| {
        StatusCode::from_u16(status)
            .ok()
            .filter(StatusCode::is_success)
            .ok_or_else(|| {
                de::Error::custom("only a status from 200 to 299 can mean that it is done")
            })
    };
    statuses.into_iter().map(success).collect()
}
