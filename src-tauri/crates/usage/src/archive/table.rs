//! The blocks of a table as `LevelDB` keeps them: the stores of browsers, and of programs that are built like one.
//!
//! After `github.com/google/leveldb`, `doc/table_format.md`: at the end stands where the index is; that tells where the
//! blocks are; each may be packed by Snappy or zstd. What is written before it becomes a table is not packed.

use std::io;

/// How a table ends.
pub(crate) const MAGIC: &[u8] = &0xdb47_7524_8b80_fb57_u64.to_le_bytes();

/// The end, as a whole.
const FOOTER_BYTES: usize = 48;

/// What stands behind a block: how it is packed, and a checksum.
const PLAIN: u8 = 0;
const SNAPPY: u8 = 1;
const ZSTD: u8 = 2;

/// The largest block that is unpacked.
const MAX_BLOCK_BYTES: usize = 64 << 20;

/// A block as it is stored.
pub(crate) enum Block<'table> {
    Plain(&'table [u8]),
    Snappy(&'table [u8]),
    Zstd(&'table [u8]),
    Unknown,
}

/// The blocks of a table.
///
/// # Errors
/// When it is damaged.
pub(crate) fn blocks(table: &[u8]) -> io::Result<Vec<Block<'_>>> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let footer = table.last_chunk::<FOOTER_BYTES>().ok_or_else(damaged)?;
    let mut at = 0;
    // Of what stands about the table itself, and of the index.
    for _ in 0..2 {
        varint(footer, &mut at).ok_or_else(damaged)?;
    }
    let index = block(table, footer, &mut at).ok_or_else(damaged)?;
    let index = unpacked(&index).ok_or_else(damaged)?;
    let mut blocks = Vec::new();
    let ends = index.len().checked_sub(4).ok_or_else(damaged)?;
    let restarts = u32::from_le_bytes(*index[ends..].first_chunk().ok_or_else(damaged)?);
    let restarts = usize::try_from(restarts).map_err(|_| damaged())?;
    let until = restarts
        .checked_mul(4)
        .and_then(|bytes| ends.checked_sub(bytes));
    let until = until.ok_or_else(damaged)?;
    let mut at = 0;
    while at < until {
        // What its key shares with the one before, what it does not, and how long the place of the block is.
        varint(&index, &mut at).ok_or_else(damaged)?;
        let own = varint(&index, &mut at).ok_or_else(damaged)?;
        let length = varint(&index, &mut at).ok_or_else(damaged)?;
        let from = at.saturating_add(own);
        let end = from.saturating_add(length);
        let mut place = from;
        let handle = index.get(..end.min(until)).ok_or_else(damaged)?;
        blocks.push(block(table, handle, &mut place).ok_or_else(damaged)?);
        at = end;
    }
    Ok(blocks)
}

/// A block that is packed by Snappy.
///
/// # Errors
/// When it is damaged, or too large.
pub(crate) fn snappy(packed: &[u8]) -> io::Result<Vec<u8>> {
    let size = snap::raw::decompress_len(packed)?;
    if size > MAX_BLOCK_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(snap::raw::Decoder::new().decompress_vec(packed)?)
}

fn unpacked(block: &Block<'_>) -> Option<Vec<u8>> {
    match block {
        Block::Plain(text) => Some(text.to_vec()),
        Block::Snappy(packed) => snappy(packed).ok(),
        Block::Zstd(_) | Block::Unknown => None,
    }
}

/// The block whose place stands at `at`.
fn block<'table>(table: &'table [u8], handle: &[u8], at: &mut usize) -> Option<Block<'table>> {
    let from = varint(handle, at)?;
    let end = from.checked_add(varint(handle, at)?)?;
    let text = table.get(from..end)?;
    Some(match *table.get(end)? {
        PLAIN => Block::Plain(text),
        SNAPPY => Block::Snappy(text),
        ZSTD => Block::Zstd(text),
        _ => Block::Unknown,
    })
}

fn varint(text: &[u8], at: &mut usize) -> Option<usize> {
    let mut number = 0_u64;
    for place in 0..10_u32 {
        let byte = *text.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
        if byte < 0x80 {
            return usize::try_from(number).ok();
        }
    }
    None
}
