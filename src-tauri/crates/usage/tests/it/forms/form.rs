//! One form, and what several of them are made with.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::support::Token;

/// A way of packing.
pub(super) type Pack = fn(&[u8]) -> Vec<u8>;

/// A file that has a token in it.
pub(super) type Content = fn(&Token) -> Vec<u8>;

/// What is put into a home folder for a token.
pub(super) type Put = Box<dyn Fn(&Path, &Token)>;

/// A way in which a key may stand on a disk.
pub(crate) struct Form {
    pub(crate) kind: &'static str,
    pub(crate) form: String,
    pub(crate) place: String,
    pub(crate) put: Put,
}

#[derive(Default)]
pub(super) struct Forms {
    pub(super) kind: &'static str,
    pub(super) all: Vec<Form>,
}

impl Forms {
    /// One file with this content.
    pub(super) fn file(
        &mut self,
        form: &str,
        place: &str,
        content: impl Fn(&Token) -> Vec<u8> + 'static,
    ) {
        let path = place.to_owned();
        self.act(form, place, move |home, token| {
            write(home, &path, &content(token));
        });
    }

    /// One file with this text, `{}` standing for the token.
    pub(super) fn text(&mut self, form: &str, place: &str, text: &'static str) {
        self.file(form, place, move |token| {
            text.replace("{}", &token.whole()).into_bytes()
        });
    }

    pub(super) fn act(&mut self, form: &str, place: &str, put: impl Fn(&Path, &Token) + 'static) {
        self.all.push(Form {
            kind: self.kind,
            form: form.to_owned(),
            place: place.to_owned(),
            put: Box::new(put),
        });
    }
}

pub(super) fn write(home: &Path, path: &str, content: &[u8]) {
    let path = home.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A file of variables, long enough to be worth packing.
pub(super) fn env(token: &Token) -> Vec<u8> {
    let mut text = "# what the service is started with\n".repeat(8);
    text.push_str(&format!("PULSE={}\nREGION=eu\n", token.whole()));
    text.into_bytes()
}

/// The same as one object.
pub(super) fn json(token: &Token) -> Vec<u8> {
    format!(
        r#"{{"name":"release","values":{{"pulse":"{}"}},"version":1}}"#,
        token.whole()
    )
    .into_bytes()
}

pub(super) fn xz(text: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut packed = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(super) fn lzma(text: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::LzmaOptions::with_preset(1);
    let mut packed = lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None).unwrap();
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(super) fn lzip(text: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::LzipOptions::with_preset(1);
    let mut packed = lzma_rust2::LzipWriter::new(Vec::new(), options);
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(super) fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(super) fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Frames of LZ4, of small blocks that repeat what stands in those before them.
pub(super) fn lz4(text: &[u8]) -> Vec<u8> {
    let info = lz4_flex::frame::FrameInfo::new()
        .block_mode(lz4_flex::frame::BlockMode::Linked)
        .block_size(lz4_flex::frame::BlockSize::Max64KB)
        .block_checksums(true)
        .content_checksum(true);
    let mut packed = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

/// The older form of that.
pub(super) fn old_lz4(text: &[u8]) -> Vec<u8> {
    let mut packed = 0x184c_2102_u32.to_le_bytes().to_vec();
    let block = lz4_flex::block::compress(text);
    packed.extend(u32::try_from(block.len()).unwrap().to_le_bytes());
    packed.extend(block);
    packed
}

/// As Firefox keeps its sessions.
pub(super) fn mozilla(text: &[u8]) -> Vec<u8> {
    let size = u32::try_from(text.len()).unwrap().to_le_bytes();
    let block = lz4_flex::block::compress(text);
    [b"mozLz40\0", size.as_slice(), &block].concat()
}

pub(super) fn snappy(text: &[u8]) -> Vec<u8> {
    let mut packed = snap::write::FrameEncoder::new(Vec::new());
    packed.write_all(text).unwrap();
    packed.into_inner().unwrap()
}

pub(super) fn zlib(text: &[u8]) -> Vec<u8> {
    crate::packing::zlib(text)
}

/// A 7z of these files.
pub(crate) fn seven(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = sevenz_rust2::ArchiveWriter::new(std::io::Cursor::new(Vec::new())).unwrap();
    for (name, text) in members {
        let entry = sevenz_rust2::ArchiveEntry::new_file(name);
        archive.push_archive_entry(entry, Some(*text)).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A tar of these files.
pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, text) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append_data(&mut header, name, *text).unwrap();
    }
    archive.into_inner().unwrap()
}

/// A zip of these files, packed.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_by(zip::CompressionMethod::Deflated, members)
}

pub(super) fn zip_by(method: zip::CompressionMethod, members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, text) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(text).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The same zip, its first member marked in this field of its table's entry and of its own head: the flags (8 and 6)
/// or the method (10 and 8).
pub(super) fn marked(mut zip: Vec<u8>, field: usize, value: u8) -> Vec<u8> {
    let entry = zip
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    zip[entry + field] = value;
    zip[field - 2] = value;
    zip
}

/// `count` zips in each other around this file.
pub(super) fn nested(count: usize, name: &str, text: &[u8]) -> Vec<u8> {
    (0..count).fold(zip(&[(name, text)]), |inner, _| {
        zip(&[("inner.zip", &inner)])
    })
}
