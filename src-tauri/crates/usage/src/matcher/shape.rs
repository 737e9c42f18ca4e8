//! What an encoded text holds, by its first bytes: nothing is decoded further that has nothing to give.

use super::view;
use crate::archive::{self, Kind, is_zlib};

/// As many letters of the beginning are decoded to see what it is.
pub(super) const PROBE_CHARS: usize = 64;

/// The fewest bytes that are taken for text: chance makes as many in one of ten thousand million.
const MIN_TEXT_BYTES: usize = 24;

/// How often a letter of base64 that begins a group is asked whether text may follow, before anything is decoded.
const QUICK_LOOKS: usize = 6;

/// How a text is written in letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    Base64,
    Hex,
}

impl Alphabet {
    /// How many letters a group has.
    fn group(self) -> usize {
        match self {
            Self::Base64 => 4,
            Self::Hex => 2,
        }
    }

    /// How many bytes it makes.
    fn bytes(self) -> usize {
        match self {
            Self::Base64 => 3,
            Self::Hex => 1,
        }
    }

    pub(super) fn decode(self, letters: &[u8]) -> Vec<u8> {
        let mut room = vec![0; letters.len() / self.group() * self.bytes() + self.bytes()];
        let filled = self.decode_into(letters, &mut room);
        room.truncate(filled);
        room
    }

    /// The same into `room`, which must be large enough. Returns how many bytes it makes.
    fn decode_into(self, letters: &[u8], room: &mut [u8]) -> usize {
        match self {
            Self::Base64 => view::decode_into(letters, room),
            Self::Hex => {
                let (pairs, _) = letters.as_chunks::<2>();
                let pairs = pairs.iter().map_while(|[high, low]| {
                    let digit = |digit: &u8| char::from(*digit).to_digit(16);
                    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
                });
                let places = room.iter_mut().zip(pairs);
                places.map(|(place, byte)| *place = byte).count()
            }
        }
    }
}

/// What decoded bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Container(Kind),
    Zlib,
    Text,
    /// Text in 16-bit characters, and which of its two bytes says something.
    Wide(usize),
}

/// What these bytes begin.
pub(super) fn of(head: &[u8]) -> Option<Shape> {
    if let Some(kind) = archive::kind(head) {
        // A short beginning is easily met by chance.
        let is_sure = !matches!(kind, Kind::Closed("compress" | "arj"));
        return is_sure.then_some(Shape::Container(kind));
    }
    if head.first() == Some(&0x78) && is_zlib(head) {
        return Some(Shape::Zlib);
    }
    let head = &head[..head.len().min(PROBE_CHARS)];
    if let Some(place) = wide(head) {
        return Some(Shape::Wide(place));
    }
    (head.len() >= MIN_TEXT_BYTES && is_text(head)).then_some(Shape::Text)
}

/// Which byte of each character says something, when these are 16-bit characters.
pub(super) fn wide(head: &[u8]) -> Option<usize> {
    let (pairs, _) = head.as_chunks::<2>();
    let pairs = pairs.get(..MIN_TEXT_BYTES / 2)?;
    let zeros = |place: usize| pairs.iter().filter(|pair| pair[place] == 0).count();
    let enough = pairs.len() - 2;
    if zeros(1) >= enough && zeros(0) == 0 {
        Some(0)
    } else if zeros(0) >= enough && zeros(1) == 0 {
        Some(1)
    } else {
        None
    }
}

fn is_text(head: &[u8]) -> bool {
    let is_plain =
        |byte: &u8| *byte >= 0x20 && *byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r');
    if !head.iter().all(is_plain) {
        return false;
    }
    match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last character is cut.
        Err(error) => error.error_len().is_none(),
    }
}

/// How letters that begin like these are written, how many of them stand before the first group, and what they hold.
pub(super) fn probe(letters: &[u8]) -> Option<(Alphabet, usize, Shape)> {
    let letters = &letters[..letters.len().min(PROBE_CHARS)];
    let alphabet = if letters.iter().all(u8::is_ascii_hexdigit) {
        Alphabet::Hex
    } else {
        Alphabet::Base64
    };
    // Nearly all that is looked at is no more than looked at: no memory is asked for.
    let mut room = zeroize::Zeroizing::new([0; PROBE_CHARS]);
    for skipped in 0..alphabet.group() {
        let rest = letters.get(skipped..)?;
        if skipped > 0 && alphabet == Alphabet::Base64 && !may_be_text(rest) {
            continue;
        }
        let filled = alphabet.decode_into(rest, &mut *room);
        match of(&room[..filled]) {
            // What is packed begins where the letters do.
            Some(Shape::Container(_) | Shape::Zlib) if skipped > 0 => {}
            Some(shape) => return Some((alphabet, skipped, shape)),
            None => {}
        }
    }
    None
}

/// Whether groups of base64 that begin here may be text, whose bytes have no high bit.
fn may_be_text(letters: &[u8]) -> bool {
    let mut firsts = letters.iter().step_by(4).take(QUICK_LOOKS);
    firsts.all(|letter| matches!(letter, b'A'..=b'Z' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::{Alphabet, Shape, probe};
    use crate::archive::{Kind, Packer};

    #[test]
    fn letters_that_fill_no_group_are_decoded_too() {
        for (letters, bytes) in [
            ("", ""),
            ("YQ", "a"),
            ("YWI", "ab"),
            ("YWJj", "abc"),
            ("YWJjZA", "abcd"),
            ("YW\nJjZGU=", "abcde"),
        ] {
            let decoded = Alphabet::Base64.decode(letters.as_bytes());
            assert_eq!(decoded, bytes.as_bytes(), "{letters}");
        }
        assert_eq!(Alphabet::Hex.decode(b"616263"), b"abc");
        assert_eq!(Alphabet::Hex.decode(b"61626"), b"ab");
    }

    #[test]
    fn only_what_has_something_to_give_is_decoded() {
        let text = b"YXBpVmVyc2lvbjogdjEKa2luZDogU2VjcmV0CmRhdGE6CiAgYTogYg";
        assert_eq!(probe(text), Some((Alphabet::Base64, 0, Shape::Text)));
        let glued = [b"n".as_slice(), text].concat();
        assert_eq!(probe(&glued), Some((Alphabet::Base64, 1, Shape::Text)));
        let gzip = b"H4sIAAAAAAAAA0tMSk5JTUsHALtpuJ0HAAAAAAAAAAAAAAAAAAAAAAAA";
        let packed = Shape::Container(Kind::Packed(Packer::Gzip));
        assert_eq!(probe(gzip), Some((Alphabet::Base64, 0, packed)));
        for noise in [
            b"x8Jk3mZ0QpVw7Rt5Lb9Nc1Xd6Fg2Hs4Ya+Ue/IoKjMzAqWsEdRfTgYhUjIk".as_slice(),
            b"node_modules/some-package/dist/another_folder/with-a-name/index",
            b"da39a3ee5e6b4b0d3255bfef95601890afd80709da39a3ee5e6b4b0d3255bfef",
        ] {
            assert_eq!(probe(noise), None);
        }
    }
}
