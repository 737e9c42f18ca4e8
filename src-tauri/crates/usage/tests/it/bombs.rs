//! Files that ask for far more than they are.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

pub(crate) fn packed(text: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

/// An entry of a pack: its kind and size, what it is made from, its packed text.
pub(crate) fn entry(kind: u8, size: usize, base: &[u8], text: &[u8]) -> Vec<u8> {
    let mut entry = Vec::new();
    let mut rest = size >> 4;
    let more = |rest: usize| if rest > 0 { 0x80 } else { 0 };
    entry.push(kind << 4 | (size & 15) as u8 | more(rest));
    while rest > 0 {
        let bits = (rest & 0x7f) as u8;
        rest >>= 7;
        entry.push(bits | more(rest));
    }
    entry.extend_from_slice(base);
    entry.extend(packed(text));
    entry
}

/// The index and the pack of these entries. The name of each is its number and sevens.
pub(crate) fn pack(entries: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
    assert!(entries.len() <= 256);
    let count = u32::try_from(entries.len()).unwrap();
    let mut pack = [b"PACK\0\0\0\x02".as_slice(), &count.to_be_bytes()].concat();
    let mut places = Vec::new();
    for entry in entries {
        places.push(u32::try_from(pack.len()).unwrap());
        pack.extend_from_slice(entry);
    }
    pack.extend([0; 20]);
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..256_u32 {
        index.extend(count.min(first + 1).to_be_bytes());
    }
    for number in 0..count {
        index.push(number as u8);
        index.extend([7; 19]);
    }
    index.extend(vec![0; 4 * entries.len()]);
    for place in places {
        index.extend(place.to_be_bytes());
    }
    index.extend([0; 40]);
    (index, pack)
}

/// A distance between two entries.
fn distance(mut number: usize) -> Vec<u8> {
    let mut bytes = vec![(number & 0x7f) as u8];
    number >>= 7;
    while number > 0 {
        number -= 1;
        bytes.insert(0, (number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes
}

fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let bits = (number & 0x7f) as u8;
        number >>= 7;
        bytes.push(if number > 0 { bits | 0x80 } else { bits });
        if number == 0 {
            return bytes;
        }
    }
}

/// An object of this size, and on each level two that differ from it in nothing: the first is the base of the next
/// level, so each level has to be kept until the second is made.
pub(crate) fn differences(size: usize, levels: usize) -> Vec<Vec<u8>> {
    let mut entries = vec![entry(3, size, &[], &vec![0; size])];
    let mut delta = [number(size), number(size)].concat();
    let mut left = size;
    while left > 0 {
        let part = left.min(0xff_ffff);
        let bytes = part.to_le_bytes();
        delta.extend([0xf0, bytes[0], bytes[1], bytes[2]]);
        left -= part;
    }
    let mut back = entries[0].len();
    for _ in 0..levels {
        let first = entry(6, delta.len(), &distance(back), &delta);
        let second = entry(6, delta.len(), &distance(back + first.len()), &delta);
        back = first.len() + second.len();
        entries.extend([first, second]);
    }
    entries
}

/// The beginning of a member of a tar.
pub(crate) fn tar_header(name: &str, size: u64, kind: u8) -> [u8; 512] {
    let mut header = tar::Header::new_gnu();
    header.set_path(name).unwrap();
    header.set_size(size);
    header.set_mode(0o644);
    header.set_entry_type(tar::EntryType::new(kind));
    header.set_cksum();
    *header.as_bytes()
}

/// A zip whose table says so many times that there is one and the same member.
pub(crate) fn zip_of_many(count: u64, text: &str, file: impl Write) -> io::Result<()> {
    zip_again(&crate::packing::zip("x", text.as_bytes()), count, file)
}

/// A zip of one member, with that member so many times in its table.
pub(crate) fn zip_again(zip: &[u8], count: u64, mut file: impl Write) -> io::Result<()> {
    let table = zip
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    let end = zip
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")
        .unwrap();
    let entry = &zip[table..end];
    file.write_all(&zip[..table])?;
    for _ in 0..count {
        file.write_all(entry)?;
    }
    let length = entry.len() as u64 * count;
    let at = table as u64;
    // The end for large ones, what points to it, and the plain end.
    file.write_all(b"PK\x06\x06")?;
    file.write_all(&44_u64.to_le_bytes())?;
    file.write_all(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
    for number in [count, count, length, at] {
        file.write_all(&number.to_le_bytes())?;
    }
    file.write_all(b"PK\x06\x07\0\0\0\0")?;
    file.write_all(&(at + length).to_le_bytes())?;
    file.write_all(&1_u32.to_le_bytes())?;
    file.write_all(b"PK\x05\x06\0\0\0\0")?;
    file.write_all(&[0xff; 12])?;
    file.write_all(&[0, 0])?;
    file.flush()
}
