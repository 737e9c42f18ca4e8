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

/// A program that keeps containers, as far as a search asks it: one container, and no more than these questions.
#[cfg(unix)]
fn keeper(socket: &std::path::Path, about: String) -> std::thread::JoinHandle<Vec<String>> {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    let list = format!(
        r#"[{{"Id":"{}","Names":["/shop-web-1"]}}]"#,
        "ab".repeat(32)
    );
    std::thread::spawn(move || {
        let answers = [list, about].into_iter();
        let asked = answers.map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let asked = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            write!(stream, "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n{answer}").unwrap();
            asked
        });
        asked.collect()
    })
}

#[test]
#[cfg(unix)]
fn what_a_container_was_started_with_is_asked_over_its_keepers_socket() {
    let home = tempfile::tempdir().unwrap();
    let token = Token::new(7);
    let socket = home.path().join("docker.sock");
    let about = format!(
        r#"{{"Config":{{"Env":["A=1","PULSE={}"]}}}}"#,
        token.whole()
    );
    let keeper = keeper(&socket, about);
    let machine = Machine::none().with_containers([&socket, &home.path().join("absent.sock")]);
    let (findings, summary) = run(scan(&[token.search_key()], home.path())
        .tier(Tier::Named)
        .machine(machine));
    assert_eq!(findings.len(), 1);
    let found = &findings[0];
    assert_eq!(
        (found.level, found.place),
        (Level::ThisKey, Place::Environment)
    );
    assert_eq!(found.inside.as_deref(), Some("shop-web-1"));
    assert_eq!(found.variable.as_deref(), Some("PULSE"));
    assert!(summary.skipped.is_empty(), "{:?}", summary.skipped);
    let id = "ab".repeat(32);
    let expected = [
        "GET /containers/json HTTP/1.0".to_owned(),
        format!("GET /containers/{id}/json HTTP/1.0"),
    ];
    assert_eq!(keeper.join().unwrap(), expected);
}

#[test]
#[cfg(unix)]
fn a_keeper_of_containers_that_says_no_or_nonsense_is_told() {
    let home = tempfile::tempdir().unwrap();
    let socket = home.path().join("docker.sock");
    let keeper = keeper(&socket, "not JSON, and of no interest".to_owned());
    let token = Token::new(7);
    let machine = Machine::none().with_containers([&socket]);
    let search = || {
        run(scan(&[token.search_key()], home.path())
            .tier(Tier::Named)
            .machine(machine.clone()))
        .1
    };
    assert!(search().skipped.is_empty());
    keeper.join().unwrap();
    fs::remove_file(&socket).unwrap();
    let listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let refusing = std::thread::spawn(move || {
        use std::io::Write as _;
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.0 403 Forbidden\r\n\r\n").unwrap();
    });
    let skipped = search().skipped;
    refusing.join().unwrap();
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert_eq!(skipped[0].what.as_deref(), Some("running containers"));
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

/// A program that says this, in the place of `crontab`.
#[cfg(unix)]
fn keeper_of_jobs(folder: &std::path::Path, script: &str) -> Machine {
    Machine::none().with_crontab(program(folder, script))
}

/// A program that does this.
#[cfg(unix)]
fn program(folder: &std::path::Path, script: &str) -> std::path::PathBuf {
    use std::process::Command;
    let program = folder.join("program");
    // Written by another process: a file that this one has open for writing while another test starts a program is
    // busy for as long as that does.
    let write = "printf '#!/bin/sh\n%s\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", write, "sh"]).arg(&program).arg(script);
    assert!(shell.status().unwrap().success());
    program
}

#[test]
#[cfg(unix)]
fn the_users_table_of_timed_jobs_is_asked_for() {
    let (home, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let token = Token::new(7);
    let search = |script: &str| {
        let machine = keeper_of_jobs(programs.path(), script);
        run(scan(&[token.search_key()], home.path())
            .tier(Tier::Named)
            .machine(machine))
    };
    let job = format!(
        "[ \"$1\" = -l ] && echo '0 5 * * * PULSE={} check'",
        token.whole()
    );
    let (findings, summary) = search(&job);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].level, findings[0].place, findings[0].line),
        (Level::ThisKey, Place::Script, Some(1))
    );
    assert!(summary.skipped.is_empty(), "{:?}", summary.skipped);
    // So it answers where the user has no table.
    let (findings, summary) = search("echo 'no crontab for me' >&2; exit 1");
    assert_eq!((findings.len(), summary.skipped.len()), (0, 0));
}

