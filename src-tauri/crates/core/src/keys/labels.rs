//! Copying what keys are called, for a ticket or a message: name and last 8 characters, never a token.
//!
//! The text is put together here from the list as it was last seen, so that the page needs no clipboard of its own.

use secrecy::SecretString;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::KeysRequest;
use crate::base::text::collapsed;
use crate::context::Context;
use crate::keys::wire::KeyLabelsCopied;
use crate::records::key_cache;

/// Copies "name …last8" of each key, a line for each, in the order that was asked for.
///
/// # Errors
/// When none of them is in the list any more, or the clipboard fails.
pub(crate) async fn copy_labels(
    ctx: &Context,
    request: &KeysRequest,
) -> Result<KeyLabelsCopied, UiError> {
    let known = key_cache::cached_keys(ctx, request.account).await?.keys;
    let lines: Vec<String> = request
        .keys
        .iter()
        .filter_map(|id| known.iter().find(|key| key.id == *id))
        .map(|key| label(&key.name, &key.last_eight))
        .collect();
    let message = match lines.as_slice() {
        [] => {
            return Err(UiError::new(
                ErrorCode::Other,
                "Nothing was copied: the list does not have the key any more.",
                "Refresh the list.",
            ));
        }
        [line] => format!("Copied {line}."),
        lines => format!("Copied name and last 8 of {} keys.", lines.len()),
    };
    let text = SecretString::from(lines.join("\n"));
    ctx.host
        .copy(text, false)
        .await
        .map_err(|error| error.told("Name and last 8 are in the list. Nothing was changed."))?;
    Ok(KeyLabelsCopied { message })
}

fn label(name: &str, last_eight: &str) -> String {
    format!("{} …{last_eight}", collapsed(name))
        .trim_start()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_key_without_a_name_is_told_by_its_tail() {
        assert_eq!(
            label("CI/CD  Pipeline", "ab12cd34"),
            "CI/CD Pipeline …ab12cd34"
        );
        assert_eq!(label("", "ab12cd34"), "…ab12cd34");
    }
}
