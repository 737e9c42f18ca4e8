use super::*;
use uuid::Uuid;

use crate::preferences::wire::{ListPreferences, Strictness, Theme};

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("preferences.json")
}

fn read(file: &Path) -> Preferences {
    let read = Chosen::read(file, now()).unwrap();
    assert_eq!(read.damaged, None);
    read.chosen.preferences
}

#[test]
fn what_was_chosen_survives_a_restart_and_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder);
    let mut chosen = Chosen::read(&file, now()).unwrap().chosen;
    assert_eq!(*chosen.get(), Preferences::default());
    let (kept, session) = (AccountId(Uuid::new_v4()), AccountId(Uuid::new_v4()));
    let list = ListPreferences {
        column: "name".to_owned(),
        descending: true,
        filters: vec!["idle".to_owned()],
    };
    let mut wanted = Preferences {
        theme: Theme::Dark,
        zoom: 125,
        shortcuts: [("key.rotate".to_owned(), vec![])].into(),
        lists: [(kept, list.clone()), (session, list)].into(),
        ..Preferences::default()
    };
    chosen.put(wanted.clone(), |id| id == kept).unwrap();
    assert_eq!(*chosen.get(), wanted);
    wanted.lists.remove(&session);
    assert_eq!(read(&file), wanted);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_another_version_chose_is_taken_as_far_as_it_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder);
    std::fs::write(&file, r#"{"version": 1, "theme": "dark", "sound": "loud"}"#).unwrap();
    let expected = Preferences {
        theme: Theme::Dark,
        ..Preferences::default()
    };
    assert_eq!(read(&file), expected);
    // Whole, as the version before search folders wrote it.
    let before = r#"{"version": 1, "theme": "dark", "contrast": "system", "motion": "system",
        "density": "comfortable", "zoom": 100, "clipboard_seconds": 45, "clipboardSeconds": 45,
        "strictness": "standard", "shortcuts": {}, "lists": {}}"#;
    std::fs::write(&file, before).unwrap();
    assert_eq!(read(&file), expected);
}

#[test]
fn an_unsound_file_is_set_aside_and_a_newer_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder);
    for unsound in [
        "{ half a file",
        "[]",
        r#"{"version": 1, "zoom": 4000}"#,
        r#"{"version": 1, "strictness": "none"}"#,
    ] {
        std::fs::write(&file, unsound).unwrap();
        let read = Chosen::read(&file, now()).unwrap();
        assert_eq!(*read.chosen.get(), Preferences::default());
        let aside = std::fs::read_to_string(read.damaged.unwrap()).unwrap();
        assert_eq!(aside, unsound);
        assert!(!file.exists());
    }
    let newer = r#"{"version": 2}"#;
    std::fs::write(&file, newer).unwrap();
    assert!(Chosen::read(&file, now()).is_err());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), newer);
}

#[test]
fn each_limit_is_a_limit() {
    let keys = |count: usize, length: usize| vec!["x".repeat(length); count];
    let with_keys = |keys: Vec<String>| Preferences {
        shortcuts: [("a".to_owned(), keys)].into(),
        ..Preferences::default()
    };
    let with_filters = |filters: Vec<String>| Preferences {
        lists: [(
            AccountId(Uuid::nil()),
            ListPreferences {
                column: "name".to_owned(),
                descending: false,
                filters,
            },
        )]
        .into(),
        ..Preferences::default()
    };
    let with_shortcuts = |count: usize| Preferences {
        shortcuts: (0..count).map(|n| (n.to_string(), vec![])).collect(),
        ..Preferences::default()
    };
    let with_numbers = |zoom, clipboard_seconds| Preferences {
        zoom,
        clipboard_seconds,
        strictness: Strictness::Strict,
        ..Preferences::default()
    };
    for sound in [
        with_numbers(50, 10),
        with_numbers(200, 300),
        with_keys(keys(4, 40)),
        with_filters(keys(20, 120)),
        with_shortcuts(200),
    ] {
        assert_eq!(problem(&sound), None, "{sound:?}");
    }
    for unsound in [
        with_numbers(49, 45),
        with_numbers(201, 45),
        with_numbers(100, 9),
        with_numbers(100, 301),
        with_keys(keys(5, 1)),
        with_keys(keys(1, 41)),
        with_filters(keys(21, 1)),
        with_filters(keys(1, 121)),
        with_shortcuts(201),
    ] {
        assert!(problem(&unsound).is_some(), "{unsound:?}");
    }
}
