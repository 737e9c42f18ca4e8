//! Containers of every kind, told by what they hold and not by what they are called.

use zip::CompressionMethod;

use super::form::{
    Forms, Pack, bzip2, env, lz4, lzip, lzma, marked, mozilla, old_lz4, seven, snappy, tar, write,
    xz, zip, zip_by, zlib, zstd,
};
use super::members::RAR;
use crate::packing::gzip;
use crate::support::{Token, base64, letters, wrapped};

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "containers";
    let packers: [(&str, &str, Pack); 9] = [
        ("gzip", "gz", gzip),
        ("xz", "xz", xz),
        ("zstd", "zst", zstd),
        ("bzip2", "bz2", bzip2),
        ("lzma", "lzma", lzma),
        ("lzip", "lz", lzip),
        ("lz4", "lz4", lz4),
        ("lz4 of the older form", "lz4", old_lz4),
        ("snappy", "sz", snappy),
    ];
    for (form, end, pack) in packers {
        forms.file(form, &format!("logs/app.log.{end}"), move |token| {
            pack(&env(token))
        });
        forms.file(
            &format!("tar in {form}"),
            &format!("backup/home.tar.{end}"),
            move |token| pack(&tar(&[("home/.env", &env(token))])),
        );
    }
    forms.file("gzip in zip in xz", "backup/a.xz", |token| {
        xz(&zip(&[("a.gz", &gzip(&env(token)))]))
    });
    forms.file("gzip under another name", "data/cache.bin", |token| {
        gzip(&env(token))
    });
    forms.file("two gzips in a row", "logs/two.gz", |token| {
        [gzip(b"first"), gzip(&env(token))].concat()
    });
    forms.file("two zstd in a row", "logs/two.zst", |token| {
        [zstd(b"first text"), zstd(&env(token))].concat()
    });
    forms.file("two lz4 in a row, of both forms", "logs/two.lz4", |token| {
        // What may stand between them is passed over.
        let passed = b"\x5a\x2a\x4d\x18\x03\0\0\0abc".to_vec();
        [old_lz4(b"first"), lz4(b"second"), passed, lz4(&env(token))].concat()
    });
    forms.file("lz4 of many blocks", "logs/many.lz4", |token| {
        lz4(&[
            &letters(200_000).into_bytes(),
            b"\n".as_slice(),
            &env(token),
        ]
        .concat())
    });
    forms.file("lz4, cut between two blocks", "logs/cut.lz4", |token| {
        let text = [&letters(70_000).into_bytes(), b"\n".as_slice(), &env(token)].concat();
        let packed = lz4(&text);
        let first = u32::from_le_bytes(packed[7..11].try_into().unwrap()) & !(1 << 31);
        packed[..11 + usize::try_from(first).unwrap() + 4].to_vec()
    });
    forms.file("session of firefox", "ff/recovery.jsonlz4", |token| {
        let page = format!("{{\"url\":\"https://x.example/?key={}\"}}", token.whole());
        mozilla(page.repeat(20).as_bytes())
    });
    forms.file("session of firefox, damaged", "ff/old.jsonlz4", |token| {
        let mut packed = mozilla(&env(token));
        packed[12] = 0xff;
        packed
    });
    forms.file("gzip twice", "logs/twice.gz", |token| {
        gzip(&gzip(&env(token)))
    });
    forms.file("7z", "backup/a.7z", |token| {
        seven(&[("a/x", b"text"), ("a/.env", &env(token))])
    });
    zips(forms);
    packages(forms);
    images(forms);
    unread(forms);
}

