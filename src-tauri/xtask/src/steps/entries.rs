//! What desktops and software centres are told of the app: checked by their own programs.

use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;
use crate::report::Report;

/// Why there is nothing to check elsewhere.
const LINUX_ONLY: &str = "for desktops on Linux, and checked by their own programs";

/// Checks the launcher's entry and the metainfo.
pub(super) fn check(paths: &Paths, name: &str, report: &mut Report) {
    let steps = [
        (
            "launcher's entry",
            "desktop-file-validate",
            &[][..],
            "pulse-keys.desktop",
        ),
        (
            "software centre's entry",
            "appstreamcli",
            &["validate", "--no-net", "--pedantic"],
            "io.pulsekeys.pulsekeys.metainfo.xml",
        ),
    ];
    for (step, program, arguments, file) in steps {
        if !cfg!(target_os = "linux") {
            report.skip(name, step, LINUX_ONLY);
            continue;
        }
        report.step(name, step, || -> Result {
            let file = paths.root.join("src-tauri/linux").join(file);
            Command::new(program)
                .args(arguments)
                .arg(file)
                .run()
                .map(drop)
        });
    }
}
