//! Whatever stands in a pack and its index, reading them neither panics nor takes more memory or time than its bounds
//! allow, and no object is forgotten: each is looked into or told.
//!
//! Random bytes alone are no pack, so most inputs say what its entries are: kinds, sizes, bases, packed or random text.
//! The others are the files themselves.

#![no_main]

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use libfuzzer_sys::fuzz_target;
use usage::{SearchKey, fuzzing};

static KEY: LazyLock<SearchKey> = LazyLock::new(|| SearchKey::new("7", "ab12cd34").expect("8 visible characters"));

fn packed(text: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).expect("memory");
    packed.finish().expect("memory")
}

fn take<'input>(input: &mut &'input [u8], most: usize) -> &'input [u8] {
    let (front, rest) = input.split_at(most.min(input.len()));
    *input = rest;
    front
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

/// A pack and its index as the input describes them; how many objects, and how many of them are trees or made from one.
fn described(mut input: &[u8]) -> (Vec<u8>, Vec<u8>, u64, bool) {
    let mut pack = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
    let (mut places, mut sizes) = (Vec::new(), Vec::<usize>::new());
    let mut has_trees = false;
    while let &[how, which, length, ref rest @ ..] = input
        && places.len() < 60
    {
        input = rest;
        let mut text = take(&mut input, length.into()).to_vec();
        // Long ones, of what repeats itself.
        if how & 0x80 != 0 {
            text = text.repeat(usize::from(which) * 4 + 1);
        }
        let kind = [3, 1, 4, 2, 6, 7, 6, 7][usize::from(how & 7)];
        has_trees |= kind == 2;
        let base = usize::from(which) % (places.len() + 2);
        if kind >= 6 && how & 0x40 == 0 {
            // A delta that fits its base: copies of it, which is how it grows.
            let size = sizes.get(base).copied().unwrap_or(9);
            let copies = usize::from(length % 16) + 1;
            let part = size.min(0xff_ffff);
            let [a, b, c, ..] = part.to_le_bytes();
            text = [number(size), number(part * copies)].concat();
            for _ in 0..copies {
                text.extend([0xf0, a, b, c]);
            }
            sizes.push(if part == 0 { 0 } else { part * copies });
        } else {
            sizes.push(text.len());
        }
        let place = pack.len();
        let said = if how & 0x20 != 0 { text.len() << (which % 40) } else { text.len() };
        let (mut rest, first) = (said >> 4, (said & 15) as u8 | kind << 4);
        pack.push(if rest > 0 { first | 0x80 } else { first });
        while rest > 0 {
            let bits = (rest & 0x7f) as u8;
            rest >>= 7;
            pack.push(if rest > 0 { bits | 0x80 } else { bits });
        }
        if kind == 6 {
            let mut distance = place - places.get(base).copied().unwrap_or(place.saturating_sub(5));
            let mut bytes = vec![(distance & 0x7f) as u8];
            distance >>= 7;
            while distance > 0 {
                distance -= 1;
                bytes.insert(0, (distance & 0x7f) as u8 | 0x80);
                distance >>= 7;
            }
            pack.extend(bytes);
        } else if kind == 7 {
            pack.push(which % 64);
            pack.extend([7; 19]);
        }
        pack.extend(if how & 0x10 != 0 { text } else { packed(&text) });
        places.push(place);
    }
    pack.extend([0; 20]);
    let count = places.len() as u32;
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..256 {
        index.extend(count.min(first + 1).to_be_bytes());
    }
    for number in 0..count {
        index.push(number as u8);
        index.extend([7; 19]);
    }
    index.extend(vec![0; 4 * places.len()]);
    for place in &places {
        index.extend((*place as u32).to_be_bytes());
    }
    index.extend([0; 40]);
    (index, pack, count.into(), has_trees)
}

fuzz_target!(|input: &[u8]| {
    let [how, input @ ..] = input else {
        return;
    };
    if how % 4 == 0 {
        // The files themselves, in any bytes.
        let at = input.len() / 3;
        let (index, pack) = input.split_at(at);
        let index = [b"\xfftOc\0\0\0\x02", index].concat();
        let pack = [b"PACK\0\0\0\x02", pack].concat();
        let _told = fuzzing::pack(&KEY, &index, &pack);
        return;
    }
    let (mut index, pack, count, has_trees) = described(input);
    if how % 4 == 1 {
        // One byte of the index is another.
        let at = (usize::from(*how) * 37 + input.len() * 11) % index.len();
        index[at] ^= *how | 1;
        let _told = fuzzing::pack(&KEY, &index, &pack);
        return;
    }
    let (_, told) = fuzzing::pack(&KEY, &index, &pack);
    if !has_trees {
        assert_eq!(told, count, "an object was forgotten, or told twice");
    }
});
