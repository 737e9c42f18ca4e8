//! The list of keys: making one, rotating one, deleting one or several.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{
    AccountRequest, BulkCard, BulkCardRequest, BulkDeleteRequest, BulkOutcome, BulkProgress,
    CachedKeys, CreateForm, CreateOutcome, CreateRequest, DeleteCard, DeleteOutcome, DeleteRequest,
    KeyLabelsCopied, KeyPageArrived, KeyRequest, KeysRefreshed, KeysRequest, Revocations,
    RotateCard, RotateOutcome, RotateRequest, UiError,
};
use tauri::ipc::Channel;

pub(super) async fn keys_cached(
    core: &PulseKeys,
    request: AccountRequest,
) -> Result<CachedKeys, UiError> {
    core.cached_keys(request.account).await
}

pub(super) async fn keys_refresh(
    core: &PulseKeys,
    request: AccountRequest,
    progress: Channel<KeyPageArrived>,
) -> Result<KeysRefreshed, UiError> {
    core.refresh_keys(request.account, |page| {
        if progress.send(page).is_err() {
            tracing::debug!("the window that asked for the list is gone");
        }
    })
    .await
}

pub(super) async fn keys_copy_labels(
    core: &PulseKeys,
    request: KeysRequest,
) -> Result<KeyLabelsCopied, UiError> {
    core.copy_labels(&request).await
}

pub(super) async fn key_delete_card(
    core: &PulseKeys,
    request: KeyRequest,
) -> Result<DeleteCard, UiError> {
    core.delete_card(&request).await
}

pub(super) async fn key_delete(
    core: &PulseKeys,
    request: DeleteRequest,
) -> Result<DeleteOutcome, UiError> {
    core.delete_key(&request).await
}

pub(super) async fn keys_delete_card(
    core: &PulseKeys,
    request: BulkCardRequest,
) -> Result<BulkCard, UiError> {
    core.bulk_card(&request).await
}

pub(super) async fn keys_delete(
    core: &PulseKeys,
    request: BulkDeleteRequest,
    progress: Channel<BulkProgress>,
) -> Result<BulkOutcome, UiError> {
    core.delete_keys(&request, |snapshot| {
        // It goes on without being watched: each key's outcome is in the journal.
        if progress.send(snapshot).is_err() {
            tracing::debug!("the window that asked for the deletions is gone");
        }
    })
    .await
}

pub(super) async fn keys_delete_cancel(
    core: &PulseKeys,
    request: AccountRequest,
) -> Result<(), UiError> {
    core.cancel_delete_keys(request.account);
    Ok(())
}

pub(super) async fn revocations_watch(
    core: &PulseKeys,
    progress: Channel<Revocations>,
) -> Result<(), UiError> {
    core.watch_revocations(|snapshot| progress.send(snapshot).is_ok())
        .await
}

pub(super) async fn revocation_try(core: &PulseKeys, request: KeyRequest) -> Result<(), UiError> {
    core.try_revocation(&request).await
}

pub(super) async fn revocation_stop(core: &PulseKeys, request: KeyRequest) -> Result<(), UiError> {
    core.stop_revocation(&request).await
}

pub(super) async fn key_create_form(
    core: &PulseKeys,
    request: AccountRequest,
) -> Result<CreateForm, UiError> {
    core.create_form(request.account).await
}

pub(super) async fn key_create(
    core: &PulseKeys,
    request: CreateRequest,
) -> Result<CreateOutcome, UiError> {
    core.create_key(&request).await
}

pub(super) async fn key_rotate_card(
    core: &PulseKeys,
    request: KeyRequest,
) -> Result<RotateCard, UiError> {
    core.rotate_card(&request).await
}

pub(super) async fn key_rotate(
    core: &PulseKeys,
    request: RotateRequest,
) -> Result<RotateOutcome, UiError> {
    core.rotate_key(&request).await
}
