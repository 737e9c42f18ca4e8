//! Who else can see a key where it stands, as far as this machine tells: the rights of the file and of the folders above it,
//! and whether the repository whose history has it knows a server. That a server is known says neither that the key was
//! pushed there nor who can read there, and nobody is asked.

use std::collections::BTreeSet;
use std::path::Path;

use crate::records::watched::SeenBy;
use crate::usage::found::StoredFinding;

/// Who else can see it. Blocks.
pub(super) fn of(finding: &StoredFinding) -> BTreeSet<SeenBy> {
    let mut seen_by = BTreeSet::new();
    if is_open_to_all(finding.path()) {
        seen_by.insert(SeenBy::EveryUser);
    }
    if let Some((objects, _)) = finding.object() {
        let hosts = usage::git::remote_hosts(objects);
        seen_by.extend(hosts.into_iter().map(SeenBy::Remote));
    }
    seen_by
}

/// Whether every user of this machine may read it: the file, and each folder on the way to it.
#[cfg(unix)]
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    const READ: u32 = 0o004;
    const ENTER: u32 = 0o001;
    // Where a link leads, as that is what is read.
    let Ok(path) = path.canonicalize() else {
        return false;
    };
    let allows = |path: &Path, right: u32| {
        let facts = path.metadata();
        facts.is_ok_and(|facts| facts.permissions().mode() & right == right)
    };
    let wanted = if path.is_dir() { READ | ENTER } else { READ };
    allows(&path, wanted) && path.ancestors().skip(1).all(|folder| allows(folder, ENTER))
}

/// What this system's rights say is not asked.
#[cfg(not(unix))]
fn is_open_to_all(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::is_open_to_all;

    #[test]
    fn a_file_is_open_to_all_only_where_each_folder_above_it_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a");
        let file = folder.join("b");
        fs::create_dir(&folder).unwrap();
        fs::write(&file, "").unwrap();
        let set = |path: &std::path::Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        set(home.path(), 0o711);
        set(&folder, 0o711);
        set(&file, 0o644);
        assert!(is_open_to_all(&file));
        symlink(&file, home.path().join("link")).unwrap();
        assert!(is_open_to_all(&home.path().join("link")));
        set(&file, 0o640);
        assert!(!is_open_to_all(&file));
        set(&file, 0o604);
        set(&folder, 0o750);
        assert!(!is_open_to_all(&file));
        set(&folder, 0o711);
        set(home.path(), 0o700);
        assert!(!is_open_to_all(&file));
    }
}
