//! Records of a log of `LevelDB`, which is written before it becomes a table. One that runs over the end of a block has the
//! head of its next part in the middle: each is put together here. What a block has as a whole is not of interest: the
//! file is looked through as it is besides.
//!
//! After `github.com/google/leveldb`, `doc/log_format.md`, and `db/write_batch.cc` for what a record begins with.

use std::io::{self, Read};

const BLOCK_BYTES: usize = 32 << 10;

/// A checksum, how long the part is, and which part of its record.
const HEAD_BYTES: usize = 7;

const WHOLE: u8 = 1;
const FIRST: u8 = 2;
const MIDDLE: u8 = 3;
const LAST: u8 = 4;

/// The longest record that is put together.
const MAX_RECORD_BYTES: usize = 64 << 20;

/// Whether a file with this beginning is such a log. It has no mark of its own, so its first record is judged: a batch of
/// writes, with its number and how many they are.
pub(crate) fn is_log(head: &[u8]) -> bool {
    let Some((part, _)) = Part::read(head) else {
        return false;
    };
    let is_first =
        part.kind == WHOLE || part.kind == FIRST && part.size == BLOCK_BYTES - HEAD_BYTES;
    let Some([.., 0, 0, a, b, c, 0, write]) = head.get(HEAD_BYTES..HEAD_BYTES + 13) else {
        return false;
    };
    is_first && *write <= 1 && (*a, *b, *c) != (0, 0, 0)
}

struct Part {
    size: usize,
    kind: u8,
}

impl Part {
    /// The head of a part, and what follows it; none where the rest of the block is empty or is no such thing.
    fn read(block: &[u8]) -> Option<(Self, &[u8])> {
        let (head, rest) = block.split_at_checked(HEAD_BYTES)?;
        let size = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let part = Self {
            size,
            kind: head[6],
        };
        (WHOLE..=LAST).contains(&part.kind).then_some((part, rest))
    }
}

/// Calls `visit` with each record that runs over the end of a block. A part that is damaged ends its record, and the rest of
/// its block, as it does for the programs that read it.
///
/// # Errors
/// What `visit` says, or the file; [`io::ErrorKind::FileTooLarge`] where a record is longer than is put together.
pub(crate) fn each(
    file: &mut impl Read,
    visit: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    let mut record = Vec::new();
    let outcome = loop {
        block.clear();
        let most = BLOCK_BYTES as u64;
        if let Err(error) = (&mut *file).take(most).read_to_end(&mut block) {
            break Err(error);
        }
        if block.is_empty() {
            break Ok(());
        }
        if let Err(error) = read_block(&block, &mut record, visit) {
            break Err(error);
        }
    };
    zeroize::Zeroize::zeroize(&mut block);
    zeroize::Zeroize::zeroize(&mut record);
    outcome
}

fn read_block(
    mut block: &[u8],
    record: &mut Vec<u8>,
    visit: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    while let Some((part, rest)) = Part::read(block) {
        // What is cut off by the end of the file counts as far as it goes.
        let (text, next) = rest.split_at(part.size.min(rest.len()));
        if matches!(part.kind, WHOLE | FIRST) {
            record.clear();
        }
        if matches!(part.kind, FIRST | MIDDLE | LAST) {
            if record.len() + text.len() > MAX_RECORD_BYTES {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            record.extend_from_slice(text);
        }
        if part.kind == LAST {
            visit(record)?;
            record.clear();
        }
        block = next;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{each, is_log};

    fn part(kind: u8, text: &[u8]) -> Vec<u8> {
        let size = u16::try_from(text.len()).unwrap().to_le_bytes();
        [&[0; 4], &size[..], &[kind], text].concat()
    }

    fn records(log: &[u8]) -> Vec<Vec<u8>> {
        let mut records = Vec::new();
        each(&mut &*log, &mut |record| {
            records.push(record.to_vec());
            Ok(())
        })
        .unwrap();
        records
    }

    #[test]
    fn a_record_over_three_blocks_is_one_again() {
        let block = vec![b'x'; (32 << 10) - 7];
        let log = [
            part(2, &block),
            part(3, &block),
            part(4, b"end"),
            part(1, b"own"),
        ]
        .concat();
        let whole = [&block[..], &block, b"end"].concat();
        assert_eq!(records(&log), [whole]);
    }

    #[test]
    fn what_is_damaged_ends_a_record_and_nothing_else() {
        let mut log = part(9, b"nothing");
        log.resize(32 << 10, 0);
        log.extend(part(2, b"one "));
        log.extend(part(4, b"two"));
        log.extend([1, 2, 3]);
        assert_eq!(records(&log), [b"one two"]);
    }

    #[test]
    fn a_log_is_told_by_its_first_record() {
        let batch = [&7_u64.to_le_bytes()[..], &[1, 0, 0, 0, 1, 3]].concat();
        assert!(is_log(&part(1, &batch)));
        assert!(!is_log(&part(5, &batch)));
        assert!(!is_log(&part(1, b"a text that goes on and on")));
        assert!(!is_log(b""));
    }
}
