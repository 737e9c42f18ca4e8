//! The journal for the window, and as a file that the user takes away: CSV (RFC 4180) or JSON.
//!
//! The file holds what the journal holds, with the hashes, so that its reader can verify the chain, and what the
//! keychain said about the journal's end; no secrets. Rows go from the database into the file some hundreds at a time.
//! It appears whole or not at all. Left out: choosing the place (the host), and the verification itself.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::base::csv_cell::inert;
use crate::base::error::{ErrorCode, UiError};
use crate::base::text::whole_second;
use crate::context::Context;
use crate::host::SavePlace;
use crate::records::journal::check::Verifier;
use crate::records::journal::head::{End, HeadKeeper, NotChecked};
use crate::records::journal::wire::{
    ActionRows, ChainView, EndView, ExportOutcome, JournalFormat, JournalVerified,
    JournalVerifying, LossView, NotCheckedView,
};
use crate::records::journal::{self, JournalRow, Tip};

/// Rows that are in memory at once.
const BATCH: u32 = 500;

/// What the file says before or after its rows.
#[derive(Clone, Debug, Serialize)]
struct Head {
    /// The number of the last row in the file.
    rows: i64,
    /// The hash of that row.
    hash: String,
    /// What the keychain said when the file was written.
    end: EndView,
}

/// A row as it stands in the file: with its own hash.
#[derive(Serialize)]
struct ExportedRow<'a> {
    #[serde(flatten)]
    row: &'a JournalRow,
    hash: &'a str,
}

/// Verifies the journal: each row that was not verified since the start of the app, and whether rows are missing at
/// its end.
///
/// # Errors
/// When the database fails.
pub(crate) async fn verify_journal(
    ctx: &Context,
    tell: impl Fn(JournalVerifying),
) -> Result<JournalVerified, UiError> {
    let verifying = ctx.of::<Verifier>().verify(&ctx.database, |progress| {
        tell(JournalVerifying {
            done: progress.done,
            of: progress.of,
        });
    });
    let (end, checked) = tokio::join!(journal_end(ctx), verifying);
    let (end, checked) = (end?, checked?);
    Ok(JournalVerified {
        rows: checked.rows,
        chain: checked
            .broken
            .map_or(ChainView::Whole, |found| ChainView::Broken {
                at: count(found.at),
                sound: count(found.sound),
            }),
        end,
        actions: checked
            .actions
            .into_iter()
            .map(|(action, rows)| ActionRows { action, rows })
            .collect(),
        has_many_accounts: checked.has_many_accounts,
    })
}

async fn journal_end(ctx: &Context) -> Result<EndView, UiError> {
    Ok(match ctx.of::<Arc<HeadKeeper>>().check().await? {
        End::AsNoted(since) => EndView::AsNoted {
            since: whole_second(since.at).to_string(),
            rows_then: count(since.rows),
        },
        End::Lost(losses) => EndView::Lost {
            losses: losses
                .into_iter()
                .map(|loss| LossView {
                    rows: count(loss.rows),
                    left: count(loss.left),
                    noticed_at: whole_second(loss.at).to_string(),
                })
                .collect(),
        },
        End::NotChecked(why) => EndView::NotChecked {
            why: match why {
                NotChecked::SessionOnly => NotCheckedView::SessionOnly,
                NotChecked::Locked => NotCheckedView::Locked,
                NotChecked::Unavailable => NotCheckedView::Unavailable,
                NotChecked::Unreadable => NotCheckedView::Unreadable,
            },
        },
    })
}

/// Writes the journal to a file that the user chooses.
///
/// # Errors
/// When the database fails, or the file cannot be written; then there is no new file.
pub(crate) async fn export_journal(
    ctx: &Context,
    format: JournalFormat,
) -> Result<ExportOutcome, UiError> {
    let day = ctx.now().strftime("%Y-%m-%d").to_string();
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
    let Some(path) = ctx.host.choose_file_to_save(place).await else {
        return Ok(ExportOutcome::Cancelled);
    };
    // Rows that are added from here on are not in the file.
    let Tip { rows: last, hash } = ctx.database.run(journal::tip).await?;
    let head = Head {
        rows: last,
        hash,
        end: journal_end(ctx).await?,
    };
    match write_to(ctx, &path, format, head).await? {
        Ok(rows) => Ok(ExportOutcome::Saved {
            path: path.display().to_string(),
            rows,
        }),
        Err(error) => Err(not_written(&path, &error)),
    }
}

/// How many rows were written.
async fn write_to(
    ctx: &Context,
    path: &Path,
    format: JournalFormat,
    head: Head,
) -> Result<io::Result<u32>, UiError> {
    let last = head.rows;
    let begun = {
        let path = path.to_owned();
        blocking(move || Export::begin(&path, format, head)).await
    };
    let mut export = match begun {
        Ok(export) => export,
        Err(error) => return Ok(Err(error)),
    };
    let mut after = 0;
    loop {
        let mut rows = ctx
            .database
            .run(move |transaction| journal::rows_after(transaction, after, BATCH))
            .await?;
        rows.retain(|row| row.number <= last);
        let Some(newest) = rows.last() else {
            return Ok(blocking(move || export.finish()).await);
        };
        after = newest.number;
        let added = blocking(move || {
            export.add(&rows)?;
            Ok(export)
        });
        export = match added.await {
            Ok(export) => export,
            Err(error) => return Ok(Err(error)),
        };
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}

/// A count as the page gets it. Nobody has four thousand million rows.
fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX })
}