#[test]
#[cfg(unix)]
fn a_table_of_timed_jobs_that_has_no_end_is_told() {
    let (home, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let machine = keeper_of_jobs(programs.path(), "exec cat /dev/zero");
    let token = Token::new(7);
    let (_, summary) = run(scan(&[token.search_key()], home.path())
        .tier(Tier::Named)
        .machine(machine));
    let [skipped] = summary.skipped.as_slice() else {
        panic!("{:?}", summary.skipped);
    };
    assert_eq!(skipped.what.as_deref(), Some("table of timed jobs"));
    assert!(skipped.reason.is_gap());
}

#[test]
#[cfg(unix)]
fn files_are_searched_while_a_keeper_of_timed_jobs_takes_its_time() {
    let (home, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let token = Token::new(7);
    fs::write(home.path().join("notes"), token.whole()).unwrap();
    let found = programs.path().join("found");
    // Says nothing before the file is found.
    let script = format!(
        "until [ -e {0} ]; do :; done; echo '{1}'",
        found.display(),
        token.whole()
    );
    let places = std::sync::Mutex::new(Vec::new());
    let summary = scan(&[token.search_key()], home.path())
        .machine(keeper_of_jobs(programs.path(), &script))
        .run(&|event| {
            if let usage::Event::Found(finding) = event {
                places.lock().unwrap().push(finding.place);
                fs::write(&found, "").unwrap();
            }
        });
    assert!(summary.skipped.is_empty(), "{:?}", summary.skipped);
    assert_eq!(places.into_inner().unwrap(), [Place::Other, Place::Script]);
}

#[test]
#[cfg(unix)]
fn a_keeper_of_timed_jobs_that_can_not_be_started_is_told() {
    let home = tempfile::tempdir().unwrap();
    let machine = Machine::none().with_crontab(home.path());
    let token = Token::new(7);
    let (_, summary) = run(scan(&[token.search_key()], home.path())
        .tier(Tier::Named)
        .machine(machine));
    assert_eq!(summary.skipped.len(), 1, "{:?}", summary.skipped);
    assert!(summary.skipped[0].reason.is_gap());
}

/// In the place of `reg`: the user's variables, and of services those of one; the rest of these is refused.
#[cfg(unix)]
fn registry(folder: &std::path::Path, token: &Token) -> Machine {
    let script = format!(
        r#"case "$2 $3" in
"HKEY_CURRENT_USER\\Environment /s") cat <<"END"

HKEY_CURRENT_USER\Environment
    Path    REG_EXPAND_SZ    C:\bin
    PULSEAPI_TOKEN    REG_SZ    {token}

END
;;
"HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services /s") cat <<"END"
HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\check
    Environment    REG_MULTI_SZ    PORT=80\0KEY={token}

END
exit 1 ;;
"HKEY_CURRENT_USER " | "HKEY_LOCAL_MACHINE ") echo "$2\\\\Software" ;;
*) echo "ERROR: The system was unable to find the specified registry key or value." >&2; exit 1 ;;
esac"#,
        token = token.whole()
    );
    Machine::none().with_registry(program(folder, &script))
}

#[test]
#[cfg(unix)]
fn the_registry_is_asked_for_what_may_hold_keys() {
    let (home, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let token = Token::new(7);
    let (mut findings, summary) = run(scan(&[token.search_key()], home.path())
        .tier(Tier::Named)
        .machine(registry(programs.path(), &token)));
    findings.sort_by_key(|finding| finding.path.clone());
    let seen: Vec<_> = findings
        .iter()
        .map(|finding| {
            (
                finding.level,
                finding.path.to_str().unwrap(),
                finding.inside.as_deref(),
                finding.variable.as_deref(),
                finding.place,
            )
        })
        .collect();
    let services = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services";
    assert_eq!(
        seen,
        [
            (
                Level::ThisKey,
                r"HKEY_CURRENT_USER\Environment",
                None,
                Some("PULSEAPI_TOKEN"),
                Place::Environment
            ),
            (
                Level::ThisKey,
                services,
                Some("check"),
                Some("KEY"),
                Place::Script
            ),
        ]
    );
    // It said something of the services, and then that it failed: not all of them was searched.
    let [skipped] = summary.skipped.as_slice() else {
        panic!("{:?}", summary.skipped);
    };
    assert_eq!(skipped.what.as_deref(), Some("registry"));
    assert!(skipped.reason.is_gap());
}

#[test]
#[cfg(unix)]
fn a_registry_that_says_nothing_at_all_is_told() {
    let (home, programs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let listed = r#"case "$2 $3" in
"HKEY_CURRENT_USER ") echo "HKEY_CURRENT_USER\\\\environment" ;;
"HKEY_LOCAL_MACHINE ") echo "HKEY_LOCAL_MACHINE\\\\HARDWARE" ;;
*) exit 1 ;;
esac"#;
    // One for each key where nothing is said of anything, and where a key is listed but not read, for that one.
    for (script, expected) in [("exit 1", 9), (listed, 1)] {
        let machine = Machine::none().with_registry(program(programs.path(), script));
        let token = Token::new(7);
        let (_, summary) = run(scan(&[token.search_key()], home.path())
            .tier(Tier::Named)
            .machine(machine));
        let told = |skipped: &usage::Skipped| skipped.reason.is_gap().then_some(skipped.count);
        let told: u64 = summary.skipped.iter().filter_map(told).sum();
        assert_eq!(told, expected, "{script}: {:?}", summary.skipped);
    }
}
