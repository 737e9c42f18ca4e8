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
    forms.act("a bundle", "backup/a.bundle", |home, token| {
        let folder = repository(home);
        past(&folder, ".env", &env(token));
        fs::create_dir_all(home.join("backup")).unwrap();
        git(
            &folder,
            &["bundle", "create", "-q", "../backup/a.bundle", "--all"],
        );
        fs::remove_dir_all(folder).unwrap();
    });
    forms.act(
        "a pack of an interrupted fetch",
        "project/.git",
        |home, token| {
            let folder = repository(home);
            past(&folder, ".env", &env(token));
            git(&folder, &["repack", "-q", "-a", "-d"]);
            let packs = folder.join(".git/objects/pack");
            for entry in fs::read_dir(&packs).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|end| end == "pack") {
                    fs::rename(&path, packs.join("tmp_pack_x1y2z3")).unwrap();
                } else {
                    fs::remove_file(path).unwrap();
                }
            }
        },
    );
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
