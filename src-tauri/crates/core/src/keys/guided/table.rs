//! Reads a table of keys as it was copied from a web screen, or exported: cells apart by tabs, commas or semicolons, or a
//! line for each cell.
//!
//! Nothing is guessed silently: a row that can't be read says why, what was left out of one is named, and so is what was
//! taken for something without a heading that says so. Pure. Left out: which cells there are (`cells`),
//! what a field may hold (`fields`), dates (`base::dates`).

use std::collections::HashSet;

use jiff::Timestamp;

use crate::base::dates::{self, When};
use crate::base::text::cut;
use crate::base::token_text;
use crate::keys::guided::cells::{Line, lines_of, tail_of};
use crate::keys::guided::fields;
use crate::keys::guided::wire::{NotedKey, TableRow};
use crate::records::key::TeamView;

/// The most rows that are read.
const MAX_ROWS: usize = 1_000;

/// How much of a cell a sentence shows, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// What a table holds.
pub(crate) struct Table {
    pub(crate) rows: Vec<TableRow>,
    pub(crate) notes: Vec<String>,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Tail,
    LastUse,
    Creation,
    Abilities,
    Team,
    Other,
}

/// Reads the table. `listed` are the last 8 characters of what is in the list already.
pub(crate) fn read(
    text: &str,
    teams: &[TeamView],
    listed: &HashSet<String>,
    now: Timestamp,
) -> Table {
    let lines = lines_of(text);
    let mut notes = Vec::new();
    let mut heading: Option<Vec<Column>> = None;
    let mut passed_over: Vec<String> = Vec::new();
    let mut rows: Vec<TableRow> = Vec::new();
    let mut seen = HashSet::new();
    let mut is_assumed = false;
    for line in &lines {
        let has_tail = line.cells.iter().any(|cell| tail_of(cell).is_some());
        if !has_tail && let Some(columns) = heading_of(&line.cells) {
            heading = Some(columns);
            continue;
        }
        let has_token = line.cells.iter().any(|cell| token_text::has_token(cell));
        if !has_tail && !has_token && line.cells.len() < 2 {
            passed_over.extend(line.cells.iter().map(|cell| shown(cell)));
            continue;
        }
        if rows.len() == MAX_ROWS {
            notes.push(format!("Only the first {MAX_ROWS} rows were read."));
            break;
        }
        let mut row = row_of(line, heading.as_deref(), teams, now, &mut is_assumed);
        if let Some(key) = &row.key {
            row.replaces = listed.contains(&key.last_eight);
            if !seen.insert(key.last_eight.clone()) {
                row.problem = Some("An earlier row has the same last 8 characters.".to_owned());
                row.key = None;
            }
        }
        rows.push(row);
    }
    if is_assumed {
        notes.push(
            "No headings say which date is which: of two, the first was taken for the last use, the second for the \
             creation."
                .to_owned(),
        );
    }
    if !passed_over.is_empty() {
        let count = passed_over.len();
        passed_over.truncate(3);
        let what = passed_over.join(", ");
        notes.push(if count == 1 {
            format!("One line holds no key: {what}.")
        } else {
            format!(
                "{count} lines hold no key: {what}{}.",
                if count > 3 { ", …" } else { "" }
            )
        });
    }
    if rows.is_empty() {
        notes.insert(0, "No key was recognised in it.".to_owned());
    }
    Table { rows, notes }
}

/// The columns, where a line holds nothing but their names.
fn heading_of(cells: &[String]) -> Option<Vec<Column>> {
    let columns: Vec<Column> = cells
        .iter()
        .map(|cell| {
            let word = cell.to_lowercase();
            let has = |words: &[&str]| words.iter().any(|each| word.contains(each));
            if has(&["last used", "last use", "last_used", "used"]) {
                Column::LastUse
            } else if has(&["creat", "added"]) {
                Column::Creation
            } else if has(&["abilit", "permission", "scope"]) {
                Column::Abilities
            } else if has(&["name"]) {
                Column::Name
            } else if has(&["last 8", "last eight", "last_eight", "token", "key"]) {
                Column::Tail
            } else if has(&["team"]) {
                Column::Team
            } else {
                Column::Other
            }
        })
        .collect();
    let known = columns.iter().filter(|column| **column != Column::Other);
    (cells.len() > 1 && known.count() > 1).then_some(columns)
}

