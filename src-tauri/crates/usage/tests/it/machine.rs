//! The environment of this program and of others.

use std::fs;

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
    let keys = [here.sought(), there.sought()];
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
    let (findings, summary) = run(scan(&[token.sought()], home.path()));
    assert_eq!((findings.len(), summary.totals.files), (1, 1));
}
