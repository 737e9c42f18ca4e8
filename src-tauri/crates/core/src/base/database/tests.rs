use std::fs;

use super::*;

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("pulse-keys.sqlite")
}

/// Names of what is in a folder, sorted.
fn names(folder: &tempfile::TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A closed database in its newest form, with enough rows for many pages.
fn with_rows(path: &Path) -> Vec<u8> {
    drop(Database::open(path, now()).unwrap());
    let connection = Connection::open(path).unwrap();
    add_notices(&connection, 200);
    drop(connection);
    fs::read(path).unwrap()
}

fn add_notices(connection: &Connection, count: usize) {
    let long = "x".repeat(500);
    for number in 0..count {
        let row = (number.to_string(), &long);
        let sql = "INSERT INTO notice (id, at, account, message) VALUES (?1, '', '', ?2)";
        connection.execute(sql, row).unwrap();
    }
}

fn notices(path: &Path) -> i64 {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT count(*) FROM notice";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn the_steps_are_sound() {
    Migrations::from_slice(STEPS).validate().unwrap();
}

#[test]
fn a_damaged_file_is_kept_under_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let junk =
        b"this is no database, and it is longer than a header of one hundred bytes ".repeat(4);
    fs::write(&path, &junk).unwrap();

    let opened = Database::open(&path, now()).unwrap();

    let aside = opened.damaged.expect("the damaged file is reported");
    assert_eq!(
        aside.file_name().unwrap(),
        "pulse-keys.sqlite.damaged-20261122T140000Z"
    );
    assert_eq!(fs::read(aside).unwrap(), junk);
    assert!(path.exists());
}

#[test]
fn damage_far_from_the_beginning_is_noticed_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let mut bytes = with_rows(&path);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&path, &bytes).unwrap();

    let opened = Database::open(&path, now()).unwrap();

    let aside = opened.damaged.expect("the damaged file is reported");
    assert_eq!(fs::read(aside).unwrap(), bytes);
    drop(opened.database);
    assert_eq!(notices(&path), 0);
    let again = Database::open(&path, now()).unwrap();
    assert_eq!(again.damaged, None, "the new one is sound");
}

/// After a crash the last rows stand beside the file. They may be all that can be saved.
#[test]
fn rows_beside_a_damaged_file_are_kept_with_it() {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(Database::open(&file(&before), now()).unwrap());
    let running = Connection::open(file(&before)).unwrap();
    add_notices(&running, 3);
    let beside = fs::read(before.path().join("pulse-keys.sqlite-wal")).unwrap();
    let mut main = fs::read(file(&before)).unwrap();
    main[..100].fill(0);
    fs::write(file(&after), &main).unwrap();
    fs::write(after.path().join("pulse-keys.sqlite-wal"), &beside).unwrap();

    let aside = Database::open(&file(&after), now()).unwrap().damaged;

    let aside = aside.expect("the damaged file is reported");
    assert_eq!(fs::read(&aside).unwrap(), main);
    let mut beside_it = aside.into_os_string();
    beside_it.push("-wal");
    assert_eq!(fs::read(beside_it).unwrap(), beside);
    assert_eq!(
        notices(&file(&after)),
        0,
        "none of them came back by itself"
    );
}

/// A custodian works beside an app that has the same file open, and can tell nobody.
#[test]
fn a_process_beside_the_app_leaves_a_damaged_file_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let junk = b"no database ".repeat(20);
    fs::write(&path, &junk).unwrap();
    assert!(Database::open_sound(&path).is_err());
    assert_eq!(fs::read(&path).unwrap(), junk);
    assert_eq!(names(&folder), ["pulse-keys.sqlite"]);
}

#[test]
fn a_newer_file_is_refused_and_left_alone_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    with_rows(&path);
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    // A later version may keep the file in another mode; setting ours would change it.
    connection
        .pragma_update(None, "journal_mode", "DELETE")
        .unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();

    let early = Database::refuse_newer(&path);
    let refused = Database::open(&path, now());

    assert!(
        matches!(early, Err(DatabaseError::Newer { .. })),
        "{early:?}"
    );
    let Err(DatabaseError::Newer { path: named }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(named, path);
    assert!(fs::read(&path).unwrap() == before, "it was changed");
    assert_eq!(names(&folder), ["pulse-keys.sqlite"]);
}

/// The app that wrote it crashed, and what makes it newer is not in the file itself yet.
#[test]
fn a_newer_file_is_recognised_by_what_stands_beside_it() {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    with_rows(&file(&before));
    let running = Connection::open(file(&before)).unwrap();
    running.pragma_update(None, "user_version", 99).unwrap();
    for name in ["pulse-keys.sqlite", "pulse-keys.sqlite-wal"] {
        fs::copy(before.path().join(name), after.path().join(name)).unwrap();
    }
    let refused = Database::open(&file(&after), now());
    assert!(
        matches!(refused, Err(DatabaseError::Newer { .. })),
        "{refused:?}"
    );
    assert_eq!(notices(&file(&after)), 200);
}

#[test]
fn asking_whether_a_file_is_newer_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    Database::refuse_newer(&file(&folder)).unwrap();
    assert_eq!(names(&folder), [""; 0]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    Database::open(&path, now()).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}
