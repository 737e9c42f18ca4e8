//! A call as the contract describes it, and its address under a base.
//!
//! A path stays below the base whatever the contract says: it has segments of plain characters only, so that no
//! credential goes to another origin and no request to another place than is written there.

use std::fmt;

use reqwest::Method;
use url::Url;

use crate::address::BaseUrl;
use crate::id::KeyId;
use crate::operation::Operation;

/// What stands for a key's id in a path.
const ID: &str = "{id}";

/// The longest path of a contract, in bytes.
const MAX_PATH_BYTES: usize = 200;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// The HTTP method.
    pub(crate) method: Method,
    /// The path below the base, as a template.
    path: String,
}

impl Endpoint {
    /// Reads `METHOD /path` for an operation, or says what is wrong with it.
    pub(crate) fn read(text: &str, of: Operation) -> Result<Self, String> {
        let Some((method, path)) = text.split_once(' ') else {
            return Err("write a method and a path, such as \"GET /api-keys\"".to_owned());
        };
        let allowed = of.methods();
        let Some(method) = allowed.iter().find(|known| known.as_str() == method) else {
            let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
            let names = names.join(" or ");
            return Err(format!("the method of {} is {names}", of.name()));
        };
        check_path(path)?;
        let ids = path.split('/').filter(|segment| *segment == ID).count();
        match (of.takes_id(), ids) {
            (true, 1) | (false, 0) => {}
            (true, _) => return Err(format!("the path of {} has {ID} in it once", of.name())),
            (false, _) => return Err(format!("the path of {} has no {ID} in it", of.name())),
        }
        Ok(Self {
            method: method.clone(),
            path: path.to_owned(),
        })
    }

    /// The address of this call under a base, for a key if the path asks for one.
    pub(crate) fn url(&self, base: &BaseUrl, id: Option<&KeyId>) -> Url {
        let mut url = base.url().clone();
        // HTTP addresses always have segments; `push` escapes what would leave the segment.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for segment in self.path.split('/').skip(1) {
                match (segment, id) {
                    (ID, Some(id)) => segments.push(id.as_str()),
                    _ => segments.push(segment),
                };
            }
        }
        url
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// What is wrong with a path: it has to begin below the base and to stay there.
pub(crate) fn check_path(path: &str) -> Result<(), String> {
    let Some(segments) = path.strip_prefix('/') else {
        return Err("a path begins with /, below the address of the account".to_owned());
    };
    if path.len() > MAX_PATH_BYTES {
        return Err(format!("a path has at most {MAX_PATH_BYTES} characters"));
    }
    for segment in segments.split('/') {
        if segment.is_empty() {
            return Err("a path has no empty part, such as // has".to_owned());
        }
        if matches!(segment, "." | "..") {
            return Err("a path has no . or .. in it".to_owned());
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:@".contains(c);
        if segment != ID && !segment.chars().all(is_plain) {
            return Err(
                "a path has letters, digits and - . _ ~ : @ in it, no query, and {id} only as a part of its own"
                    .to_owned(),
            );
        }
    }
    Ok(())
}
