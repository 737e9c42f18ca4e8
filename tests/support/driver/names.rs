//! What a screen reader would call the elements of the page: roles and names by the standard's rules (accname), computed
//! within the page by the library that the tests of the UI find elements with.
//!
//! The engine could be asked as well (`computedrole`, `computedlabel`). But from the first such question it keeps a tree of
//! accessibility for as long as the page lives, which without assistive technology nobody has: a list that scrolls takes
//! half as long again. What assistive technology is really told has tests of its own, over AT-SPI.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use fantoccini::error::CmdError;
use serde_json::Value;

use super::App;

/// dom-accessibility-api, as `npm ci` installs it.
const LIBRARY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../ui/node_modules/dom-accessibility-api/dist"
);

/// Where it stands in the page.
const IN_PAGE: &str = "window.domAccessibilityApi";

/// The answer of a script that the library was missing for: a page that was loaded anew has lost it.
const MISSING: &str = "dom-accessibility-api is missing";

/// The library's modules in one script: each is a function, called when it is first asked for.
static LOAD: LazyLock<String> = LazyLock::new(|| {
    let mut modules = String::new();
    for folder in ["", "polyfills/"] {
        let entries = fs::read_dir(Path::new(LIBRARY).join(folder));
        let entries =
            entries.unwrap_or_else(|error| panic!("{LIBRARY}: {error}; `npm ci` in ui/ brings it"));
        for entry in entries {
            let path = entry.expect("the folder can be read").path();
            if path.extension().is_some_and(|extension| extension == "js") {
                let source = fs::read_to_string(&path).expect("the library can be read");
                let name = path.file_stem().and_then(|stem| stem.to_str());
                let name = name.expect("its files have names of letters");
                let _ = writeln!(
                    modules,
                    "'./{folder}{name}': (exports, require) => {{ {source}\n}},"
                );
            }
        }
    }
    format!(
        "const modules = {{ {modules} }};
        const loaded = {{}};
        const require = (name) => {{
          if (loaded[name] === undefined) modules[name]((loaded[name] = {{}}), require);
          return loaded[name];
        }};
        {IN_PAGE} = require('./index');"
    )
});

impl App<'_> {
    /// Runs a script that calls the library's functions by their names, and loads it where it is missing.
    pub(super) async fn ask_by_name(
        &self,
        script: &str,
        arguments: &[Value],
    ) -> Result<Value, CmdError> {
        let script = format!(
            "if ({IN_PAGE} === undefined) return '{MISSING}';
            const {{ computeAccessibleName, getRole, isInaccessible }} = {IN_PAGE};
            {script}"
        );
        let answer = self.client.execute(&script, arguments.to_vec()).await?;
        if answer != MISSING {
            return Ok(answer);
        }
        self.client.execute(&LOAD, vec![]).await?;
        self.client.execute(&script, arguments.to_vec()).await
    }
}
