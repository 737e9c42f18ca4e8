//! Folders made to hang a search, to take all memory or to end it. Each holds a key beside the trap: it must be found,
//! the trap must be told, and the program must end within the memory it is given.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use usage::{Event, Level, Machine, Reason, Tier};

use crate::bombs;
use crate::corpus::{gzip, zip};
use crate::support::{Token, git, run, scan};

/// What a confined search may take of memory, in kilobytes. It needs less than 40,000 on an ordinary folder.
const MEMORY: u64 = 100_000;

/// How long it may take, on a machine that does something else besides.
const LONG: Duration = Duration::from_secs(240);

/// A folder with a key in it that any search must find.
struct Trap {
    home: tempfile::TempDir,
    token: Token,
}

/// What a search of it said.
struct Told {
    code: Option<i32>,
    summary: serde_json::Value,
    found: usize,
}

impl Trap {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let token = Token::new(7);
        fs::create_dir(home.path().join("root")).unwrap();
        let keys = format!(r#"[{{"id": "7", "last_eight": "{}"}}]"#, token.last_eight());
        fs::write(home.path().join("keys.json"), keys).unwrap();
        let trap = Self { home, token };
        fs::write(trap.at("zz.txt"), trap.text()).unwrap();
        trap
    }

    fn text(&self) -> String {
        format!("K={}\n", self.token.whole())
    }

    /// A path in the folder, whose parents are made.
    fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.home.path().join("root").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// What a repository has at least.
    fn repository(&self) {
        fs::create_dir_all(self.at("repo/.git/objects/info")).unwrap();
        fs::create_dir_all(self.at("repo/.git/objects/pack")).unwrap();
        fs::create_dir_all(self.at("repo/.git/refs")).unwrap();
        fs::write(self.at("repo/.git/HEAD"), "ref: refs/heads/main\n").unwrap();
    }

    /// A pack of these entries, each with the beginning of its entry and its packed text.
    fn pack(&self, entries: &[Vec<u8>]) {
        self.repository();
        let (index, pack) = bombs::pack(entries);
        fs::write(self.at("repo/.git/objects/pack/pack-1.idx"), index).unwrap();
        fs::write(self.at("repo/.git/objects/pack/pack-1.pack"), pack).unwrap();
    }

    fn command(&self, memory: u64, tier: u8) -> Command {
        let mut command = Command::new("sh");
        let script = format!("ulimit -v {memory}; exec \"$@\"");
        command
            .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_usage-scan")])
            .args(["--json", "--git", "--folders-only", "--threads", "2"])
            .args(["--tier", &tier.to_string(), "--keys"])
            .arg(self.home.path().join("keys.json"))
            .arg(self.home.path().join("root"));
        command
    }

    /// Runs the program with so many kilobytes of memory. Whatever there is must not end it, nor keep it for long.
    fn search(&self, memory: u64, tier: u8) -> Told {
        let mut child = self
            .command(memory, tier)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let (done, waiting) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            let read = std::io::Read::read_to_string(&mut output, &mut text);
            done.send(read.map(|_| text)).unwrap();
        });
        let Ok(text) = waiting.recv_timeout(LONG) else {
            child.kill().unwrap();
            panic!("the search hangs");
        };
        let text = text.unwrap();
        let status = child.wait().unwrap();
        let last = text.lines().last().unwrap_or_default();
        let summary = serde_json::from_str(last).unwrap_or_else(|_| panic!("it ended: {status}"));
        Told {
            code: status.code(),
            summary,
            found: text.matches("\"level\":\"this_key\"").count(),
        }
    }

    /// Searches and expects the key, nothing worse, and so many times the reason.
    fn expect(&self, tier: u8, reason: &str, count: u64) -> Told {
        let told = self.search(MEMORY, tier);
        println!("{}", told.summary);
        assert_eq!(told.found, 1);
        assert_eq!(told.code, Some(1));
        assert_eq!(told.count(reason), count, "{}", told.summary);
        told
    }
}

impl Told {
    fn count(&self, reason: &str) -> u64 {
        let blind = self.summary["blind"].as_array().unwrap().iter();
        let blind = blind.filter(|blind| blind["reason"] == reason);
        blind.map(|blind| blind["count"].as_u64().unwrap()).sum()
    }
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn count(summary: &usage::Summary, reason: Reason) -> u64 {
    let blind = summary.blind.iter().filter(|blind| blind.reason == reason);
    blind.map(|blind| blind.count).sum()
}

/// Fails when a search stalls, instead of waiting with it.
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, waiting) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    waiting.recv_timeout(LONG).unwrap()
}

