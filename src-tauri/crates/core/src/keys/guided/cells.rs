//! The cells of a copied table, however they are apart: by tabs, commas or semicolons, or a line for each.

use crate::base::text::sanitized;
use crate::base::token_text;

/// A line with a key, or what could be one.
pub(crate) struct Line {
    /// In the text, from 1.
    pub(crate) number: u32,
    pub(crate) cells: Vec<String>,
}

/// The table's lines with their cells, however they are apart.
pub(crate) fn lines_of(text: &str) -> Vec<Line> {
    let numbered = || {
        text.lines()
            .zip(1_u32..)
            .filter(|(line, _)| !line.trim().is_empty())
    };
    let apart = |by: char| -> Vec<Line> {
        numbered()
            .map(|(line, number)| Line {
                number,
                cells: cells_of(line, by),
            })
            .filter(|line| !line.cells.is_empty())
            .collect()
    };
    let is_table = |lines: &[Line]| {
        lines.iter().any(|line| {
            line.cells.len() > 1 && line.cells.iter().any(|cell| is_tail_or_token(cell))
        })
    };
    for by in ['\t', ';', ','] {
        let lines = apart(by);
        if is_table(&lines) {
            return lines;
        }
    }
    a_line_for_each_cell(&apart('\t'))
}

fn is_tail_or_token(cell: &str) -> bool {
    tail_of(cell).is_some() || token_text::has_token(cell)
}

/// Cells of one line; those in quotation marks may have the separator in them.
fn cells_of(line: &str, by: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.trim_end_matches('\r').chars().peekable();
    while let Some(character) = characters.next() {
        let cell_is_empty = cells.last().is_some_and(|cell| cell.trim().is_empty());
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                push(&mut cells, '"');
            }
            '"' if is_quoted || (cell_is_empty && by != '\t') => is_quoted = !is_quoted,
            separator if separator == by && !is_quoted => cells.push(String::new()),
            other => push(&mut cells, other),
        }
    }
    let trimmed: Vec<String> = cells
        .iter()
        .map(|cell| sanitized(cell).trim().to_owned())
        .collect();
    if trimmed.iter().all(String::is_empty) {
        Vec::new()
    } else {
        trimmed
    }
}

fn push(cells: &mut [String], character: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(character);
    }
}

/// A web screen that is no table comes with a line for each cell. A key begins with its name, right before the last 8.
fn a_line_for_each_cell(lines: &[Line]) -> Vec<Line> {
    let flat: Vec<(u32, &String)> = lines
        .iter()
        .flat_map(|line| line.cells.iter().map(|cell| (line.number, cell)))
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    let starts: Vec<usize> = flat
        .iter()
        .enumerate()
        .filter(|(_, (_, cell))| is_tail_or_token(cell))
        .map(|(place, _)| place.saturating_sub(1))
        .collect();
    let first = starts.first().copied().unwrap_or(flat.len());
    let before = flat[..first].iter().map(|(number, cell)| Line {
        number: *number,
        cells: vec![(*cell).clone()],
    });
    let ends = starts.iter().skip(1).copied().chain([flat.len()]);
    let keys = starts.iter().zip(ends).filter_map(|(start, end)| {
        let cells = flat.get(*start..end)?;
        Some(Line {
            number: cells.first()?.0,
            cells: cells.iter().map(|(_, cell)| (*cell).clone()).collect(),
        })
    });
    before.chain(keys).collect()
}

/// What a cell shows of a token; true where nothing else looks like that.
pub(crate) fn tail_of(cell: &str) -> Option<(String, bool)> {
    let tail = token_text::last_eight(cell).ok()?;
    let is_masked = cell.trim() != tail;
    // A mask, not a word with a space before the last one.
    if is_masked && !cell.contains(|c: char| token_text::is_mask(c) && c != ' ') {
        return None;
    }
    let is_checksum = tail
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let has_digit = tail.bytes().any(|byte| byte.is_ascii_digit());
    (is_masked || has_digit).then_some((tail, is_masked || is_checksum))
}
