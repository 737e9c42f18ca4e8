//! Accounts, notices, keychain and dashboard.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{
    AccountRequest, AppState, ConnectRequest, ErrorCode, Notice, NoticeRequest, RenameRequest,
    ReplaceRequest, SignOutOutcome, UiError,
};

/// PulseAPI's own dashboard. Fixed here, so that no script can have another address opened.
const DASHBOARD: &str = "https://pulseapi.io/settings/api-keys";

pub(super) async fn app_state(core: &PulseKeys) -> Result<AppState, UiError> {
    Ok(core.first_state().await)
}

pub(super) async fn outcomes_reconcile(core: &PulseKeys) -> Result<Vec<Notice>, UiError> {
    core.reconcile().await
}

pub(super) async fn notice_dismiss(
    core: &PulseKeys,
    request: NoticeRequest,
) -> Result<(), UiError> {
    core.dismiss_notice(&request.notice).await
}

pub(super) async fn keychain_retry(core: &PulseKeys) -> Result<AppState, UiError> {
    Ok(core.state().await)
}

pub(super) async fn keychain_session_only(core: &PulseKeys) -> Result<AppState, UiError> {
    Ok(core.continue_for_this_session().await)
}

pub(super) async fn account_connect(
    core: &PulseKeys,
    request: ConnectRequest,
) -> Result<AppState, UiError> {
    core.connect(&request).await
}

pub(super) async fn account_try_sandbox(core: &PulseKeys) -> Result<AppState, UiError> {
    core.try_sandbox().await
}

pub(super) async fn account_switch(
    core: &PulseKeys,
    request: AccountRequest,
) -> Result<AppState, UiError> {
    core.switch(request.account).await
}

pub(super) async fn account_rename(
    core: &PulseKeys,
    request: RenameRequest,
) -> Result<AppState, UiError> {
    core.rename_account(&request).await
}

pub(super) async fn account_replace_credential(
    core: &PulseKeys,
    request: ReplaceRequest,
) -> Result<AppState, UiError> {
    core.replace_credential(&request).await
}

pub(super) async fn account_sign_out(
    core: &PulseKeys,
    request: AccountRequest,
) -> Result<SignOutOutcome, UiError> {
    core.sign_out(request.account).await
}

pub(super) async fn dashboard_open(_: &PulseKeys) -> Result<(), UiError> {
    tauri_plugin_opener::open_url(DASHBOARD, None::<&str>).map_err(|error| UiError {
        code: ErrorCode::Other,
        message: format!("No browser could be opened: {error}."),
        hint: format!("Open {DASHBOARD} yourself."),
    })
}
