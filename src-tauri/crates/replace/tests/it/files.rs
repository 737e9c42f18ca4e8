//! What belongs to a file beside its content stays as it was; what must not be written is not.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use replace::{Consent, Failure, Finished, OldToken, Reason, VersionControl, look, sweep};

use crate::support::{Pair, leftovers, put, root};

fn with(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn mode_owner_attributes_line_ends_and_links_stay() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = with(folder.path(), "real.txt", &format!("A=1\r\nT={}", pair.old));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let has_attributes =
        rustix::fs::setxattr(&path, "user.note", b"kept", rustix::fs::XattrFlags::empty()).is_ok();
    let link = folder.path().join("link.txt");
    symlink("real.txt", &link).unwrap();
    let before = fs::metadata(&path).unwrap();

    put(&link, &pair).unwrap();

    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        format!("A=1\r\nT={}", pair.new)
    );
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let after = fs::metadata(&path).unwrap();
    assert_eq!(after.mode(), before.mode());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    if has_attributes {
        let mut value = [0; 16];
        let length = rustix::fs::getxattr(&path, "user.note", &mut value).unwrap();
        assert_eq!(&value[..length], b"kept");
    }
    assert_eq!(leftovers(folder.path()), [] as [String; 0]);
    put(&link, &pair.back()).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        format!("A=1\r\nT={}", pair.old)
    );
}

/// An access control list as Linux keeps it: rights of the owner, of user 65534, of the group, the mask, of others.
#[cfg(target_os = "linux")]
const ACL: [u8; 44] = {
    const USER: [u8; 4] = 65534_u32.to_le_bytes();
    [
        2, 0, 0, 0, //
        1, 0, 6, 0, 255, 255, 255, 255, //
        2, 0, 4, 0, USER[0], USER[1], USER[2], USER[3], //
        4, 0, 0, 0, 255, 255, 255, 255, //
        16, 0, 4, 0, 255, 255, 255, 255, //
        32, 0, 0, 0, 255, 255, 255, 255,
    ]
};

#[test]
#[cfg(target_os = "linux")]
fn access_control_lists_stay() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = with(folder.path(), "x.env", &format!("T={}\n", pair.old));
    let set = rustix::fs::setxattr(
        &path,
        "system.posix_acl_access",
        &ACL,
        rustix::fs::XattrFlags::empty(),
    );
    if set.is_err() {
        println!("skipped: this file system has no access control lists");
        return;
    }
    put(&path, &pair).unwrap();
    let mut value = [0; 64];
    let length = rustix::fs::getxattr(&path, "system.posix_acl_access", &mut value).unwrap();
    assert_eq!(value[..length], ACL);
    assert!(fs::read_to_string(&path).unwrap().contains(&pair.new));
}

#[test]
fn looking_changes_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = with(folder.path(), "x.env", &format!("\nT={}\n", pair.old));
    let before = fs::metadata(&path).unwrap();
    let old = OldToken::by_checksum("7", &pair.old[pair.old.len() - 8..]).unwrap();
    let plan = look(&path, &old, &[root(&folder)]).unwrap();
    assert_eq!(plan.spots()[0].line, 2);
    assert!(plan.consents().is_empty());
    let after = fs::metadata(&path).unwrap();
    assert_eq!(
        (after.ino(), after.modified().unwrap()),
        (before.ino(), before.modified().unwrap())
    );
    assert_eq!(leftovers(folder.path()), [] as [String; 0]);
    assert!(!format!("{plan:?}").contains("aB3dE"));
}

#[test]
fn a_file_with_other_names_is_written_as_it_is_after_consent() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = with(folder.path(), "x.env", &format!("T={}\n", pair.old));
    let other = folder.path().join("other");
    fs::hard_link(&path, &other).unwrap();
    let plan = look(&path, &pair.known(), &[root(&folder)]).unwrap();
    assert_eq!(
        plan.consents().iter().copied().collect::<Vec<_>>(),
        [Consent::HardLinks]
    );
    let prepared = plan.prepare(&pair.known(), &pair.fresh()).unwrap();
    let pending = prepared.pending().clone();
    prepared.apply().unwrap();
    assert_eq!(
        fs::read_to_string(&other).unwrap(),
        format!("T={}\n", pair.new)
    );
    assert_eq!(fs::metadata(&path).unwrap().nlink(), 2);
    assert_eq!(pending.finish(), Ok(Finished::Done));

    let longer = Pair {
        old: pair.new.clone(),
        new: Pair::new("7", "1042").new,
    };
    assert_eq!(
        put(&path, &longer),
        Err(Failure::Refused(Reason::HardLinks))
    );
}

