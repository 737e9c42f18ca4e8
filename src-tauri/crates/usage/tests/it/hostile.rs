//! Folders and archives made to hang a search, to take all memory or to end it. Each folder holds a key beside the trap:
//! it must be found, the trap must be told, and the program must end within the memory it is given.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use usage::{Level, Machine, Reason, Tier};

use crate::bombs;
use crate::packing::{gzip, zip};
use crate::support::{run, scan};
use crate::trap::{MEMORY, Trap, count, soon};

#[test]
fn names_in_a_tar_are_read_up_to_a_cap() {
    let trap = Trap::new();
    // The name is a hole of 1.6 GB; then comes a member.
    let name = bombs::tar_header("././@LongLink", 1_600_000_000, b'L');
    let text = trap.text();
    let member = bombs::tar_header("member", text.len() as u64, b'0');
    let path = trap.at("a.tar");
    fs::write(&path, name).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    let at = 512 + 1_600_000_000_u64.next_multiple_of(512);
    let tail = [member.as_slice(), text.as_bytes()].concat();
    std::os::unix::fs::FileExt::write_all_at(&file, &tail, at).unwrap();
    let told = trap.search(MEMORY, 2);
    assert_eq!(told.code, Some(1));
    assert_eq!(told.count("budget"), 1, "{}", told.summary);
    // In the archive, as a part of the file itself, and in the file beside it.
    assert_eq!(told.found, 3);
}

#[test]
fn a_zip_of_a_million_members_takes_no_more_memory_than_one() {
    let trap = Trap::new();
    let file = fs::File::create(trap.at("a.zip")).unwrap();
    bombs::zip_of_many(1_200_000, &trap.text(), std::io::BufWriter::new(file)).unwrap();
    let told = trap.search(MEMORY, 2);
    assert_eq!(told.code, Some(1));
    assert_eq!(told.count("budget"), 1, "{}", told.summary);
    assert!(told.found >= 2);
}

#[test]
fn archives_in_each_other_are_opened_only_so_deep() {
    let trap = Trap::new();
    let mut inner = b"x".to_vec();
    for _ in 0..4000 {
        let header = bombs::tar_header("a.tar", inner.len() as u64, b'0');
        inner = [header.as_slice(), &inner].concat();
        inner.resize(inner.len().next_multiple_of(512), 0);
    }
    fs::write(trap.at("a.tar"), inner).unwrap();
    trap.expect(2, "archive_cut", 1);
}

#[test]
fn one_bad_member_does_not_hide_the_others() {
    let trap = Trap::new();
    let text = trap.text();
    let inner = gzip(&[0; 1 << 16]);
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in [
        ("broken.gz", &inner[..inner.len() / 2]),
        ("closed.xz", b"\xfd7zXZ\0 and so on"),
        ("not.zip", b"PK\x03\x04 and nothing more"),
        ("good.txt", text.as_bytes()),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_cksum();
        archive.append_data(&mut header, name, content).unwrap();
    }
    let archive = archive.into_inner().unwrap();
    fs::write(trap.at("a.tgz"), gzip(&archive)).unwrap();
    let told = trap.search(MEMORY, 2);
    assert_eq!((told.found, told.count("archive_cut")), (2, 1));
}

#[test]
fn a_zip_bomb_of_overlapping_members_is_paid_for() {
    let trap = Trap::new();
    let member = zip("x", &vec![0; 10 << 20]);
    let file = fs::File::create(trap.at("a.zip")).unwrap();
    bombs::zip_again(&member, 50_000, std::io::BufWriter::new(file)).unwrap();
    trap.expect(2, "budget", 1);
}

#[test]
fn links_and_borrowed_stores_on_a_foreign_mount_are_left_alone() {
    let trap = Trap::new();
    let nas = tempfile::tempdir().unwrap();
    let nas = nas.path().canonicalize().unwrap();
    fs::create_dir_all(nas.join("store/objects/pack")).unwrap();
    fs::write(nas.join("rc"), trap.text()).unwrap();
    symlink(nas.join("rc"), trap.at("link")).unwrap();
    // Through another link, and at a place that is looked into by its name.
    symlink("link", trap.at(".netrc")).unwrap();
    trap.repository();
    let store = nas.join("store/objects");
    fs::write(
        trap.at("repo/.git/objects/info/alternates"),
        format!("{}\n", store.display()),
    )
    .unwrap();
    fs::create_dir_all(trap.at("other/.git/refs")).unwrap();
    fs::write(trap.at("other/.git/HEAD"), "ref: refs/heads/main\n").unwrap();
    symlink(&store, trap.at("other/.git/objects")).unwrap();
    let root = trap.home.path().join("root");
    let keys = [trap.token.search_key()];
    let search = |machine| run(scan(&keys, &root).machine(machine));

    let (findings, summary) = search(Machine::none().with_foreign_mounts([&nas]));
    let paths: Vec<_> = findings.iter().map(|finding| &finding.path).collect();
    assert_eq!(paths, [&root.canonicalize().unwrap().join("zz.txt")]);
    assert_eq!(summary.totals.stores, 1);
    assert!(count(&summary, Reason::Mount) >= 4, "{summary:?}");

    let (findings, summary) = search(Machine::none().with_foreign_mounts([] as [&Path; 0]));
    assert_eq!(findings.len(), 3);
    assert_eq!(summary.totals.stores, 2);
}

