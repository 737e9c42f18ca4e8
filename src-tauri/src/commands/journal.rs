//! The journal: read, and written to a file.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{ExportOutcome, ExportRequest, JournalView, UiError};

pub(super) async fn journal_read(core: &PulseKeys) -> Result<JournalView, UiError> {
    core.journal_view().await
}

pub(super) async fn journal_export(
    core: &PulseKeys,
    request: ExportRequest,
) -> Result<ExportOutcome, UiError> {
    core.export_journal(request.format).await
}
