//! What a test run must not change: the folders in which the app and the keyring would keep
//! something in the user's own home.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Files in the user's own folders that this app or a keyring daemon would write, as they were
/// at one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Footprint {
    files: BTreeMap<PathBuf, Option<SystemTime>>,
}

impl Footprint {
    /// Looks at the home of the user who runs the tests.
    #[must_use]
    pub fn of_the_user() -> Footprint {
        let mut files = BTreeMap::new();
        if let Some(home) = std::env::home_dir() {
            for folder in [".config", ".local/share", ".local/state", ".cache"] {
                for entry in entries(&home.join(folder)) {
                    let name = entry.file_name().unwrap_or_default().to_string_lossy();
                    let name = name.to_lowercase();
                    let ours = name.contains("pulsekeys") || name.contains("pulse-keys");
                    if ours || name == "keyrings" {
                        record(&entry, &mut files);
                    }
                }
            }
        }
        Footprint { files }
    }

    /// Checks that nothing was written, changed or removed since `self` was taken.
    ///
    /// # Panics
    /// With the paths that differ. Another program that stores a password meanwhile looks the
    /// same; then run the test again.
    pub fn assert_unchanged(&self) {
        let now = Footprint::of_the_user();
        let paths = self.files.keys().chain(now.files.keys());
        let touched: Vec<&PathBuf> = paths
            .filter(|path| self.files.get(*path) != now.files.get(*path))
            .collect();
        assert!(
            touched.is_empty(),
            "the test touched the user's own files: {touched:?}"
        );
    }
}

fn record(path: &Path, files: &mut BTreeMap<PathBuf, Option<SystemTime>>) {
    let changed = fs::symlink_metadata(path).and_then(|data| data.modified());
    files.insert(path.to_owned(), changed.ok());
    for entry in entries(path) {
        record(&entry, files);
    }
}

/// What is in a folder; nothing when it is no folder.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let folder = fs::read_dir(folder).into_iter().flatten();
    folder.filter_map(|entry| Some(entry.ok()?.path()))
}