/// Files that a search reads because of their names.
const SMALL: [&str; 6] = [
    "CACHEDIR.TAG",
    "repo/.git/objects/info/alternates",
    "repo/.git/config",
    "linked/.git",
    "repo/.git/packed-refs",
    "repo/.git/objects/pack/pack-2.idx",
];

#[test]
fn a_device_in_the_place_of_a_small_file_costs_nothing() {
    for name in SMALL {
        let trap = Trap::new();
        trap.repository();
        symlink("/dev/zero", trap.at(name)).unwrap();
        let told = trap.search(MEMORY, 1);
        assert_eq!((told.found, told.code), (1, Some(1)), "{name}");
        // What the walk meets as a link to a device has nothing to say; what was asked for by its name is told.
        if name.contains("alternates") || name.contains("config") || name.contains("idx") {
            let told = told.count("special") + told.count("mount") + told.count("git_object");
            assert!(told > 0, "{name}");
        }
    }
}

#[test]
fn a_pipe_in_the_place_of_a_small_file_holds_up_nothing() {
    for name in SMALL {
        let trap = Trap::new();
        trap.repository();
        pipe(&trap.at(name));
        let told = trap.search(MEMORY, 1);
        assert_eq!((told.found, told.code), (1, Some(1)), "{name}");
    }
    // What a worktree and the program `git` would read.
    let trap = Trap::new();
    fs::write(trap.at("linked/.git"), "gitdir: ../repo/.git/worktrees/w\n").unwrap();
    trap.repository();
    pipe(&trap.at("repo/.git/worktrees/w/commondir"));
    assert_eq!(trap.search(MEMORY, 1).found, 1);
}

#[test]
fn a_small_file_that_is_large_is_read_up_to_its_cap_and_told() {
    for name in [
        "repo/.git/objects/info/alternates",
        "repo/.git/config",
        "linked/.git",
    ] {
        let trap = Trap::new();
        trap.repository();
        let file = fs::File::create(trap.at(name)).unwrap();
        file.set_len(3 << 30).unwrap();
        let told = trap.expect(1, "budget", 1);
        assert_eq!(
            told.summary["blind"][0]["what"], "small file of git",
            "{name}"
        );
    }
}

#[test]
fn what_is_over_a_budget_makes_the_search_incomplete() {
    let trap = Trap::new();
    trap.repository();
    fs::remove_file(trap.at("zz.txt")).unwrap();
    let file = fs::File::create(trap.at("repo/.git/objects/info/alternates")).unwrap();
    file.set_len(1 << 30).unwrap();
    assert_eq!(trap.search(MEMORY, 1).code, Some(3));
}

#[test]
fn a_repository_that_git_itself_would_hang_in_is_not_given_to_git() {
    let trap = Trap::new();
    let repo = trap.at("long/x");
    let repo = repo.parent().unwrap();
    git(repo, &["init", "-q", "--object-format=sha256"]);
    pipe(&trap.at("long/.git/objects/info/alternates"));
    trap.expect(1, "git_object", 1);
}

#[test]
fn a_bomb_of_differences_takes_no_more_memory_than_its_last_object() {
    let trap = Trap::new();
    let bomb = bombs::differences(2 << 20, 60);
    assert!(bomb.iter().map(Vec::len).sum::<usize>() < 24 << 10);
    trap.pack(&bomb);
    let told = trap.expect(1, "git_object", 0);
    assert_eq!(told.summary["objects"], 121);
}

#[test]
fn objects_that_are_made_from_each_other_in_circles_are_told() {
    let trap = Trap::new();
    let name = |number: u8| [&[number], &[7; 19][..]].concat();
    let of = |number| bombs::entry(7, 4, &name(number), &[0, 0, 0, 0]);
    trap.pack(&[of(1), of(0), of(2), bombs::entry(3, 1, &[], b"x")]);
    let told = trap.expect(1, "git_object", 3);
    assert_eq!(told.summary["objects"], 1);
}

#[test]
fn an_index_of_four_thousand_million_objects_is_not_believed() {
    let trap = Trap::new();
    trap.pack(&[bombs::entry(3, 1, &[], b"x")]);
    let path = trap.at("repo/.git/objects/pack/pack-1.idx");
    let mut index = fs::read(&path).unwrap();
    index[8 + 255 * 4..8 + 256 * 4].fill(0xff);
    fs::write(&path, &index).unwrap();
    trap.expect(1, "git_object", 1);
    // Nor where the file is as long as that takes: it is nothing but a hole.
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(8 + 1024 + 0xffff_ffff * 28 + 40).unwrap();
    trap.expect(1, "budget", 1);
}

