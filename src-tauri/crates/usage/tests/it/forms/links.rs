//! Names of files, where links lead, and what is attached to files.

use std::fs;
use std::os::unix::fs::symlink;

use super::form::{Forms, env, tar, write, zip};
use crate::packing::gzip;

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "names";
    forms.act("the name of a file", "notes", |home, token| {
        write(home, &format!("notes/{}.txt", token.whole()), b"x");
    });
    forms.act(
        "the name of a file, percent-encoded",
        "downloads",
        |home, token| {
            let name = token.whole().replace('|', "%7C");
            write(home, &format!("downloads/api?key={name}"), b"x");
        },
    );
    forms.act("the name of an empty file", "notes", |home, token| {
        write(home, &format!("notes/{}", token.secret()), b"");
    });
    forms.act("the name of a folder", "notes", |home, token| {
        write(home, &format!("notes/{}/x", token.secret()), b"x");
    });
    forms.act(
        "the last 8 in the name of a file",
        "notes",
        |home, token| {
            write(home, &format!("notes/key-{}.txt", token.last_eight()), b"x");
        },
    );
    forms.act("where a link leads", "lock", |home, token| {
        symlink(format!("/nowhere/{}", token.secret()), home.join("lock")).unwrap();
    });
    forms.act("an attribute of a file", "notes/a", |home, token| {
        write(home, "notes/a", b"x");
        let address = format!("https://x.example/?key={}", token.whole());
        let set = rustix::fs::setxattr(
            home.join("notes/a"),
            "user.xdg.origin.url",
            address.as_bytes(),
            rustix::fs::XattrFlags::empty(),
        );
        set.unwrap();
    });
    forms.file("the name of a member of a zip", "backup/a.zip", |token| {
        zip(&[(&format!("{}.txt", token.secret()), b"x")])
    });
    forms.file(
        "the name of a member of a tar.gz",
        "backup/a.tgz",
        |token| gzip(&tar(&[(&format!("{}.txt", token.secret()), b"x")])),
    );

    forms.kind = "links";
    forms.act("to a file in .cache", ".pulse-env", |home, token| {
        write(home, ".cache/pulse/env", &env(token));
        symlink(home.join(".cache/pulse/env"), home.join(".pulse-env")).unwrap();
    });
    forms.act("to a file in node_modules", "app/.env", |home, token| {
        write(home, "app/package.json", b"{}");
        write(home, "app/node_modules/x/env", &env(token));
        symlink("node_modules/x/env", home.join("app/.env")).unwrap();
    });
    forms.act("to a folder in .cache", "work", |home, token| {
        write(home, ".cache/work/env", &env(token));
        symlink(home.join(".cache/work"), home.join("work")).unwrap();
    });
    forms.act("to a file elsewhere", "home/.env", |home, token| {
        write(home, "elsewhere", &env(token));
        fs::create_dir_all(home.join("home")).unwrap();
        symlink("../elsewhere", home.join("home/.env")).unwrap();
    });
    forms.act("to a link to a file in .cache", ".env", |home, token| {
        write(home, ".cache/env", &env(token));
        symlink(".cache/env", home.join("one")).unwrap();
        symlink("one", home.join(".env")).unwrap();
    });
}
