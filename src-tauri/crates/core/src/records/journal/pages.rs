//! The journal a page at a time, newest row first, and the rows that fit a filter.
//!
//! A page begins after the row that the one before ended with, so rows that are added meanwhile move nothing. Looking
//! for text goes through the rows in steps, and leaves the database to others in between. Left out: verifying.

use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::types::ValueRef;
use rusqlite::{Row, Transaction, params};

use crate::base::error::UiError;
use crate::base::ids::KeyRequest;
use crate::context::Context;
use crate::records::journal::wire::{JournalPage, JournalRequest};
use crate::records::journal::{self, COLUMNS, JournalRow};

/// The most rows of one page.
const LONGEST_PAGE: u32 = 500;

/// Rows that are looked through in one go.
const STEP: u32 = 4_000;

/// Which search is the newest: one that nobody waits for any more ends early.
#[derive(Debug, Default)]
pub(crate) struct Searches(AtomicU64);

/// A page of the journal, newest row first: of all rows, or of those that fit.
///
/// A search for text that a newer one has overtaken ends with what it has found.
///
/// # Errors
/// When the database fails.
pub(crate) async fn journal_page(
    ctx: &Context,
    request: JournalRequest,
) -> Result<JournalPage, UiError> {
    let words: Vec<String> = request
        .text
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let limit = request.limit.clamp(1, LONGEST_PAGE);
    let mut below = request.before.unwrap_or(i64::MAX);
    let newest = ctx.database.run(journal::tip).await?.rows;
    let mine = if words.is_empty() {
        None
    } else {
        Some(ctx.of::<Searches>().0.fetch_add(1, Ordering::Relaxed) + 1)
    };
    let mut rows = Vec::new();
    loop {
        // One more than asked for: whether there are more.
        let missing = limit + 1 - u32::try_from(rows.len()).unwrap_or(limit);
        let (words, which) = (words.clone(), Which::of(&request));
        let step = ctx
            .database
            .run(move |transaction| step(transaction, &which, &words, below, missing))
            .await?;
        rows.extend(step.found);
        let is_overtaken =
            mine.is_some_and(|mine| ctx.of::<Searches>().0.load(Ordering::Relaxed) != mine);
        let is_full = rows.len() > limit as usize;
        match step.next {
            Some(next) if !is_full && !is_overtaken => below = next,
            next => {
                let has_more = is_full || next.is_some();
                rows.truncate(limit as usize);
                return Ok(JournalPage {
                    rows,
                    has_more,
                    newest,
                });
            }
        }
    }
}

/// Which rows are wanted, before their text is looked at. Each has an index of its own.
enum Which {
    All,
    OfAction(String),
    OfKey(KeyRequest, Option<String>),
}

impl Which {
    fn of(request: &JournalRequest) -> Self {
        match (&request.of_key, &request.action) {
            (Some(key), action) => Self::OfKey(key.clone(), action.clone()),
            (None, Some(action)) => Self::OfAction(action.clone()),
            (None, None) => Self::All,
        }
    }
}

struct Step {
    found: Vec<JournalRow>,
    /// Where the next step begins; none when this one came to the first row.
    next: Option<i64>,
}

fn step(
    transaction: &Transaction<'_>,
    which: &Which,
    words: &[String],
    below: i64,
    wanted: u32,
) -> rusqlite::Result<Step> {
    let (condition, action, account, key) = match which {
        Which::All => ("", None, None, None),
        Which::OfAction(action) => ("AND action = ?3", Some(action.as_str()), None, None),
        Which::OfKey(key, action) => (
            "AND (?3 IS NULL OR action = ?3) AND account = ?4 AND key_id = ?5",
            action.as_deref(),
            Some(key.account.0.to_string()),
            Some(key.key.as_str()),
        ),
    };
    let mut statement = transaction.prepare_cached(&format!(
        "SELECT {COLUMNS}, ?3, ?4, ?5 FROM journal WHERE number < ?1 {condition} \
         ORDER BY number DESC LIMIT ?2"
    ))?;
    // Without words every row fits, and no more are read than are wanted.
    let most = if words.is_empty() { wanted } else { STEP };
    let mut rows = statement.query(params![below, most, action, account, key])?;
    let mut step = Step {
        found: Vec::new(),
        next: None,
    };
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        seen += 1;
        step.next = Some(row.get(0)?);
        if fits(row, words)? {
            step.found.push(JournalRow::read(row)?);
            if step.found.len() == wanted as usize {
                return Ok(step);
            }
        }
    }
    if seen < most {
        step.next = None;
    }
    Ok(step)
}

/// Whether the key's id, name or last 8 characters hold every word.
fn fits(row: &Row<'_>, words: &[String]) -> rusqlite::Result<bool> {
    if words.is_empty() {
        return Ok(true);
    }
    let mut held = String::new();
    for column in ["key_id", "key_name", "last_eight"] {
        if let ValueRef::Text(text) = row.get_ref(column)? {
            held.push_str(&String::from_utf8_lossy(text).to_lowercase());
            held.push('\n');
        }
    }
    Ok(words.iter().all(|word| held.contains(word)))
}