#[test]
fn loose_objects_are_no_larger_than_they_say_and_say_what_is_possible() {
    let trap = Trap::new();
    trap.repository();
    let put = |name: &str, text: &[u8]| {
        let path = trap.at(format!("repo/.git/objects/{name}/{}", "a".repeat(38)));
        fs::write(path, bombs::packed(text)).unwrap();
    };
    put(
        "00",
        &[b"blob 10\0".as_slice(), &vec![0; 70 << 20]].concat(),
    );
    put("01", b"blob 60000000\0x");
    put("02", b"blob 99999999999999999999\0x");
    put("03", b"blob");
    put("04", b"");
    put(
        "05",
        format!("blob {}\0{}", trap.text().len(), trap.text()).as_bytes(),
    );
    pipe(&trap.at(format!("repo/.git/objects/06/{}", "a".repeat(38))));
    symlink(
        "/dev/zero",
        trap.at(format!("repo/.git/objects/07/{}", "a".repeat(38))),
    )
    .unwrap();
    let told = trap.search(MEMORY, 1);
    assert_eq!((told.found, told.code), (2, Some(1)));
    assert_eq!((told.count("git_object"), told.count("special")), (5, 2));
}

#[test]
fn a_pack_that_is_cut_while_it_is_read_ends_nothing() {
    let trap = Trap::new();
    // Large enough to take a while, and not to be packed.
    let blob = |seed| bombs::entry(3, 1 << 20, &[], &bombs::noise(1 << 20, seed));
    trap.pack(&(0..16).map(blob).collect::<Vec<_>>());
    let pack = trap.at("repo/.git/objects/pack/pack-1.pack");
    let search = scan(&[trap.token.sought()], &trap.home.path().join("root")).threads(Some(1));
    let found = std::cell::Cell::new(0);
    let summary = search.run(&|event| match event {
        Event::Progress(progress) if progress.objects > 0 => {
            let file = fs::File::options().write(true).open(&pack).unwrap();
            file.set_len(4096).unwrap();
        }
        Event::Found(_) => found.set(found.get() + 1),
        Event::Progress(_) => {}
    });
    assert_eq!(found.get(), 1);
    assert!(!summary.stopped);
    let lost = count(&summary, Reason::GitObject);
    assert_eq!(lost + summary.totals.objects, 16, "{summary:?}");
    assert!(lost > 0);
}

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
    let keys = [trap.token.sought()];
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
    let (findings, summary) = run(scan(&[trap.token.sought()], &trap.home.path().join("root")));
    assert_eq!((findings.len(), summary.totals.files), (4, 40_004));
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
    fs::write(trap.at("many/CACHEDIR.TAG"), tag).unwrap();
    let (findings, summary) = run(scan(&[trap.token.sought()], &trap.home.path().join("root")));
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
    let keys = [trap.token.sought()];
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
    let (findings, summary) = run(scan(&[trap.token.sought()], &trap.home.path().join("root")));
    assert_eq!(findings.len(), 3);
    assert_eq!(summary.totals.stores, 1);
}

#[test]
fn stores_that_borrow_from_each_other_are_searched_once() {
    let trap = Trap::new();
    trap.repository();
    for name in ["b/objects/info", "b/refs"] {
        fs::create_dir_all(trap.at("x").with_file_name(name)).unwrap();
    }
    fs::write(trap.at("b/HEAD"), "ref: refs/heads/main\n").unwrap();
    fs::write(
        trap.at("repo/.git/objects/info/alternates"),
        "../../../b/objects\n",
    )
    .unwrap();
    fs::write(
        trap.at("b/objects/info/alternates"),
        "../../repo/.git/objects\n".repeat(5000),
    )
    .unwrap();
    let told = trap.expect(1, "budget", 4800);
    assert_eq!(told.summary["stores"], 2);
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
    let (findings, summary) = run(scan(&[trap.token.sought()], &trap.home.path().join("root")));
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
    let keys = [trap.token.sought()];
    let (findings, _) = soon(move || run(scan(&keys, &root).tier(Tier::Everything)));
    let proved = findings
        .iter()
        .filter(|finding| finding.level == Level::ThisKey);
    assert_eq!(proved.count(), 1);
}
