//! axe-core in the real window: what it holds against the page as it is now.
//!
//! In the app's own engine, because contrast, sizes and what covers what exist only where there is layout. The script
//! goes in through the driver, past the page's content security policy, and is no part of the app. Left out: waiting
//! for the page to be at rest; a colour in the middle of a fade is no finding.

mod record;
mod verdict;

use std::sync::LazyLock;

use serde_json::Value;

use crate::driver::App;

pub use record::{Record, Seen, Theme, complaints};
pub use verdict::{Finding, Verdict};

/// axe-core, as `npm ci` installs it for the tests of the UI.
const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../ui/node_modules/axe-core/axe.min.js"
);

/// WCAG up to 2.2 AA, and what its makers call best practice.
///
/// Nothing is loaded anew (`preload`): the policy of the page would refuse it, and all styles are its own. Left out are
/// the pictures in React Aria's announcer, which speak for a button while it is busy and are there for seconds after it. Tips
/// and menus stand outside of all landmarks by their nature, as dialogs do.
const RUN: &str = "const done = arguments[0]; \
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']; \
    const short = (results) => results.map(({ id, help, nodes }) => ({ \
        rule: id, help, selectors: nodes.map((node) => node.target.flat(9).join(' ')), \
        why: nodes[0].any.concat(nodes[0].all, nodes[0].none).map((check) => check.message)[0] ?? '' })); \
    axe.run({ exclude: ['[data-live-announcer] [role=img]'] }, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations', 'incomplete'], \
        preload: false, checks: { region: { options: { \
          regionMatcher: 'dialog, [role=dialog], [role=alertdialog], svg, [data-overlay-container]' } } } }) \
      .then((found) => done({ violations: short(found.violations), undecided: short(found.incomplete) }), \
        (error) => done(String(error)))";

static AXE: LazyLock<String> = LazyLock::new(|| {
    std::fs::read_to_string(SCRIPT)
        .unwrap_or_else(|error| panic!("{SCRIPT}: {error}; `npm ci` in ui/ brings it"))
});

impl App<'_> {
    /// Asks axe about the page as it is now.
    ///
    /// # Panics
    /// When the app has ended, or axe is not installed or fails.
    pub async fn axe(&self) -> Verdict {
        let page = self.page();
        let there = page.execute("return 'axe' in window", vec![]).await;
        // Once for each page: it is larger than everything that the page itself loads.
        if there.expect("the app is running") != Value::Bool(true) {
            let loaded = page.execute(&AXE, vec![]).await;
            loaded.expect("axe loads");
        }
        let answer = page.execute_async(RUN, vec![]).await;
        let answer = answer.expect("the app is running");
        serde_json::from_value(answer.clone()).unwrap_or_else(|_| panic!("axe failed: {answer}"))
    }
}