fn zips(forms: &mut Forms) {
    for (form, place, name) in [
        ("zip", "backup/a.zip", ".env"),
        ("word document", "papers/a.docx", "word/document.xml"),
        ("spreadsheet", "papers/a.xlsx", "xl/sharedStrings.xml"),
        ("open document", "papers/a.odt", "content.xml"),
        ("slides", "papers/a.pptx", "ppt/slides/slide1.xml"),
        ("book", "papers/a.epub", "OEBPS/ch1.xhtml"),
        ("jar", "lib/a.jar", "application.properties"),
        ("apk", "lib/a.apk", "assets/config.json"),
        ("wheel", "lib/a.whl", "pkg/settings.py"),
        (
            "extension of an editor",
            "lib/a.vsix",
            "extension/package.json",
        ),
    ] {
        forms.file(form, place, move |token| zip(&[(name, &env(token))]));
    }
    for (form, place, before) in [
        (
            "jar with a start script",
            "bin/tool",
            "#!/bin/sh\nexec java -jar \"$0\"\n",
        ),
        (
            "python zip application",
            "bin/tool.pyz",
            "#!/usr/bin/env python3\n",
        ),
        (
            "self-extracting program",
            "setup.exe",
            "MZ\u{0}\u{3}\u{0}\u{0} this is a program ",
        ),
    ] {
        forms.file(form, place, move |token| {
            [before.as_bytes(), &zip(&[("config.ini", &env(token))])].concat()
        });
    }
    forms.file("large program with a zip behind", "bin/large", |token| {
        let mut program = b"\x7fELF\x02\x01\x01\0".to_vec();
        program.resize(400_000, 0);
        program.extend(zip(&[("config.ini", &env(token))]));
        program
    });
    for (form, method, pack) in [
        ("bzip2", 12, bzip2 as Pack),
        ("zstd", 93, zstd),
        ("xz", 95, xz),
    ] {
        forms.file(
            &format!("zip packed by {form}"),
            "backup/a.zip",
            move |token| {
                let stored = zip_by(CompressionMethod::Stored, &[(".env", &pack(&env(token)))]);
                marked(stored, 10, method)
            },
        );
    }
    forms.file("zip packed by lzma", "backup/a.zip", |token| {
        let alone = lzma(&env(token));
        // Its own head: a version, the length of the properties, these, and then the packed text.
        let text = [&[9, 20, 5, 0], &alone[..5], &alone[13..]].concat();
        let stored = zip_by(CompressionMethod::Stored, &[(".env", &text)]);
        marked(stored, 10, 14)
    });
}

fn packages(forms: &mut Forms) {
    for (form, end, pack) in [
        ("gzip", "gz", gzip as Pack),
        ("xz", "xz", xz),
        ("zstd", "zst", zstd),
    ] {
        forms.file(&format!("deb, {form}"), "Downloads/a.deb", move |token| {
            let data = pack(&tar(&[("./etc/default/pulse", &env(token))]));
            ar(&[
                ("debian-binary", b"2.0\n"),
                ("control.tar", b"nothing"),
                (&format!("data.tar.{end}"), &data),
            ])
        });
        forms.file(&format!("rpm, {form}"), "Downloads/a.rpm", move |token| {
            rpm(&pack(&cpio(&[("./etc/sysconfig/pulse", &env(token))])))
        });
        forms.file(&format!("cpio, {form}"), "boot/initrd.img", move |token| {
            pack(&cpio(&[("a.gz", &gzip(&env(token))), ("b", b"x")]))
        });
    }
    forms.file("static library", "lib/a.a", |token| {
        ar(&[("x.o", &env(token))])
    });
    forms.file(
        "script with a tar behind it",
        "Downloads/install.run",
        |token| {
            let script = b"#!/bin/sh\ntail -n +3 \"$0\" | tar xz\nexit 0\n";
            [&script[..], &gzip(&tar(&[("a/.env", &env(token))]))].concat()
        },
    );
    forms.file("pdf, packed stream", "papers/a.pdf", |token| {
        let text = format!("BT (K={}) Tj ET {}", token.whole(), "0 0 m ".repeat(50));
        pdf(&zlib(text.as_bytes()))
    });
    forms.file("mail with an attachment", "Mail/cur/1", |token| {
        let text = wrapped(&base64(&zip(&[(".env", &env(token))])), 76, "\r\n");
        format!(
            "Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}\r\n"
        )
        .into_bytes()
    });
}