#[test]
fn a_folder_of_many_is_searched_to_its_end_and_is_still_what_it_is() {
    let trap = Trap::new();
    for number in 0..40_000 {
        fs::write(trap.at(format!("many/{number}")), "").unwrap();
    }
    for name in ["many/first", "many/middle/x", "many/z"] {
        fs::write(trap.at(name), trap.text()).unwrap();
    }
    let (findings, summary) = run(scan(
        &[trap.token.search_key()],
        &trap.home.path().join("root"),
    ));
    assert_eq!((findings.len(), summary.totals.files), (4, 40_004));
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
    fs::write(trap.at("many/CACHEDIR.TAG"), tag).unwrap();
    let (findings, summary) = run(scan(
        &[trap.token.search_key()],
        &trap.home.path().join("root"),
    ));
    assert_eq!((findings.len(), count(&summary, Reason::Pruned)), (1, 1));
}

#[test]
fn a_file_that_grows_as_fast_as_it_is_read_comes_to_an_end() {
    let trap = Trap::new();
    let path = trap.at("a.log");
    fs::write(&path, vec![b'x'; 1 << 20]).unwrap();
    let (stop, stopped) = mpsc::channel::<()>();
    let writer = thread::spawn(move || {
        let mut file = fs::File::options().append(true).open(path).unwrap();
        let text = vec![b'x'; 1 << 20];
        let mut left = 2000;
        while stopped.try_recv().is_err() && left > 0 {
            std::io::Write::write_all(&mut file, &text).unwrap();
            left -= 1;
        }
    });
    let root = trap.home.path().join("root");
    let keys = [trap.token.search_key()];
    let (findings, summary) = soon(move || run(scan(&keys, &root)));
    // It may have stopped growing already: then nobody is there to be told.
    let _ = stop.send(());
    writer.join().unwrap();
    assert_eq!(findings.len(), 1);
    assert!(!summary.stopped);
}

#[test]
fn names_that_are_no_text_are_names() {
    let trap = Trap::new();
    let odd = |name: &[u8]| std::ffi::OsStr::from_bytes(name).to_owned();
    let file = Path::new(&odd(b"fo\xffder")).join(odd(b"fi\xfele"));
    fs::write(trap.at(&file), trap.text()).unwrap();
    // A worktree whose repository has such a name.
    let outside = tempfile::tempdir().unwrap();
    let repository = outside.path().join(odd(b"re\xffpo"));
    fs::create_dir_all(repository.join("objects/05")).unwrap();
    let object = format!("blob {}\0{}", trap.text().len(), trap.text());
    let name = "a".repeat(38);
    fs::write(
        repository.join("objects/05").join(name),
        bombs::packed(object.as_bytes()),
    )
    .unwrap();
    let link = [b"gitdir: ", repository.as_os_str().as_bytes(), b"\n"].concat();
    fs::write(trap.at("linked/.git"), link).unwrap();
    let (findings, summary) = run(scan(
        &[trap.token.search_key()],
        &trap.home.path().join("root"),
    ));
    assert_eq!(findings.len(), 3);
    assert_eq!(summary.totals.stores, 1);
}

#[test]
fn a_flood_of_findings_is_cut_and_hides_no_key() {
    let trap = Trap::new();
    for file in 0..15 {
        let mut text = String::new();
        for number in 0..2500 {
            text.push_str(&format!("N{number}={}\n", trap.token.last_eight()));
        }
        fs::write(trap.at(format!("flood/{file}")), text).unwrap();
    }
    let (findings, summary) = run(scan(
        &[trap.token.search_key()],
        &trap.home.path().join("root"),
    ));
    let proved = findings
        .iter()
        .filter(|finding| finding.level == Level::ThisKey);
    assert_eq!(proved.count(), 1);
    assert_eq!(findings.len(), 20_001);
    assert!(count(&summary, Reason::Budget) > 0);
    assert!(summary.is_incomplete());
}

#[test]
fn a_text_that_is_nothing_but_ends_of_keys_takes_no_longer_than_any_other() {
    let trap = Trap::new();
    trap.repository();
    let text = trap.token.last_eight().repeat(1 << 16);
    let object = format!("blob {}\0{text}", text.len());
    let path = trap.at(format!("repo/.git/objects/00/{}", "a".repeat(38)));
    fs::write(path, bombs::packed(object.as_bytes())).unwrap();
    fs::write(trap.at("a.txt"), text).unwrap();
    let root = trap.home.path().join("root");
    let keys = [trap.token.search_key()];
    let (findings, _) = soon(move || run(scan(&keys, &root).tier(Tier::Everything)));
    let proved = findings
        .iter()
        .filter(|finding| finding.level == Level::ThisKey);
    assert_eq!(proved.count(), 1);
}