fn row_of(
    line: &Line,
    heading: Option<&[Column]>,
    teams: &[TeamView],
    now: Timestamp,
    is_assumed: &mut bool,
) -> TableRow {
    let mut row = TableRow {
        line: line.number,
        key: None,
        problem: None,
        remarks: Vec::new(),
        replaces: false,
    };
    if line.cells.iter().any(|cell| token_text::has_token(cell)) {
        row.problem = Some(token_text::WHOLE_TOKEN.to_owned());
        return row;
    }
    let mut columns = match heading {
        Some(heading) => heading.to_vec(),
        None => unnamed(&line.cells, teams, now),
    };
    columns.resize(line.cells.len(), Column::Other);
    let mut tails = line
        .cells
        .iter()
        .zip(&columns)
        .filter(|(_, column)| **column == Column::Tail)
        .filter_map(|(cell, _)| tail_of(cell));
    let (Some((last_eight, _)), None) = (tails.next(), tails.next()) else {
        let what = line.cells.iter().find(|cell| !cell.is_empty());
        let name = what
            .map(|cell| format!(" ({})", shown(cell)))
            .unwrap_or_default();
        row.problem = Some(format!(
            "It is not clear which are the last 8 characters{name}."
        ));
        return row;
    };
    let mut key = NotedKey {
        name: String::new(),
        last_eight,
        abilities: Vec::new(),
        team: None,
        last_used_at: None,
        last_use_known: false,
        created_at: None,
    };
    let mut dates = 0;
    for (cell, column) in line.cells.iter().zip(&columns) {
        if cell.is_empty() || is_decoration(cell) {
            continue;
        }
        let when = || dates::read(cell, now);
        let is_read = match column {
            Column::Tail => true,
            Column::Name => match fields::name(cell) {
                Ok(name) => {
                    key.name = name;
                    true
                }
                Err(problem) => {
                    row.problem = Some(problem);
                    return row;
                }
            },
            Column::LastUse => when().is_some_and(|when| {
                key.last_used_at = when.at_the_latest(now);
                key.last_use_known = true;
                dates += 1;
                true
            }),
            Column::Creation => when().and_then(When::at_the_earliest).is_some_and(|at| {
                key.created_at = Some(at);
                dates += 1;
                true
            }),
            Column::Abilities => match fields::abilities(cell) {
                Ok(abilities) => {
                    key.abilities.extend(abilities);
                    true
                }
                Err(_) => false,
            },
            Column::Team => teams
                .iter()
                .find(|team| is_called(team, cell))
                .is_some_and(|team| {
                    key.team = Some(team.id.clone());
                    true
                }),
            Column::Other => false,
        };
        if !is_read {
            row.remarks.push(format!("Left out: {}.", shown(cell)));
        }
    }
    *is_assumed |= heading.is_none() && dates == 2;
    if key.name.is_empty() {
        row.remarks.push("It has no name.".to_owned());
    }
    row.key = Some(key);
    row
}

/// What the cells of a row are, where no heading says it.
fn unnamed(cells: &[String], teams: &[TeamView], now: Timestamp) -> Vec<Column> {
    let mut columns = vec![Column::Other; cells.len()];
    let tails: Vec<(usize, bool)> = cells
        .iter()
        .enumerate()
        .filter_map(|(place, cell)| Some((place, tail_of(cell)?.1)))
        .collect();
    let sure: Vec<usize> = tails
        .iter()
        .filter(|(_, sure)| *sure)
        .map(|(place, _)| *place)
        .collect();
    let tail = match (sure.as_slice(), tails.as_slice()) {
        ([place], _) | ([], [(place, _)]) => Some(*place),
        _ => None,
    };
    if let Some(place) = tail {
        columns[place] = Column::Tail;
    }
    let name = cells.iter().enumerate().position(|(place, cell)| {
        Some(place) != tail
            && !cell.is_empty()
            && !is_decoration(cell)
            && !fields::are_abilities(cell)
            && dates::read(cell, now).is_none()
    });
    if let Some(place) = name {
        columns[place] = Column::Name;
    }
    let dates: Vec<usize> = (0..cells.len())
        .filter(|place| dates::read(&cells[*place], now).is_some())
        .collect();
    match dates.as_slice() {
        // Only a use can be "never".
        [one] if dates::read(&cells[*one], now) == Some(When::Never) => {
            columns[*one] = Column::LastUse;
        }
        [used, created] => {
            columns[*used] = Column::LastUse;
            columns[*created] = Column::Creation;
        }
        _ => {}
    }
    for (place, cell) in cells.iter().enumerate() {
        if columns[place] != Column::Other {
            continue;
        }
        if fields::are_abilities(cell) {
            columns[place] = Column::Abilities;
        } else if teams.iter().any(|team| is_called(team, cell)) {
            columns[place] = Column::Team;
        }
    }
    columns
}

fn is_called(team: &TeamView, cell: &str) -> bool {
    team.name.to_lowercase() == cell.to_lowercase()
}

/// What web screens put beside the facts: a menu's dots, a dash for nothing, a button.
fn is_decoration(cell: &str) -> bool {
    let is_sign = cell.chars().all(|c| !c.is_alphanumeric());
    is_sign && cell != "*"
        || matches!(
            cell.to_lowercase().as_str(),
            "actions" | "rotate" | "delete" | "copy"
        )
}

