//! Corners of repositories.

use std::fs;
use std::path::Path;

use super::form::{Content, Forms, env, marked, seven, tar, write, xz, zip};
use crate::packing::gzip;
use crate::stores::{HERE, sqlite};
use crate::support::git;

fn repository(home: &Path) -> std::path::PathBuf {
    let folder = home.join("project");
    fs::create_dir_all(&folder).unwrap();
    git(&folder, &["init", "-q"]);
    commit(&folder, "README", b"nothing");
    folder
}

fn commit(folder: &Path, name: &str, content: &[u8]) {
    fs::write(folder.join(name), content).unwrap();
    git(folder, &["add", "-f", name]);
    git(folder, &["commit", "-q", "-m", "more"]);
}

/// Committed, and taken away again.
fn past(folder: &Path, name: &str, content: &[u8]) {
    commit(folder, name, content);
    git(folder, &["rm", "-q", name]);
    git(folder, &["commit", "-q", "-m", "less"]);
}

/// A large file, and the same with something in its middle.
fn large_and_larger(folder: &Path, more: &[u8]) {
    let noise = crate::support::base64(&crate::packing::noise(30_000, 3));
    let (front, rest) = noise.as_bytes().split_at(20_000);
    commit(folder, "large.txt", noise.as_bytes());
    commit(folder, "large.txt", &[front, b"\n", more, rest].concat());
}