fn not_written(path: &Path, error: &io::Error) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("{} could not be written: {error}.", path.display()),
        "Choose another place. The journal itself is as it was.",
    )
}

/// A file that is being written beside the place where it will stand.
struct Export {
    path: PathBuf,
    head: Head,
    rows: u32,
    form: Form,
}

enum Form {
    Csv(Box<csv::Writer<NamedTempFile>>),
    Json(BufWriter<NamedTempFile>),
}

impl Export {
    fn begin(path: &Path, format: JournalFormat, head: Head) -> io::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("."), Path::to_owned);
        let file = NamedTempFile::new_in(folder)?;
        let form = match format {
            JournalFormat::Csv => {
                let mut writer = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(file);
                writer.write_record(COLUMNS)?;
                Form::Csv(Box::new(writer))
            }
            JournalFormat::Json => {
                let mut writer = BufWriter::new(file);
                writer.write_all(b"{\n\"head\": ")?;
                serde_json::to_writer(&mut writer, &head)?;
                writer.write_all(b",\n\"rows\": [")?;
                Form::Json(writer)
            }
        };
        Ok(Self {
            path: path.to_owned(),
            head,
            rows: 0,
            form,
        })
    }

    fn add(&mut self, rows: &[JournalRow]) -> io::Result<()> {
        for row in rows {
            match &mut self.form {
                Form::Csv(writer) => writer.write_record(fields(row))?,
                Form::Json(writer) => {
                    let before: &[u8] = if self.rows == 0 { b"\n" } else { b",\n" };
                    writer.write_all(before)?;
                    let hash = &row.hash;
                    serde_json::to_writer(&mut *writer, &ExportedRow { row, hash })?;
                }
            }
            self.rows += 1;
        }
        Ok(())
    }

    /// Puts the file in its place; how many rows are in it.
    fn finish(self) -> io::Result<u32> {
        let file = match self.form {
            Form::Csv(mut writer) => {
                writer.write_record(last_record(&self.head))?;
                writer
                    .into_inner()
                    .map_err(csv::IntoInnerError::into_error)?
            }
            Form::Json(mut writer) => {
                writer.write_all(b"\n]\n}\n")?;
                writer
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)?
            }
        };
        file.as_file().sync_all()?;
        file.persist(self.path).map_err(|error| error.error)?;
        Ok(self.rows)
    }
}

const COLUMNS: [&str; 12] = [
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

/// The JSON form is exact; text in this one can't become a formula.
fn fields(row: &JournalRow) -> [String; 12] {
    let optional = |text: &Option<String>| text.as_deref().map(inert).unwrap_or_default();
    [
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
    ]
}

/// A table has no other place for what is known of the journal's end than a line of its own.
fn last_record(head: &Head) -> [String; 12] {
    let end = match &head.end {
        EndView::AsNoted { since, rows_then } => {
            format!("end as the keychain knows it since {since} ({rows_then} rows then)")
        }
        EndView::Lost { losses } => losses
            .iter()
            .map(|loss| {
                format!(
                    "row {} removed or replaced, noticed {} ({} rows then)",
                    loss.rows, loss.noticed_at, loss.left
                )
            })
            .collect::<Vec<_>>()
            .join("; "),
        EndView::NotChecked { .. } => "end not verified against the keychain".to_owned(),
    };
    let mut record: [String; 12] = std::array::from_fn(|_| String::new());
    let [number, .., outcome, _, _, hash] = &mut record;
    "head".clone_into(number);
    *outcome = end;
    hash.clone_from(&head.hash);
    record
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

    fn write(path: &Path, rows: &[JournalRow], format: JournalFormat) -> io::Result<u32> {
        let head = Head {
            rows: 1,
            hash: "ff".to_owned(),
            end: EndView::NotChecked {
                why: NotCheckedView::SessionOnly,
            },
        };
        let mut export = Export::begin(path, format, head)?;
        export.add(rows)?;
        export.finish()
    }

    fn written(rows: &[JournalRow], format: JournalFormat) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        write(&path, rows, format).unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_name_with_quotes_and_lines_stays_one_field_and_a_formula_stays_text() {
        let rows = [row("a \"b\",\nc"), row("=HYPERLINK(1)")];
        let file = written(&rows, JournalFormat::Csv);
        assert!(file.starts_with("number,at,account,"), "{file}");
        assert!(file.contains("\"a \"\"b\"\",\nc\""), "{file}");
        assert!(file.contains(",'=HYPERLINK(1),"), "{file}");
        assert!(
            file.ends_with("head,,,,,,,,end not verified against the keychain,,,ff\r\n"),
            "{file}"
        );
    }

    #[test]
    fn the_json_form_holds_the_hashes_and_the_head() {
        let file = written(&[row("=1"), row("2")], JournalFormat::Json);
        let file: serde_json::Value = serde_json::from_str(&file).unwrap();
        assert_eq!(file["rows"][0]["hash"], "ff");
        assert_eq!(file["rows"][0]["keyName"], "=1");
        assert_eq!(file["rows"].as_array().unwrap().len(), 2);
        assert_eq!(file["head"]["hash"], "ff");
        assert_eq!(file["head"]["end"]["why"], "session_only");
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
