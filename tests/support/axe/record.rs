//! What axe said of each state, as a table for people.

use std::fmt::{self, Write as _};

use super::verdict::{Finding, Verdict};

/// Light or dark, as the desktop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// As it stands in names of files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// A state that was looked at.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What the state is called.
    pub name: &'static str,
    /// The theme that the app was in.
    pub theme: Theme,
    /// What axe said.
    pub verdict: Verdict,
}

/// All states of a run.
#[derive(Clone, Debug, Default)]
pub struct Record(pub Vec<Seen>);

impl Record {
    /// How many elements break a rule, over all states and themes.
    #[must_use]
    pub fn violations(&self) -> usize {
        self.elements(|verdict| &verdict.violations)
    }

    /// Of how many elements axe can't say whether they keep a rule.
    fn undecided(&self) -> usize {
        self.elements(|verdict| &verdict.undecided)
    }

    fn elements(&self, of: impl Fn(&Verdict) -> &Vec<Finding>) -> usize {
        let findings = self.0.iter().flat_map(|seen| of(&seen.verdict));
        findings.map(|finding| finding.selectors.len()).sum()
    }

    /// The names of the states, each once, in the order in which they were seen.
    fn names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for seen in &self.0 {
            if !names.contains(&seen.name) {
                names.push(seen.name);
            }
        }
        names
    }

    /// The verdict on a state in a theme; nothing when it was not looked at.
    fn cell(&self, name: &str, theme: Theme) -> String {
        let mut seen = self.0.iter();
        let Some(seen) = seen.find(|seen| seen.name == name && seen.theme == theme) else {
            return String::new();
        };
        let violations = &seen.verdict.violations;
        let count: usize = violations.iter().map(|each| each.selectors.len()).sum();
        let mut cell = count.to_string();
        for finding in violations {
            // A selector may hold what would end the cell.
            let selectors = finding.selectors.join("`, `").replace('|', "\\|");
            let _ = write!(cell, "<br>{}: `{selectors}`", finding.rule);
        }
        cell
    }
}

/// What is wrong, one line for each state and rule; empty when nothing is.
#[must_use]
pub fn complaints(seen: &[Seen]) -> String {
    let mut text = String::new();
    for Seen {
        name,
        theme,
        verdict,
    } in seen
    {
        for finding in &verdict.violations {
            let _ = writeln!(text, "{name}, {}: {finding}", theme.name());
        }
    }
    text
}

impl fmt::Display for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        writeln!(formatter, "# axe-core on every state\n")?;
        writeln!(
            formatter,
            "{} states, {} looks, **{} violations**. Rules: WCAG 2.0, 2.1 and 2.2, A and AA, and best practice, in the \
             app's own engine.\n",
            names.len(),
            self.0.len(),
            self.violations()
        )?;
        writeln!(formatter, "| state | light | dark |\n|---|---|---|")?;
        for name in names {
            let (light, dark) = (self.cell(name, Theme::Light), self.cell(name, Theme::Dark));
            writeln!(formatter, "| {name} | {light} | {dark} |")?;
        }
        writeln!(
            formatter,
            "\nElements that axe could not decide about, for a person to look at: {}.",
            self.undecided()
        )?;
        let mut reasons: Vec<String> = Vec::new();
        for finding in self.0.iter().flat_map(|seen| &seen.verdict.undecided) {
            let reason = format!("{}: {}", finding.rule, finding.why);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        if !reasons.is_empty() {
            writeln!(formatter)?;
        }
        for reason in reasons {
            writeln!(formatter, "- {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(name: &'static str, theme: Theme, violations: Vec<Finding>) -> Seen {
        let verdict = Verdict {
            violations,
            undecided: Vec::new(),
        };
        Seen {
            name,
            theme,
            verdict,
        }
    }

    #[test]
    fn each_state_has_a_row_and_each_broken_rule_its_selectors() {
        let contrast = Finding {
            rule: "color-contrast".to_owned(),
            help: "Elements must have sufficient contrast".to_owned(),
            why: "2.9 of 4.5".to_owned(),
            selectors: vec!["p".to_owned(), "a|b".to_owned()],
        };
        let record = Record(vec![
            seen("list", Theme::Light, vec![]),
            seen("card", Theme::Light, vec![]),
            seen("list", Theme::Dark, vec![contrast]),
        ]);
        assert_eq!(record.violations(), 2);
        let table = record.to_string();
        assert!(
            table.contains("| list | 0 | 2<br>color-contrast: `p`, `a\\|b` |\n| card | 0 |  |\n"),
            "{table}"
        );
        assert_eq!(
            complaints(&record.0),
            "list, dark: color-contrast: p, a|b (2.9 of 4.5)\n"
        );
    }
}
