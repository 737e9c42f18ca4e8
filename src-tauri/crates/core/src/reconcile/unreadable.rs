//! Notices of rows that this version cannot read. They stay as they are.

use crate::base::error::UiError;
use crate::base::text;
use crate::context::Context;
use crate::custody::records;
use crate::records::intents::{self, Unreadable};
use crate::records::notices::Notice;

/// A notice for each unreadable intent, and one for all unreadable tokens in custody.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn notices(ctx: &Context) -> Result<Vec<Notice>, UiError> {
    let intents = intents::all(&ctx.database).await?.unreadable;
    let mut notices: Vec<Notice> = intents.into_iter().map(notice_of_intent).collect();
    let records = records::count_unreadable(&ctx.database).await?;
    if records > 0 {
        notices.push(Notice {
            id: "unreadable-tokens".to_owned(),
            needs_attention: true,
            message: format!(
                "{records} of the tokens in custody cannot be shown: this version of Pulse Keys cannot read what is \
                 written down about them. They are still in the keychain. Install the newest version."
            ),
            next: None,
        });
    }
    Ok(notices)
}

fn notice_of_intent(row: Unreadable) -> Notice {
    let what = match row.action.as_str() {
        "delete_key" => "A deletion",
        "rotate_key" => "A rotation",
        "create_key" => "The creation of a key",
        _ => "A request",
    };
    let at = row.at.parse().map_or_else(
        |_| "earlier".to_owned(),
        |at| format!("at {}", text::exact(at)),
    );
    Notice {
        id: row.id,
        needs_attention: true,
        message: format!(
            "{what} that was begun {at} was interrupted, and this version of Pulse Keys cannot read what is written down \
             about it. It stays written down. Install the newest version, and compare your keys with PulseAPI’s dashboard."
        ),
        next: None,
    }
}
