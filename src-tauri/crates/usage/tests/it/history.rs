//! What is found in the history of git: in packs, loose, and where nothing refers to it any more.

use std::fs;
use std::path::{Path, PathBuf};

use usage::git::locate;
use usage::{Level, Place, SearchKey, Tier};

use crate::forms::{seven, tar};
use crate::support::{Token, git, letters, run, scan};

struct Placement {
    form: &'static str,
    token: Token,
    kind: &'static str,
}

struct Repository {
    folder: PathBuf,
    placements: Vec<Placement>,
}

impl Repository {
    fn token(&mut self, form: &'static str, kind: &'static str) -> String {
        let token = Token::new(2000 + self.placements.len());
        let text = format!("line\nPULSE={}\n", token.whole());
        self.placements.push(Placement { form, token, kind });
        text
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(&self.folder, arguments)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn commit(&self, name: &str, text: &str) {
        self.write(name, text);
        self.git(&["add", "-f", name]);
        self.git(&["commit", "-qm", "a change"]);
    }
}

/// Keys in every corner of a history, none of them in the work tree.
fn history(home: &Path) -> Repository {
    let mut repository = Repository {
        folder: home.join("repo"),
        placements: Vec::new(),
    };
    fs::create_dir_all(&repository.folder).unwrap();
    repository.git(&["init", "-q"]);

    // Packed: an old version of a large file, stored as a difference.
    let mut large: String = (0..3000).map(|_| letters(40) + "\n").collect();
    repository.commit("large.txt", &large);
    let text = repository.token("packed, as a difference", "blob");
    repository.commit("large.txt", &format!("{large}{text}"));
    large.push_str("more\n");
    repository.commit("large.txt", &large);
    let text = repository.token("packed, deleted since", "blob");
    repository.commit(".env", &text);
    repository.git(&["rm", "-q", ".env"]);
    repository.git(&["commit", "-qm", "delete it"]);
    let text = repository.token("message of a commit", "commit");
    repository.git(&["commit", "-q", "--allow-empty", "-m", &text]);
    let text = repository.token("message of a tag", "tag");
    repository.git(&["tag", "-a", "v1", "-m", &text]);
    let text = repository.token("another branch", "blob");
    repository.git(&["checkout", "-qb", "other"]);
    repository.commit("other.txt", &text);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["repack", "-adfq", "--window=50"]);

    // Loose.
    let text = repository.token("loose, deleted since", "blob");
    repository.commit("loose.txt", &text);
    repository.git(&["rm", "-q", "loose.txt"]);
    repository.git(&["commit", "-qm", "delete it"]);
    let text = repository.token("only in the reflog", "blob");
    repository.commit("reset.txt", &text);
    repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
    let text = repository.token("stash", "blob");
    repository.write("large.txt", &format!("{large}{text}"));
    repository.git(&["stash", "-q"]);
    let text = repository.token("dangling", "blob");
    repository.write("dangling.txt", &text);
    repository.git(&["hash-object", "-w", "dangling.txt"]);
    fs::remove_file(repository.folder.join("dangling.txt")).unwrap();
    repository
}

fn keys(repository: &Repository) -> Vec<SearchKey> {
    let placements = repository.placements.iter();
    placements
        .map(|placement| placement.token.search_key())
        .collect()
}

#[test]
fn every_corner_of_a_history_is_found_once() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let repository = history(&home);
    let (findings, summary) = run(scan(&keys(&repository), &home).tier(Tier::Folders));
    assert!(repository.placements.len() >= 6);
    println!("{:<28} found", "placement in git");
    for placement in &repository.placements {
        let found: Vec<_> = findings
            .iter()
            .filter(|finding| {
                finding.key.as_deref() == Some(&placement.token.id) && finding.object.is_some()
            })
            .collect();
        println!("{:<28} {}", placement.form, found.len());
        assert_eq!(found.len(), 1, "{}: {found:?}", placement.form);
        assert_eq!(
            (found[0].level, found[0].place),
            (Level::ThisKey, Place::Git)
        );
        assert_eq!(found[0].variable.as_deref(), Some("PULSE"));
        let object = found[0].object.as_ref().unwrap();
        assert_eq!(object.kind, placement.kind, "{}", placement.form);
        let real = git(&repository.folder, &["cat-file", "-t", &object.id]);
        assert_eq!(real, placement.kind);
    }
    assert_eq!(summary.totals.stores, 1);

    let (without, summary) = run(scan(&keys(&repository), &home).git(false));
    assert!(without.iter().all(|finding| finding.object.is_none()));
    assert!(
        summary
            .skipped
            .iter()
            .any(|skipped| skipped.reason == usage::Reason::GitHistory)
    );
}

