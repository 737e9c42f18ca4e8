//! Text in a cell of a CSV file that a spreadsheet opens.
//!
//! Left out: commas, quotes and lines, which the `csv` crate looks after.

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Text that a spreadsheet would take for a formula is put behind an apostrophe, as OWASP advises ("CSV injection").
pub(crate) fn inert(text: &str) -> String {
    if text.starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text that [`inert`] was given. A spreadsheet may have taken the apostrophe away by itself.
pub(crate) fn exact(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| rest.starts_with(FORMULA))
        .unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text_and_comes_back_as_it_was() {
        for text in ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(inert(text), format!("'{text}"));
            assert_eq!(exact(&inert(text)), text);
        }
        for text in ["CI", "'quoted'", "", "a=b"] {
            assert_eq!(inert(text), text);
            assert_eq!(exact(text), text);
        }
    }
}
