//! The environment of this program and of others.

use std::fs;
use std::time::{Duration, SystemTime};

use usage::{Level, Machine, Place, Tier};

use crate::support::{Token, run, scan};

#[test]
fn variables_and_running_programs_are_looked_into_first() {
    let home = tempfile::tempdir().unwrap();
    let (here, there) = (Token::new(7), Token::new(8));
    let programs = tempfile::tempdir().unwrap();
    let folder = programs.path().join("4242");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("comm"), "node\n").unwrap();
    fs::write(
        folder.join("environ"),
        format!("A=1\0PULSE={}\0B=2\0", there.whole()),
    )
    .unwrap();
    fs::create_dir(programs.path().join("self")).unwrap();
    let machine = Machine::none()
        .with_variables(vec![
            ("PATH".into(), "/bin".into()),
            ("KEY".into(), here.whole().into()),
        ])
        .with_processes(programs.path());
    let keys = [here.search_key(), there.search_key()];
    let (findings, summary) = run(scan(&keys, home.path()).tier(Tier::Named).machine(machine));
    assert_eq!(summary.totals.processes, 1);
    assert_eq!(findings.len(), 2);
    for finding in &findings {
        assert_eq!(
            (finding.level, finding.place, finding.line),
            (Level::ThisKey, Place::Environment, None)
        );
    }
    assert_eq!(findings[0].variable.as_deref(), Some("KEY"));
    let process = findings[1].process.as_ref().unwrap();
    assert_eq!((process.id, process.name.as_str()), (4242, "node"));
    assert_eq!(findings[1].variable.as_deref(), Some("PULSE"));
}

#[test]
fn a_named_file_is_read_once() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    fs::write(
        home.path().join(".bashrc"),
        format!("export K={}\n", token.whole()),
    )
    .unwrap();
    let (findings, summary) = run(scan(&[token.search_key()], home.path()));
    assert_eq!((findings.len(), summary.totals.files), (1, 1));
}

#[test]
fn a_file_predates_a_key_only_where_neither_clocks_nor_the_token_itself_say_otherwise() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    let files = [
        ("proved.env", format!("K={}\n", token.whole())),
        ("noted.env", format!("K=pulse {}\n", token.last_eight())),
    ];
    let created = SystemTime::now();
    let hours = |hours: u64| Duration::from_secs(60 * 60 * hours);
    // A file is dated by another clock than a key, and in larger steps.
    for (written, expected) in [(hours(0), false), (hours(14), false), (hours(48), true)] {
        for (name, text) in &files {
            let path = home.path().join(name);
            fs::write(&path, text).unwrap();
            let file = fs::File::options().write(true).open(&path).unwrap();
            let moment = created - written - Duration::from_millis(4);
            file.set_modified(moment).unwrap();
        }
        let keys = [token.search_key().created_at(Some(created))];
        let (mut findings, _) = run(scan(&keys, home.path()));
        findings.sort_by_key(|finding| finding.level);
        let seen: Vec<_> = findings
            .iter()
            .map(|finding| (finding.level, finding.predates_key))
            .collect();
        let wanted = [(Level::Mention, expected), (Level::ThisKey, false)];
        assert_eq!(seen, wanted, "written {written:?} before the key");
    }
}
