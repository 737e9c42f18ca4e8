//! The journal for the window, and as a file that the person takes away: CSV (RFC 4180) or JSON.
//!
//! The file holds what the journal holds, with the hashes, so that whoever gets it can verify the chain; no secrets.
//! It appears whole or not at all. Left out: choosing the place (the host), and the chain itself (`journal`).

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::app::PulseKeys;
use crate::host::SavePlace;
use crate::journal::{Journal, JournalRow};
use crate::view::{ChainView, ErrorCode, ExportOutcome, JournalFormat, JournalView, UiError};

/// A row as it stands in the file: with its own hash.
#[derive(Serialize)]
struct ExportedRow<'a> {
    #[serde(flatten)]
    row: &'a JournalRow,
    hash: &'a str,
}

impl PulseKeys {
    /// The journal, newest row first, with its chain verified now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal_view(&self) -> Result<JournalView, UiError> {
        let Journal {
            mut rows,
            broken_at,
        } = self.journal().await?;
        rows.reverse();
        Ok(JournalView {
            rows,
            chain: broken_at.map_or(ChainView::Whole, |number| ChainView::Broken {
                at: u32::try_from(number).unwrap_or(0),
            }),
        })
    }

    /// Writes the journal to a file that the person chooses.
    ///
    /// # Errors
    /// When the database fails, or the file cannot be written; then there is no new file.
    pub async fn export_journal(&self, format: JournalFormat) -> Result<ExportOutcome, UiError> {
        let journal = self.journal().await?;
        let day = self.now().strftime("%Y-%m-%d").to_string();
        let (extension, kind) = match format {
            JournalFormat::Csv => ("csv", "CSV"),
            JournalFormat::Json => ("json", "JSON"),
        };
        let place = SavePlace {
            title: "Export journal".to_owned(),
            file_name: format!("pulse-keys-journal-{day}.{extension}"),
            extension: extension.to_owned(),
            kind: kind.to_owned(),
        };
        let Some(path) = self.host.choose_file_to_save(place).await else {
            return Ok(ExportOutcome::Cancelled);
        };
        let rows = u32::try_from(journal.rows.len()).unwrap_or(u32::MAX);
        let written = {
            let path = path.clone();
            tokio::task::spawn_blocking(move || write(&path, &journal.rows, format)).await
        };
        match written.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
            Ok(()) => Ok(ExportOutcome::Saved {
                path: path.display().to_string(),
                rows,
            }),
            Err(error) => Err(not_written(&path, &error)),
        }
    }
}

fn not_written(path: &Path, error: &io::Error) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("{} could not be written: {error}.", path.display()),
        "Choose another place. The journal itself is as it was.",
    )
}

fn write(path: &Path, rows: &[JournalRow], format: JournalFormat) -> io::Result<()> {
    let content = match format {
        JournalFormat::Csv => csv(rows)?,
        JournalFormat::Json => json(rows)?,
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_owned);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn json(rows: &[JournalRow]) -> io::Result<Vec<u8>> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| ExportedRow {
            row,
            hash: &row.hash,
        })
        .collect();
    let mut content = serde_json::to_vec_pretty(&rows)?;
    content.push(b'\n');
    Ok(content)
}

const HEAD: [&str; 12] = [
    "number",
    "at",
    "account",
    "account_label",
    "action",
    "key_id",
    "key_name",
    "last_eight",
    "outcome",
    "request_id",
    "previous_hash",
    "hash",
];

fn csv(rows: &[JournalRow]) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEAD)?;
    for row in rows {
        let optional = |text: &Option<String>| text.as_deref().map(inert).unwrap_or_default();
        writer.write_record([
            row.number.to_string(),
            row.at.clone(),
            row.account.clone(),
            inert(&row.account_label),
            row.action.clone(),
            optional(&row.key_id),
            optional(&row.key_name),
            optional(&row.last_eight),
            inert(&row.outcome),
            optional(&row.request_id),
            row.previous_hash.clone(),
            row.hash.clone(),
        ])?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// Text from a server that a spreadsheet would take for a formula is put behind an apostrophe, as OWASP advises
/// ("CSV injection"). The JSON form is exact.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> JournalRow {
        JournalRow {
            number: 1,
            at: "2026-11-22T14:00:00Z".to_owned(),
            account: "a".to_owned(),
            account_label: "ops".to_owned(),
            action: "delete_key".to_owned(),
            key_id: Some("7".to_owned()),
            key_name: Some(name.to_owned()),
            last_eight: Some("ab12cd34".to_owned()),
            outcome: "deleted".to_owned(),
            request_id: None,
            previous_hash: String::new(),
            hash: "ff".to_owned(),
        }
    }

    #[test]
    fn a_name_with_quotes_and_lines_stays_one_field_and_a_formula_stays_text() {
        let rows = [row("a \"b\",\nc"), row("=HYPERLINK(1)")];
        let file = String::from_utf8(csv(&rows).unwrap()).unwrap();
        assert!(file.starts_with("number,at,account,"), "{file}");
        assert!(file.contains("\"a \"\"b\"\",\nc\""), "{file}");
        assert!(file.contains(",'=HYPERLINK(1),"), "{file}");
    }

    #[test]
    fn the_json_form_holds_the_hash() {
        let file: serde_json::Value = serde_json::from_slice(&json(&[row("=1")]).unwrap()).unwrap();
        assert_eq!(file[0]["hash"], "ff");
        assert_eq!(file[0]["keyName"], "=1");
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.csv");
        write(&path, &[row("a")], JournalFormat::Csv).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(write(&path.join("below"), &[row("b")], JournalFormat::Csv).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