fn shown(cell: &str) -> String {
    format!("“{}”", cut(cell, MAX_SHOWN_CHARS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T14:03:00Z".parse().unwrap()
    }

    fn table(text: &str) -> Table {
        let team = TeamView {
            id: "1".to_owned(),
            name: "Acme Ops".to_owned(),
            role: None,
        };
        read(
            text,
            &[team],
            &HashSet::from(["00000001".to_owned()]),
            now(),
        )
    }

    fn key(row: &TableRow) -> &NotedKey {
        row.key.as_ref().unwrap()
    }

    #[test]
    fn a_table_with_headings_is_read_whichever_order_they_have() {
        let text = "API Keys\nName\tToken\tCreated\tLast used\tPermissions\tTeam\t\n\
                    CI/CD Pipeline\t…ab12cd34\tNov 1, 2026\t2 days ago\tmonitors:read, checks:run\tAcme Ops\t⋯\n\
                    Old\t…00000001\tMar 1, 2025\tNever\t*\tSomewhere\t⋯\n";
        let read = table(text);
        let [first, second] = read.rows.as_slice() else {
            panic!("{:?}", read.rows)
        };
        assert_eq!(key(first).name, "CI/CD Pipeline");
        assert_eq!(key(first).last_eight, "ab12cd34");
        assert_eq!(key(first).abilities, ["monitors:read", "checks:run"]);
        assert_eq!(key(first).team.as_deref(), Some("1"));
        assert_eq!(
            key(first).last_used_at,
            Some("2026-11-20T14:03:00Z".parse().unwrap())
        );
        assert_eq!(
            key(first).created_at,
            Some("2026-11-01T00:00:00Z".parse().unwrap())
        );
        assert_eq!(
            (first.line, first.remarks.len(), first.replaces),
            (3, 0, false)
        );
        assert_eq!(
            (key(second).last_used_at, key(second).last_use_known),
            (None, true)
        );
        assert!(second.replaces);
        assert_eq!(second.remarks, ["Left out: “Somewhere”."]);
        assert_eq!(read.notes, ["One line holds no key: “API Keys”."]);
    }

    #[test]
    fn without_headings_what_was_taken_for_what_is_said() {
        let text = "CI\tab12cd34\t2 days ago\tNov 1, 2026\tmonitors:read\n";
        let read = table(text);
        assert_eq!(
            key(&read.rows[0]).last_used_at,
            Some("2026-11-20T14:03:00Z".parse().unwrap())
        );
        assert!(
            read.notes[0].contains("taken for the last use"),
            "{:?}",
            read.notes
        );
        // One date alone may be either.
        let read = table("CI\tab12cd34\tNov 1, 2026\n");
        assert!(!key(&read.rows[0]).last_use_known);
        assert_eq!(read.rows[0].remarks, ["Left out: “Nov 1, 2026”."]);
    }

    #[test]
    fn a_screen_that_is_no_table_comes_with_a_line_for_each_cell() {
        let text = "API Keys\nCreate API Key\nCI\n…ab12cd34\nNever\nmonitors:read\nZapier\n…ffee0011\n3 hours ago\n";
        let read = table(text);
        let names: Vec<_> = read.rows.iter().map(|row| key(row).name.as_str()).collect();
        assert_eq!(names, ["CI", "Zapier"]);
        assert_eq!(key(&read.rows[0]).abilities, ["monitors:read"]);
        assert_eq!(
            read.notes,
            ["2 lines hold no key: “API Keys”, “Create API Key”."]
        );
    }

    #[test]
    fn a_file_of_comma_separated_values_is_read() {
        let text = "name,last_eight,created_at,abilities\n\"CI, main\",ab12cd34,2026-11-01,\"monitors:read;checks:run\"\n";
        let read = table(text);
        assert_eq!(key(&read.rows[0]).name, "CI, main");
        assert_eq!(
            key(&read.rows[0]).abilities,
            ["monitors:read", "checks:run"]
        );
    }

    #[test]
    fn a_row_that_cannot_be_taken_says_why_and_the_others_are_read() {
        let token = "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";
        let text =
            format!("CI\t…ab12cd34\nLeak\t{token}\nTwice\t…ab12cd34\nBoth\tab12cd34\tcd34ab12\n");
        let read = table(&text);
        let problems: Vec<_> = read
            .rows
            .iter()
            .map(|row| row.problem.as_deref().unwrap_or("none"))
            .collect();
        assert_eq!(problems[0], "none");
        assert_eq!(problems[1], token_text::WHOLE_TOKEN);
        assert!(problems[2].contains("earlier row"), "{}", problems[2]);
        assert!(problems[3].contains("not clear"), "{}", problems[3]);
        assert!(!format!("{:?} {:?}", read.rows, read.notes).contains("aB3dE5"));
        assert_eq!(
            table("nothing here").notes[0],
            "No key was recognised in it."
        );
    }
}