#[test]
fn where_an_object_is_comes_on_request() {
    let home = tempfile::tempdir().unwrap();
    let repository = history(home.path());
    let remote = home.path().join("remote.git");
    git(
        home.path(),
        &["init", "-q", "--bare", remote.to_str().unwrap()],
    );
    repository.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repository.git(&["push", "-q", "origin", "other"]);
    let (findings, summary) = run(scan(&keys(&repository), &repository.folder));
    assert!(!summary.stopped);
    let told = |form: &str| {
        let placement = repository
            .placements
            .iter()
            .find(|placement| placement.form == form)
            .unwrap();
        let finding = findings
            .iter()
            .find(|finding| {
                finding.key.as_deref() == Some(&placement.token.id) && finding.object.is_some()
            })
            .unwrap();
        locate(&finding.path, &finding.object.as_ref().unwrap().id).unwrap()
    };
    let pushed = told("another branch");
    assert_eq!(pushed.commits[0].paths, ["other.txt"]);
    assert!(pushed.pushed && !pushed.only_aside);
    let loose = told("loose, deleted since");
    assert!(!loose.pushed && !loose.commits.is_empty());
    assert!(told("stash").only_aside);
    assert!(told("only in the reflog").only_aside);
    assert_eq!(told("dangling").commits, []);
    assert!(locate(&repository.folder, "--all").is_err());
}

#[test]
fn bare_clones_worktrees_and_long_names_are_searched_too() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let repository = history(&home);
    let outside = tempfile::tempdir().unwrap();
    // Only the worktree is searched; its objects are elsewhere.
    let worktree = outside.path().join("worktree");
    repository.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        worktree.to_str().unwrap(),
    ]);
    let (findings, summary) = run(scan(&keys(&repository), &worktree));
    assert_eq!(summary.totals.stores, 1);
    assert!(
        findings
            .iter()
            .filter(|finding| finding.object.is_some())
            .count()
            >= 6
    );

    // A clone that borrows, beside the one it borrows from: one search of each store.
    git(
        &home,
        &["clone", "-q", "--shared", "--bare", "repo", "borrowed.git"],
    );
    let (_, summary) = run(scan(&keys(&repository), &home));
    assert_eq!(summary.totals.stores, 2);

    // Names by SHA-256: through the program itself.
    let long = outside.path().join("long");
    fs::create_dir(&long).unwrap();
    git(&long, &["init", "-q", "--object-format=sha256"]);
    let token = Token::new(77);
    fs::write(long.join("x"), format!("K={}\n", token.whole())).unwrap();
    git(&long, &["add", "x"]);
    git(&long, &["commit", "-qm", "x"]);
    git(&long, &["rm", "-qf", "x"]);
    git(&long, &["repack", "-adq"]);
    let (findings, _) = run(scan(&[token.search_key()], &long));
    let found: Vec<_> = findings
        .iter()
        .filter(|finding| finding.object.is_some())
        .collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].object.as_ref().unwrap().id.len(), 64);
}

#[test]
fn a_damaged_pack_is_counted_and_stops_nothing() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let repository = history(&home);
    let packs = repository.folder.join(".git/objects/pack");
    let pack = fs::read_dir(packs)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let pack = pack
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "pack"))
        .unwrap();
    let mut bytes = fs::read(&pack).unwrap();
    let middle = bytes.len() / 3;
    for byte in &mut bytes[middle..middle + 64] {
        *byte ^= 0x5a;
    }
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, bytes).unwrap();
    let (findings, summary) = run(scan(&keys(&repository), &home));
    assert!(!summary.stopped);
    assert!(
        summary
            .skipped
            .iter()
            .any(|skipped| skipped.reason == usage::Reason::GitObject)
    );
    assert!(
        findings
            .iter()
            .filter(|finding| finding.object.is_some())
            .count()
            >= 4
    );
}

