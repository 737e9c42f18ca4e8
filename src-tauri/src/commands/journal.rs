//! The journal: read, verified, and written to a file.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{
    ExportOutcome, ExportRequest, JournalPage, JournalRequest, JournalVerified, JournalVerifying,
    UiError,
};
use tauri::ipc::Channel;

pub(super) async fn journal_read(
    core: &PulseKeys,
    request: JournalRequest,
) -> Result<JournalPage, UiError> {
    core.journal_page(request).await
}

pub(super) async fn journal_verify(
    core: &PulseKeys,
    progress: Channel<JournalVerifying>,
) -> Result<JournalVerified, UiError> {
    core.verify_journal(|verifying| {
        // The page that asked may be gone; what was verified is remembered for the next one.
        let _ = progress.send(verifying);
    })
    .await
}

pub(super) async fn journal_export(
    core: &PulseKeys,
    request: ExportRequest,
) -> Result<ExportOutcome, UiError> {
    core.export_journal(request.format).await
}
