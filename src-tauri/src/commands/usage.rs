//! Where a key is used on this machine: the search, its findings, the checklist, and "I found this string".

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{
    Checklist, FindingRequest, FolderChosen, GitWhereabouts, KeyRequest, KeysRequest, LastUses,
    RecogniseRequest, Recognised, SearchFoldersChecked, TickRequest, UiError, UsageProgress,
    UsageReport, UsageRequest, WhereaboutsRequest,
};
use tauri::ipc::Channel;

pub(super) async fn usage_search(
    core: &PulseKeys,
    request: UsageRequest,
    progress: Channel<UsageProgress>,
) -> Result<UsageReport, UiError> {
    core.usage_search(&request, |snapshot| {
        if progress.send(snapshot).is_err() {
            tracing::debug!("the window that asked for the search is gone");
        }
    })
    .await
}

pub(super) async fn usage_cancel(core: &PulseKeys, request: KeysRequest) -> Result<(), UiError> {
    core.usage_cancel(&request);
    Ok(())
}

pub(super) async fn usage_last(
    core: &PulseKeys,
    request: KeyRequest,
) -> Result<Option<UsageReport>, UiError> {
    core.usage_last(&request).await
}

pub(super) async fn usage_recognise(
    core: &PulseKeys,
    request: RecogniseRequest,
) -> Result<Recognised, UiError> {
    core.recognise(request).await
}

pub(super) async fn finding_open(core: &PulseKeys, request: FindingRequest) -> Result<(), UiError> {
    core.finding_open(&request).await
}

pub(super) async fn finding_whereabouts(
    core: &PulseKeys,
    request: WhereaboutsRequest,
) -> Result<GitWhereabouts, UiError> {
    core.finding_whereabouts(&request).await
}

pub(super) async fn key_last_uses(
    core: &PulseKeys,
    request: KeyRequest,
) -> Result<LastUses, UiError> {
    core.last_uses(&request).await
}

pub(super) async fn checklist_read(
    core: &PulseKeys,
    request: KeyRequest,
) -> Result<Checklist, UiError> {
    core.checklist(&request).await
}

pub(super) async fn checklist_tick(
    core: &PulseKeys,
    request: TickRequest,
) -> Result<Checklist, UiError> {
    core.checklist_tick(&request).await
}

pub(super) async fn search_folders_check(
    core: &PulseKeys,
) -> Result<SearchFoldersChecked, UiError> {
    Ok(core.search_folders().await)
}

pub(super) async fn search_folder_choose(core: &PulseKeys) -> Result<FolderChosen, UiError> {
    core.choose_search_folder().await
}