#[test]
fn a_place_outside_the_folders_needs_consent_also_over_a_link() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pair = Pair::new("7", "7");
    let path = with(elsewhere.path(), "x.env", &format!("T={}\n", pair.old));
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    let plan = look(&link, &pair.known(), &[root(&folder)]).unwrap();
    assert!(plan.consents().contains(&Consent::Outside));
    assert_eq!(plan.target(), path.canonicalize().unwrap());
}

#[test]
fn what_is_never_written_is_told_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let text = format!("T={}\n", pair.old);
    let cases = [
        (".bash_history", Reason::History),
        ("app.log", Reason::Log),
        ("x/.git/logs/HEAD", Reason::GitData),
        ("terraform.tfstate", Reason::Generated),
        ("old.zip", Reason::Archive),
        ("data.sqlite", Reason::Database),
    ];
    let roots = [root(&folder)];
    for (name, reason) in cases {
        let path = with(folder.path(), name, &text);
        assert_eq!(
            look(&path, &pair.known(), &roots).unwrap_err(),
            reason,
            "{name}"
        );
    }
    let program = with(folder.path(), "program", &format!("\x7fELF\0{text}"));
    assert_eq!(
        look(&program, &pair.known(), &roots).unwrap_err(),
        Reason::Binary
    );
    let other = with(folder.path(), "other.env", "T=7|else\n");
    assert_eq!(
        look(&other, &pair.known(), &roots).unwrap_err(),
        Reason::NotThere
    );
    assert_eq!(
        look(&folder.path().join("no"), &pair.known(), &roots).unwrap_err(),
        Reason::Gone
    );
    assert_eq!(
        look(folder.path(), &pair.known(), &roots).unwrap_err(),
        Reason::Special
    );
    // A harmless name that leads to one that is not.
    let link = folder.path().join("x.env");
    symlink(".bash_history", &link).unwrap();
    assert_eq!(
        look(&link, &pair.known(), &roots).unwrap_err(),
        Reason::History
    );
}

#[test]
fn a_change_between_the_steps_is_noticed_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = with(folder.path(), "x.env", &format!("T={}\n", pair.old));
    let changed = format!("T={}\nNEW=1\n", pair.old);
    let (old, new) = (pair.known(), pair.fresh());
    let roots = [root(&folder)];

    let plan = look(&path, &old, &roots).unwrap();
    fs::write(&path, &changed).unwrap();
    assert_eq!(plan.prepare(&old, &new).unwrap_err(), Reason::NotThere);

    let prepared = look(&path, &old, &roots)
        .unwrap()
        .prepare(&old, &new)
        .unwrap();
    let again = format!("{changed}MORE=1\n");
    fs::write(&path, &again).unwrap();
    assert_eq!(prepared.apply(), Err(Failure::Changed));
    assert_eq!(fs::read_to_string(&path).unwrap(), again);
    assert_eq!(leftovers(folder.path()), [] as [String; 0]);
}

#[test]
fn what_a_killed_look_left_is_swept_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let ours = ".pulse-keys-0f8fad5bd9cb469fa16570867728950e.probe";
    fs::write(folder.path().join(ours), [0; 9]).unwrap();
    fs::write(folder.path().join(".pulse-keys-notes.probe"), "mine").unwrap();
    sweep(folder.path()).unwrap();
    assert_eq!(leftovers(folder.path()), [".pulse-keys-notes.probe"]);
    sweep(&folder.path().join("gone")).unwrap();
}

#[test]
fn whether_git_has_the_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new("7", "7");
    let path = with(folder.path(), "app/x.env", &format!("T={}\n", pair.old));
    let of = || {
        look(&path, &pair.known(), &[root(&folder)])
            .unwrap()
            .version_control()
    };
    assert_eq!(of(), None);
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.current_dir(folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", folder.path());
        git.args(arguments)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "--quiet"]) {
        println!("skipped: there is no git");
        return;
    }
    assert_eq!(of(), Some(VersionControl::Untracked));
    for index in ["2", "4"] {
        with(folder.path(), "app/another", "x");
        assert!(git(&["add", "app"]) && git(&["update-index", "--index-version", index]));
        assert_eq!(of(), Some(VersionControl::Tracked), "version {index}");
    }
    with(
        folder.path(),
        "app/x.env",
        &format!("T={}\nMORE=1\n", pair.old),
    );
    assert_eq!(of(), Some(VersionControl::TrackedChanged));
}
