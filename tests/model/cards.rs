//! What the user does with the cards before a deletion: opens them, types what they ask for, and looks again when they
//! have changed.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{
    AccountId, BulkCard, BulkCardRequest, BulkDeleteRequest, BulkOutcome, DeleteCard,
    DeleteOutcome, DeleteRequest, KeyRequest, UiError,
};
use pulseapi::KeyId;

/// How a deletion went, with the card that the user saw last.
type Deleted = (Option<DeleteCard>, Result<DeleteOutcome, UiError>);
/// The same for several.
type BulkDeleted = (Option<BulkCard>, Result<BulkOutcome, UiError>);

/// Opens the card, types what it asks for, and does so once more when the card has changed.
pub(crate) async fn delete(app: &PulseKeys, account: AccountId, key: &KeyId) -> Deleted {
    let opened = app
        .delete_card(&KeyRequest {
            account,
            key: key.clone(),
        })
        .await;
    let mut card = opened.ok();
    let mut outcome = Ok(DeleteOutcome::Cancelled);
    for _ in 0..2 {
        let request = DeleteRequest {
            account,
            key: key.clone(),
            typed: card.as_ref().and_then(|card| card.phrase.clone()),
        };
        outcome = app.delete_key(&request).await;
        match &outcome {
            Ok(DeleteOutcome::CardChanged { card: now, .. }) => card = Some(now.clone()),
            _ => break,
        }
    }
    (card, outcome)
}

/// The same for several, all that can be ticked.
pub(crate) async fn delete_many(
    app: &PulseKeys,
    account: AccountId,
    keys: &[KeyId],
) -> BulkDeleted {
    let request = BulkCardRequest {
        account,
        keys: keys.to_vec(),
    };
    let mut card = match app.bulk_card(&request).await {
        Ok(card) => card,
        Err(error) => return (None, Err(error)),
    };
    let mut outcome = Ok(BulkOutcome::Cancelled);
    for _ in 0..2 {
        let ticked = card.rows.iter().filter(|row| row.obstacle.is_none());
        let keys: Vec<KeyId> = ticked.map(|row| row.key.id.clone()).collect();
        if keys.is_empty() {
            return (Some(card), outcome);
        }
        let noun = if keys.len() == 1 { "key" } else { "keys" };
        let request = BulkDeleteRequest {
            account,
            typed: Some(format!("delete {} {noun}", keys.len())),
            keys,
        };
        outcome = app.delete_keys(&request, |_| {}).await;
        match &outcome {
            Ok(BulkOutcome::CardChanged { card: now, .. }) => card = now.clone(),
            _ => break,
        }
    }
    (Some(card), outcome)
}
