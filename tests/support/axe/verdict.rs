//! What axe says of one state of the page.

use std::fmt;

use serde::Deserialize;

/// A rule, and the elements that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// The rule's id, such as `color-contrast`.
    pub rule: String,
    /// What the rule asks for.
    pub help: String,
    /// What is wrong with the first of the elements.
    pub why: String,
    /// The elements, as CSS selectors.
    pub selectors: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            rule,
            why,
            selectors,
            ..
        } = self;
        write!(formatter, "{rule}: {} ({why})", selectors.join(", "))
    }
}

/// What axe says of one state of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Verdict {
    /// Rules that do not hold.
    pub violations: Vec<Finding>,
    /// Rules of which axe can't say whether they hold, such as the contrast of text on a picture.
    pub undecided: Vec<Finding>,
}
