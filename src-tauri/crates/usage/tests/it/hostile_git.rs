//! Repositories made to hang a search, to take all memory or to end it. Each folder holds a key beside the trap: it must
//! be found, the trap must be told, and the program must end within the memory it is given.

use std::fs;
use std::os::unix::fs::symlink;

use usage::{Event, Reason};

use crate::bombs;
use crate::support::{git, scan};
use crate::trap::{MEMORY, Trap, count, pipe};

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
            told.summary["skipped"][0]["what"], "small file of git",
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
    let bomb = bombs::differences(1 << 20, 60);
    assert!(bomb.iter().map(Vec::len).sum::<usize>() < 24 << 10);
    trap.pack(&bomb);
    // All levels together are more than that.
    let told = trap.search(60_000, 1);
    assert_eq!((told.found, told.code), (1, Some(1)));
    assert_eq!(told.count("git_object"), 0);
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
    let blob = |seed| bombs::entry(3, 1 << 20, &[], &crate::packing::noise(1 << 20, seed));
    trap.pack(&(0..20).map(blob).collect::<Vec<_>>());
    let pack = trap.at("repo/.git/objects/pack/pack-1.pack");
    let search = scan(&[trap.token.search_key()], &trap.home.path().join("root")).threads(Some(1));
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
    assert_eq!(lost + summary.totals.objects, 20, "{summary:?}");
    assert!(lost > 0);
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

/// A bundle of this pack.
fn bundle(trap: &Trap, pack: &[u8]) {
    let lines = format!("# v2 git bundle\n{} refs/heads/main\n\n", "7".repeat(40));
    fs::write(trap.at("a.bundle"), [lines.as_bytes(), pack].concat()).unwrap();
}

#[test]
fn a_bundle_that_is_a_bomb_takes_no_more_memory_than_its_last_object() {
    let trap = Trap::new();
    bundle(&trap, &bombs::pack(&bombs::differences(1 << 20, 60)).1);
    let told = trap.search(60_000, 1);
    assert_eq!((told.found, told.code), (1, Some(1)));
    assert_eq!(told.count("member"), 0);
    assert_eq!(told.summary["objects"], 121);
}

#[test]
fn a_bundle_is_not_believed_how_many_objects_it_has_nor_how_large_they_are() {
    let trap = Trap::new();
    let blob = bombs::entry(3, 1, &[], b"x");
    let mut pack = bombs::pack(&[blob.clone(), bombs::entry(3, 1 << 40, &[], b"x"), blob]).1;
    bundle(&trap, &pack);
    let told = trap.expect(1, "member", 2);
    assert_eq!(told.summary["objects"], 1);
    // More than fit into any pack that is read here.
    pack[8..12].fill(0xff);
    bundle(&trap, &pack);
    trap.expect(1, "budget", 1);
    // Without a pack.
    fs::write(trap.at("a.bundle"), "# v2 git bundle\n\n").unwrap();
    trap.expect(1, "member", 1);
}