/// An object that is so large that its thread alone may unpack it has something in it that needs much memory as well.
#[test]
fn an_archive_that_takes_much_memory_is_opened_in_a_large_one() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("repo");
    fs::create_dir_all(&folder).unwrap();
    let token = Token::new(1);
    let inner = seven(&[(".env", format!("PULSE={}\n", token.whole()).as_bytes())]);
    let mut filler = vec![b'x'; 17 << 20];
    for form in ["loose", "packed"] {
        filler[0] += 1;
        let large = tar(&[("filler", &filler), ("inner.7z", &inner)]);
        git(&folder, &["init", "-q"]);
        fs::write(folder.join("a.tar"), large).unwrap();
        git(&folder, &["add", "a.tar"]);
        git(&folder, &["commit", "-qm", form]);
        if form != "loose" {
            git(&folder, &["repack", "-q", "-a", "-d"]);
        }
        fs::remove_file(folder.join("a.tar")).unwrap();
        let (findings, summary) = run(scan(&[token.search_key()], home.path()));
        let objects = findings.iter().filter(|finding| finding.object.is_some());
        let inside: Vec<_> = objects.map(|finding| finding.inside.as_deref()).collect();
        assert!(
            inside.contains(&Some("inner.7z!.env")),
            "{form}: {inside:?} {:?}",
            summary.skipped
        );
    }
}

#[test]
fn a_bundle_has_the_objects_that_git_packs_into_it_wherever_it_is_cut() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let repository = history(&home);
    repository.git(&["bundle", "create", "-q", "../a.bundle", "--all"]);
    let reachable = repository.git(&["rev-list", "--objects", "--all", "--count"]);
    let reachable: u64 = reachable.trim().parse().unwrap();
    fs::remove_dir_all(&repository.folder).unwrap();
    let whole = fs::read(home.join("a.bundle")).unwrap();
    let told = |summary: &usage::Summary| {
        let lost = summary.skipped.iter();
        let lost = lost.filter(|skipped| skipped.reason == usage::Reason::Member);
        lost.map(|skipped| skipped.count).sum::<u64>()
    };

    let (findings, summary) = run(scan(&keys(&repository), &home));
    assert_eq!((summary.totals.objects, told(&summary)), (reachable, 0));
    for placement in &repository.placements {
        // What only the reflog or nothing refers to is not in it.
        let found = findings
            .iter()
            .find(|finding| finding.key.as_deref() == Some(placement.token.search_key().id()));
        if let Some(found) = found {
            let inside = found.inside.as_deref().unwrap();
            let (kind, name) = inside.split_once(' ').unwrap();
            assert_eq!(
                (kind, name.len()),
                (placement.kind, 40),
                "{}",
                placement.form
            );
            assert_eq!(found.path, home.join("a.bundle"));
        }
    }
    assert!(findings.len() >= 3, "{findings:?}");

    let start = memchr::memmem::find(&whole, b"\n\nPACK").unwrap() + 2 + 12;
    for cut in (start..whole.len() - 20).step_by(whole.len() / 25) {
        fs::write(home.join("a.bundle"), &whole[..cut]).unwrap();
        let (_, summary) = run(scan(&keys(&repository), &home));
        let met = summary.totals.objects + told(&summary);
        assert_eq!(met, reachable, "cut at {cut}: {:?}", summary.skipped);
    }
}

/// It is larger than what the usual search reads of files that are no text, which it does not have to be read as.
#[test]
fn a_large_bundle_is_searched_by_its_objects_and_told_as_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("repo");
    fs::create_dir_all(&folder).unwrap();
    let token = Token::new(1);
    git(&folder, &["init", "-q"]);
    fs::write(folder.join("noise"), crate::packing::noise(17 << 20, 5)).unwrap();
    fs::write(folder.join(".env"), format!("PULSE={}\n", token.whole())).unwrap();
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "all"]);
    git(&folder, &["bundle", "create", "-q", "../a.bundle", "--all"]);
    fs::remove_dir_all(&folder).unwrap();
    let usual = scan(&[token.search_key()], home.path()).tier(Tier::Folders);
    let (findings, summary) = run(usual);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(summary.skipped.is_empty(), "{:?}", summary.skipped);
}