/// A bundle of the repository is all that stays of it.
fn bundle(home: &Path, folder: &Path, how: &[&str], what: &str) {
    fs::create_dir_all(home.join("backup")).unwrap();
    let create = ["bundle", "create", "-q"];
    let rest = ["../backup/a.bundle", what];
    git(folder, &[&create, how, &rest].concat());
    fs::remove_dir_all(folder).unwrap();
}

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "git";
    let contents: [(&str, &str, Content); 11] = [
        ("a file in the history", ".env", env),
        ("a zip in the history", "a.zip", |token| {
            zip(&[(".env", &env(token))])
        }),
        ("a gzip in the history", "a.gz", |token| gzip(&env(token))),
        ("a tar.gz in the history", "a.tgz", |token| {
            gzip(&tar(&[(".env", &env(token))]))
        }),
        ("an xz in the history", "a.xz", |token| xz(&env(token))),
        ("a 7z in the history", "a.7z", |token| {
            seven(&[(".env", &env(token))])
        }),
        ("a zip in a tar in the history", "a.tar", |token| {
            tar(&[("a/b.zip", &zip(&[(".env", &env(token))]))])
        }),
        (
            "a jar with a start script in the history",
            "a.jar",
            |token| {
                let jar = zip(&[(".env", &env(token))]);
                [b"#!/bin/sh\nexec java -jar $0\n".as_slice(), &jar].concat()
            },
        ),
        ("sqlite in the history, cut", "a.db", |token| {
            sqlite(&[super::databases::value(token, HERE - 25)])
        }),
        (
            "zip in the history, encrypted member first",
            "a.zip",
            |token| {
                let archive = zip(&[("x", b"nothing"), (".env", &env(token))]);
                marked(archive, 8, 1)
            },
        ),
        ("a rar in the history", "a.rar", |_| {
            super::members::RAR.to_vec()
        }),
    ];
    for (form, name, content) in contents {
        forms.act(form, "project/.git", move |home, token| {
            past(&repository(home), name, &content(token));
        });
        forms.act(
            &format!("{form}, packed"),
            "project/.git",
            move |home, token| {
                let folder = repository(home);
                past(&folder, name, &content(token));
                git(&folder, &["repack", "-q", "-a", "-d"]);
            },
        );
    }
    forms.act("a message", "project/.git", |home, token| {
        let message = format!("rotate {}", token.whole());
        git(
            &repository(home),
            &["commit", "-q", "--allow-empty", "-m", &message],
        );
    });
    forms.act("a note", "project/.git", |home, token| {
        git(&repository(home), &["notes", "add", "-m", &token.whole()]);
    });
    forms.act("the name of a branch", "project/.git", |home, token| {
        git(&repository(home), &["branch", &token.secret()]);
    });
    forms.act(
        "the name of a branch, packed",
        "project/.git",
        |home, token| {
            let folder = repository(home);
            git(&folder, &["branch", &token.secret()]);
            git(&folder, &["pack-refs", "--all"]);
        },
    );
    forms.act("the name of a tag", "project/.git", |home, token| {
        git(&repository(home), &["tag", &format!("v{}", token.secret())]);
    });
    forms.act(
        "the name of a file in the history",
        "project/.git",
        |home, token| {
            past(&repository(home), &format!("{}.txt", token.secret()), b"x");
        },
    );
    forms.act("a stash", "project/.git", |home, token| {
        let folder = repository(home);
        fs::write(folder.join("README"), env(token)).unwrap();
        git(&folder, &["stash", "-q"]);
    });
    forms.act(
        "the address of a remote",
        "project/.git/config",
        |home, token| {
            let address = format!("https://x:{}@example.test/x", token.whole());
            git(&repository(home), &["remote", "add", "origin", &address]);
        },
    );
    let bundles: [(&str, &[&str], &str, Content); 4] = [
        ("a bundle", &[], ".env", env),
        ("a bundle, third version", &["--version=3"], ".env", env),
        ("a bundle, a zip in it", &[], "a.zip", |token| {
            zip(&[(".env", &env(token))])
        }),
        ("a bundle, the name of a file in it", &[], "", |_| {
            b"x".to_vec()
        }),
    ];
    for (form, how, name, content) in bundles {
        forms.act(form, "backup/a.bundle", move |home, token| {
            let folder = repository(home);
            let by_token = format!("{}.txt", token.secret());
            let name = if name.is_empty() { &by_token } else { name };
            past(&folder, name, &content(token));
            bundle(home, &folder, how, "--all");
        });
    }
    forms.act(
        "a bundle, the name of a branch",
        "backup/a.bundle",
        |home, token| {
            let folder = repository(home);
            git(&folder, &["branch", &token.whole().replace('|', "/")]);
            bundle(home, &folder, &[], "--all");
        },
    );
    forms.act(
        "a bundle, as a difference",
        "backup/a.bundle",
        |home, token| {
            let folder = repository(home);
            large_and_larger(&folder, &env(token));
            bundle(home, &folder, &[], "--all");
        },
    );
    forms.act(
        "a bundle, as a difference to what is not in it",
        "backup/a.bundle",
        |home, token| {
            let folder = repository(home);
            large_and_larger(&folder, &env(token));
            bundle(home, &folder, &[], "HEAD~1..HEAD");
        },
    );
    forms.act("a bundle in a zip", "backup/a.zip", |home, token| {
        let folder = repository(home);
        past(&folder, ".env", &env(token));
        bundle(home, &folder, &[], "--all");
        let path = home.join("backup/a.bundle");
        let archive = zip(&[("a.bundle", &fs::read(&path).unwrap())]);
        fs::remove_file(path).unwrap();
        write(home, "backup/a.zip", &archive);
    });
    forms.act(
        "a bundle, its objects named by sha-256",
        "backup/a.bundle",
        |home, token| {
            let folder = home.join("project");
            fs::create_dir_all(&folder).unwrap();
            git(&folder, &["init", "-q", "--object-format=sha256"]);
            past(&folder, ".env", &env(token));
            bundle(home, &folder, &[], "--all");
        },
    );
    for (form, is_cut) in [
        ("a pack of an interrupted fetch", false),
        ("a pack of an interrupted fetch, cut", true),
    ] {
        forms.act(form, "project/.git", move |home, token| {
            let folder = repository(home);
            // What the newest commit has comes first in a pack.
            past(&folder, "old", b"nothing either");
            commit(&folder, ".env", &env(token));
            fs::remove_file(folder.join(".env")).unwrap();
            git(&folder, &["repack", "-q", "-a", "-d"]);
            let packs = folder.join(".git/objects/pack");
            for entry in fs::read_dir(&packs).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|end| end != "pack") {
                    fs::remove_file(path).unwrap();
                    continue;
                }
                let pack = fs::read(&path).unwrap();
                fs::remove_file(path).unwrap();
                let end = pack.len() - if is_cut { 30 } else { 0 };
                fs::write(packs.join("tmp_pack_x1y2z3"), &pack[..end]).unwrap();
            }
        });
    }
    forms.act(
        "a borrowed store, its path quoted",
        "project/.git",
        |home, token| {
            let folder = repository(home);
            past(&folder, ".env", &env(token));
            // Only by what another one says of it is this one a store.
            fs::rename(folder.join(".git/objects"), home.join("the \"store\"")).unwrap();
            fs::remove_dir_all(&folder).unwrap();
            let folder = repository(home);
            let path = home.join("the \\\"store\\\"");
            let line = format!("\"{}\"\n", path.display());
            write(&folder, ".git/objects/info/alternates", line.as_bytes());
        },
    );
    forms.act(
        "long names, with a comment",
        "project/.git",
        |home, token| {
            let folder = home.join("project");
            fs::create_dir_all(&folder).unwrap();
            git(&folder, &["init", "-q", "--object-format=sha256"]);
            past(&folder, ".env", &env(token));
            git(&folder, &["repack", "-q", "-a", "-d"]);
            let config = folder.join(".git/config");
            let text = fs::read_to_string(&config).unwrap();
            let text = text.replace("objectformat = sha256", "objectFormat = sha256 ; chosen");
            assert!(text.contains("; chosen"));
            fs::write(config, text).unwrap();
        },
    );
    forms.act("a partial clone", "project/.git", |home, _| {
        let folder = repository(home);
        git(&folder, &["config", "remote.origin.promisor", "true"]);
        git(
            &folder,
            &["config", "remote.origin.partialclonefilter", "blob:none"],
        );
    });
    forms.act("a worktree", "project/.git", |home, token| {
        let folder = repository(home);
        git(&folder, &["worktree", "add", "-q", "../tree"]);
        past(&home.join("tree"), ".env", &env(token));
    });
    forms.act("a large file of lfs", "project/.git/lfs", |home, token| {
        repository(home);
        write(
            home,
            "project/.git/lfs/objects/00/11/0011",
            &gzip(&env(token)),
        );
    });
    forms.act("mercurial", "project/.hg", |home, _| {
        write(home, "project/.hg/store/data/x.i", b"\0\x01\0\x01xpacked");
        write(home, "project/.hg/requires", b"revlogv1\n");
    });
    forms.act("fossil", "museum/a.fossil", |home, _| {
        let mut head = b"SQLite format 3\0".to_vec();
        head.resize(4096, 0);
        head[68..72].copy_from_slice(&[0x0f, 0x05, 0x51, 0x12]);
        write(home, "museum/a.fossil", &head);
    });
    forms.act("jujutsu", "project/.jj", |home, token| {
        let folder = repository(home);
        past(&folder, ".env", &env(token));
        fs::create_dir_all(folder.join(".jj/repo/store")).unwrap();
        fs::rename(folder.join(".git"), folder.join(".jj/repo/store/git")).unwrap();
    });
    forms.act("darcs", "project/_darcs", |home, token| {
        write(home, "project/_darcs/patches/0-1", &gzip(&env(token)));
    });
}
