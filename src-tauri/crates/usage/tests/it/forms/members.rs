//! A member that can't be opened, and the plain one behind it.

use super::form::{Content, Forms, bzip2, env, marked, nested, seven, tar, xz, zip, zip_by, zstd};
use crate::packing::gzip;
use crate::support::letters;

/// The beginning of a rar, which nothing here reads.
pub(super) const RAR: &[u8] = b"Rar!\x1a\x07\x01\x00 and what follows";

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "members";
    let first: [(&str, Content); 9] = [
        ("xz", |_| xz(b"nothing")),
        ("zstd", |_| zstd(b"nothing")),
        ("bzip2", |_| bzip2(b"nothing")),
        ("7z", |_| seven(&[("x", b"nothing")])),
        ("damaged xz", |_| xz(b"nothing")[..20].to_vec()),
        ("damaged gzip", |_| gzip(b"some text")[..14].to_vec()),
        ("damaged zip", |_| zip(&[("x", b"text")])[..40].to_vec()),
        ("rar", |_| RAR.to_vec()),
        ("zips in each other", |_| nested(8, "x", b"nothing")),
    ];
    for (what, inner) in first {
        forms.file(
            &format!("tar.gz, {what} first"),
            "backup/a.tar.gz",
            move |token| gzip(&tar(&[("a.bin", &inner(token)), (".env", &env(token))])),
        );
        forms.file(
            &format!("zip, {what} first"),
            "backup/a.zip",
            move |token| {
                let inner = inner(token);
                zip(&[("a.bin", &inner), (".env", &env(token))])
            },
        );
    }
    forms.file("zip, encrypted member first", "backup/a.zip", |token| {
        marked(zip(&[("a", b"text"), (".env", &env(token))]), 8, 1)
    });
    forms.file("zip, unknown method first", "backup/a.zip", |token| {
        marked(zip(&[("a", b"text"), (".env", &env(token))]), 10, 97)
    });
    forms.file("zip, the key itself encrypted", "backup/a.zip", |token| {
        marked(zip(&[(".env", &env(token))]), 8, 1)
    });
    forms.file("zip without its table", "backup/a.zip", |token| {
        let whole = zip(&[(".env", &env(token)), ("z", letters(900).as_bytes())]);
        whole[..whole.len() - 200].to_vec()
    });
    forms.file("stored zip without its table", "backup/a.zip", |token| {
        let whole = zip_by(zip::CompressionMethod::Stored, &[(".env", &env(token))]);
        whole[..whole.len() - 60].to_vec()
    });
    forms.file("gzip, cut after the key", "backup/a.gz", |token| {
        let text = [env(token), letters(9000).into_bytes()].concat();
        let whole = gzip(&text);
        whole[..whole.len() - 100].to_vec()
    });
    forms.file("gzip, cut before the key", "backup/a.gz", |token| {
        let text = [letters(9000).into_bytes(), env(token)].concat();
        gzip(&text)[..1000].to_vec()
    });
    forms.file("tar.gz in which a tar is cut", "backup/a.tar.gz", |token| {
        let inner = tar(&[("x", letters(4000).as_bytes())]);
        gzip(&tar(&[("a.tar", &inner[..2000]), (".env", &env(token))]))
    });
    forms.file("tar in tar in tar in tar in tar", "backup/a.tar", |token| {
        (0..5).fold(tar(&[(".env.gz", &gzip(&env(token)))]), |inner, _| {
            tar(&[("inner.tar", &inner)])
        })
    });
    forms.file("nine zips in each other", "backup/a.zip", |token| {
        nested(9, ".env", &env(token))
    });
}