fn images(forms: &mut Forms) {
    forms.file("docker save", "images/a.tar", |token| {
        let layer = tar(&[("app/.env", &env(token))]);
        tar(&[("0/layer.tar", &layer), ("manifest.json", b"[]")])
    });
    forms.file("docker save, gzip", "images/a.tar.gz", |token| {
        let layer = gzip(&tar(&[("app/.env", &env(token))]));
        gzip(&tar(&[("blobs/sha256/0", &layer), ("index.json", b"{}")]))
    });
    for (form, pack) in [("gzip", gzip as Pack), ("zstd", zstd)] {
        forms.act(
            &format!("oci layout, a layer in {form}"),
            "images/oci/blobs/sha256",
            move |home, token| {
                let layer = pack(&tar(&[("app/.env", &env(token))]));
                write(home, "images/oci/blobs/sha256/0", &layer);
                write(home, "images/oci/index.json", b"{}");
            },
        );
        forms.file(
            &format!("oci archive, a layer in {form} behind one in zstd"),
            "images/oci.tar",
            move |token| {
                let first = zstd(&tar(&[("bin/sh", b"program")]));
                let layer = pack(&tar(&[("app/.env", &env(token))]));
                tar(&[("blobs/sha256/0", &first), ("blobs/sha256/1", &layer)])
            },
        );
    }
    forms.file("history of an image's making", "images/c.tar", |token| {
        let text = format!(r#"{{"config":{{"Env":["PULSE={}"]}}}}"#, token.whole());
        tar(&[("blobs/sha256/0", text.as_bytes())])
    });
}

/// Kinds that nothing here reads: they are named and counted.
fn unread(forms: &mut Forms) {
    let hidden = |_: &Token| letters(300).into_bytes();
    for (form, place, head) in [
        ("rar", "backup/a.rar", RAR),
        ("squashfs", "images/a.sqsh", b"hsqs\x01\0\0\0".as_slice()),
        ("cabinet", "Downloads/a.cab", b"MSCF\0\0\0\0"),
        ("lzop", "backup/a.lzo", b"\x89LZO\0\x0d\x0a\x1a\x0a"),
        ("compress", "backup/a.Z", b"\x1f\x9d\x90\x41\x42"),
        ("windows image", "images/a.wim", b"MSWIM\0\0\0\xd0\0\0\0"),
        ("compiled help", "papers/a.chm", b"ITSF\x03\0\0\0"),
        ("arj", "backup/a.arj", b"\x60\xea\x2c\0\x22\x0b"),
        ("ace", "backup/a.ace", b"\x31\x00\x31\0\0\0\0**ACE**"),
        ("stuffit", "backup/a.sit", b"StuffIt (c)1997-"),
        (
            "disk of a virtual machine",
            "vm/a.qcow2",
            b"QFI\xfb\0\0\0\x03",
        ),
        ("borg's repository", "backup/b/data/0/1", b"BORG_SEG"),
        ("parquet", "data/a.parquet", b"PAR1\x15\x04\x15\x10"),
    ] {
        forms.file(form, place, move |token| [head, &hidden(token)].concat());
    }
    forms.file("appimage", "Applications/a.AppImage", move |token| {
        let mut program = b"\x7fELF\x02\x01\x01\0AI\x02\0\0\0\0\0".to_vec();
        program.resize(4096, 7);
        [program, b"hsqs\x01\0\0\0".to_vec(), hidden(token)].concat()
    });
    forms.file("disk image of a mac", "Downloads/a.dmg", move |token| {
        let mut image = hidden(token);
        let mut end = b"koly\0\0\0\x04\0\0\x02\0".to_vec();
        end.resize(512, 0);
        image.extend(end);
        image
    });
    forms.file("7z with a damaged table", "backup/p.7z", |token| {
        let mut archive = seven(&[(".env", &env(token))]);
        let end = archive.len();
        archive[end - 20..].fill(0x55);
        archive
    });
    forms.file("rar in a tar", "backup/a.tar", |_| tar(&[("a.rar", RAR)]));
}

/// An archive as libraries and packages are.
fn ar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, text) in members {
        let head = format!(
            "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            0,
            0,
            0,
            "100644",
            text.len()
        );
        archive.extend(head.bytes());
        archive.extend_from_slice(text);
        if text.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

fn cpio(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let end: [(&str, &[u8]); 1] = [("TRAILER!!!", b"")];
    for (name, text) in members.iter().chain(&end) {
        let fields = [
            1,
            0o100_644,
            0,
            0,
            1,
            0,
            text.len(),
            0,
            0,
            0,
            0,
            name.len() + 1,
            0,
        ];
        archive.extend(b"070701");
        for field in fields {
            archive.extend(format!("{field:08x}").bytes());
        }
        archive.extend(name.bytes());
        archive.push(0);
        archive.resize(archive.len().next_multiple_of(4), 0);
        archive.extend_from_slice(text);
        archive.resize(archive.len().next_multiple_of(4), 0);
    }
    archive
}

/// A package with two empty headers before what it holds.
fn rpm(payload: &[u8]) -> Vec<u8> {
    let mut package = b"\xed\xab\xee\xdb\x03\0\0\0".to_vec();
    package.resize(96, 0);
    for _ in 0..2 {
        package.extend(b"\x8e\xad\xe8\x01\0\0\0\0");
        package.extend([0; 8]);
    }
    package.extend_from_slice(payload);
    package
}

fn pdf(stream: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length {}>>\nstream\r\n",
        stream.len()
    );
    [head.as_bytes(), stream, b"\nendstream\nendobj\n%%EOF\n"].concat()
}
