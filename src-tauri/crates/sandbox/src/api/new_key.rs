//! Reading the body of `POST /api-keys` (`NewApiKey` in openapi.yaml), with Laravel's complaints.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::error::{ApiError, Invalid};
use crate::ability;

const MAX_NAME_CHARS: usize = 255;

/// A valid request for a key.
#[derive(Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) abilities: Vec<String>,
    /// `None`: the team of the credential. Membership is not checked here.
    pub(crate) team_id: Option<i64>,
}

impl Wanted {
    /// Reads and checks a body. As in Laravel a body of another content type counts as empty.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, ApiError> {
        let value = if is_json(headers) {
            serde_json::from_slice(body).map_err(|_| ApiError::MalformedBody)?
        } else {
            Value::Null
        };
        let fields = match value {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let mut invalid = Invalid::default();
        let name = name(&fields, &mut invalid);
        let abilities = abilities(&fields, &mut invalid);
        let team_id = team_id(&fields, &mut invalid);
        invalid.into_result()?;
        Ok(Self {
            name,
            abilities,
            team_id,
        })
    }
}

/// The complaint about a team that the user does not belong to.
pub(crate) fn unknown_team() -> ApiError {
    let mut invalid = Invalid::default();
    invalid.add("team_id", "The selected team id is invalid.");
    ApiError::Invalid(invalid)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| {
        let essence = value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        essence.ends_with("/json") || essence.ends_with("+json")
    })
}

fn name(fields: &Map<String, Value>, invalid: &mut Invalid) -> String {
    let text = match fields.get("name") {
        Some(Value::String(text)) => text,
        None | Some(Value::Null) => {
            invalid.add("name", "The name field is required.");
            return String::new();
        }
        Some(_) => {
            invalid.add("name", "The name field must be a string.");
            return String::new();
        }
    };
    if text.chars().all(|c| c.is_whitespace() || c.is_control()) {
        invalid.add("name", "The name field is required.");
    }
    if text.chars().count() > MAX_NAME_CHARS {
        let complaint =
            format!("The name field must not be greater than {MAX_NAME_CHARS} characters.");
        invalid.add("name", complaint);
    }
    text.trim().to_owned()
}

fn abilities(fields: &Map<String, Value>, invalid: &mut Invalid) -> Vec<String> {
    let items = match fields.get("abilities") {
        Some(Value::Array(items)) if !items.is_empty() => items,
        None | Some(Value::Null | Value::Array(_)) => {
            invalid.add("abilities", "The abilities field is required.");
            return Vec::new();
        }
        Some(_) => {
            invalid.add("abilities", "The abilities field must be an array.");
            return Vec::new();
        }
    };
    let mut abilities: Vec<String> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let field = format!("abilities.{index}");
        match item.as_str() {
            Some(name) if abilities.iter().any(|earlier| earlier == name) => {
                invalid.add(&field, format!("The {field} field has a duplicate value."));
            }
            Some(name) if ability::exists(name) => abilities.push(name.to_owned()),
            _ => invalid.add(&field, format!("The selected {field} is invalid.")),
        }
    }
    abilities
}

fn team_id(fields: &Map<String, Value>, invalid: &mut Invalid) -> Option<i64> {
    let value = fields.get("team_id").filter(|value| !value.is_null())?;
    // JSON has one kind of number: 31.0 is the integer 31.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only whole numbers that fit get here"
    )]
    let whole =
        |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    let id = value.as_i64().or_else(|| value.as_f64().and_then(whole));
    if id.is_none() {
        invalid.add("team_id", "The team id field must be an integer.");
    }
    id
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<Wanted, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        Wanted::read(&headers, body.to_string().as_bytes())
    }

    #[test]
    fn a_name_is_cut_at_both_ends_and_a_whole_float_is_an_id() {
        let wanted = read(&json!({"name": "  CI \n", "abilities": ["*"], "team_id": 31.0}));
        assert_eq!(
            wanted.unwrap(),
            Wanted {
                name: "CI".into(),
                abilities: vec!["*".into()],
                team_id: Some(31)
            }
        );
    }

    #[test]
    fn a_name_counts_characters_not_bytes() {
        let wanted = |name: String| read(&json!({"name": name, "abilities": ["*"]}));
        assert!(wanted("é".repeat(255)).is_ok());
        assert!(wanted("é".repeat(256)).is_err());
    }

    #[test]
    fn what_is_no_json_by_its_content_type_counts_as_empty() {
        let body = json!({"name": "CI", "abilities": ["*"]}).to_string();
        let read = Wanted::read(&HeaderMap::new(), body.as_bytes());
        assert!(matches!(read, Err(ApiError::Invalid(_))));
    }
}
