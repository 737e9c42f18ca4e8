//! Texts packed by LZ4: frames as `lz4` writes them, of either form, and the files of Firefox, which are one block.
//!
//! The library unpacks blocks. Its own reader of frames takes a cut one for a whole one, so these are read here, after
//! `lz4_Frame_format.md` of the lz4 project. Checksums are passed over: damage shows where text is looked for.

use std::io::{self, BufRead, Read};

use lz4_flex::block;
use zeroize::Zeroizing;

/// How a frame begins.
const FRAME: u32 = 0x184d_2204;

/// How one of the older form begins, whose blocks have neither a head nor an end.
const LEGACY: u32 = 0x184c_2102;

/// How something begins that is to be passed over.
const SKIPPED: std::ops::RangeInclusive<u32> = 0x184d_2a50..=0x184d_2a5f;

/// What a block of the older form holds at most.
const MAX_LEGACY_BYTES: usize = 8 << 20;

/// As far back as a block may repeat what was before it.
const WINDOW_BYTES: usize = 64 << 10;

/// Marks a block that is as it is.
const AS_IT_IS: u32 = 1 << 31;

/// How a file of Firefox begins: mozilla-central, `toolkit/components/lz4/lz4.cpp` and `IOUtils.cpp`.
pub(super) const MOZILLA: &[u8; 8] = b"mozLz40\0";

/// The longest text of a file of Firefox that is unpacked: it is in memory as a whole.
const MAX_MOZILLA_BYTES: usize = 64 << 20;

/// What a byte of a block may become at most.
const MAX_BYTES_PER_BYTE: usize = 255;

/// The text of all frames, one after the other.
pub(super) struct Frames<R> {
    packed: R,
    frame: Option<Frame>,
    /// What was unpacked last, and how much of it was read.
    text: Zeroizing<Vec<u8>>,
    read: usize,
    /// What the next block may repeat.
    window: Zeroizing<Vec<u8>>,
}

/// What the head of a frame says.
#[derive(Clone, Copy)]
struct Frame {
    is_legacy: bool,
    /// What a block holds at most.
    most: usize,
    /// Whether a block may repeat what was before it.
    is_linked: bool,
    blocks_have_sums: bool,
    has_sum: bool,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(packed: R) -> Self {
        Self {
            packed,
            frame: None,
            text: Zeroizing::default(),
            read: 0,
            window: Zeroizing::default(),
        }
    }

    /// Unpacks the next block; false at the end of the last frame.
    fn next(&mut self) -> io::Result<bool> {
        loop {
            let Some(frame) = self.frame else {
                if self.packed.fill_buf()?.is_empty() {
                    return Ok(false);
                }
                let mark = self.number()?;
                self.begin(mark)?;
                continue;
            };
            if frame.is_legacy && self.packed.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let size = self.number()?;
            match size {
                // The next one begins.
                FRAME | LEGACY if frame.is_legacy => self.begin(size)?,
                0 if !frame.is_legacy => {
                    self.pass(if frame.has_sum { 4 } else { 0 })?;
                    self.frame = None;
                }
                _ => {
                    self.block(frame, size)?;
                    return Ok(true);
                }
            }
        }
    }

    /// Reads the head of what begins with this mark.
    fn begin(&mut self, mark: u32) -> io::Result<()> {
        self.window.clear();
        match mark {
            LEGACY => {
                self.frame = Some(Frame {
                    is_legacy: true,
                    most: MAX_LEGACY_BYTES,
                    is_linked: false,
                    blocks_have_sums: false,
                    has_sum: false,
                });
                Ok(())
            }
            FRAME => {
                let [flags, size] = self.bytes()?;
                let has = |bit: u8| flags >> bit & 1 == 1;
                let most = match size >> 4 & 7 {
                    4 => 64 << 10,
                    5 => 256 << 10,
                    6 => 1 << 20,
                    7 => 4 << 20,
                    _ => return Err(io::ErrorKind::InvalidData.into()),
                };
                // A dictionary lies elsewhere.
                if flags >> 6 != 1 || has(0) {
                    return Err(io::ErrorKind::Unsupported.into());
                }
                // How long the text is, and the checksum of the head.
                self.pass(if has(3) { 8 + 1 } else { 1 })?;
                self.frame = Some(Frame {
                    is_legacy: false,
                    most,
                    is_linked: !has(5),
                    blocks_have_sums: has(4),
                    has_sum: has(2),
                });
                Ok(())
            }
            _ if SKIPPED.contains(&mark) => {
                let size = self.number()?;
                self.pass(size.into())
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn block(&mut self, frame: Frame, size: u32) -> io::Result<()> {
        let is_packed = frame.is_legacy || size & AS_IT_IS == 0;
        let size = if is_packed { size } else { size & !AS_IT_IS };
        let length = usize::try_from(size).unwrap_or(usize::MAX);
        // A block that is no shorter when it is packed is left as it is; one of the older form never is.
        let longest = if frame.is_legacy {
            block::get_maximum_output_size(frame.most)
        } else {
            frame.most
        };
        if length > longest {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut packed = Zeroizing::new(vec![0; length]);
        self.packed.read_exact(&mut packed)?;
        if frame.blocks_have_sums {
            self.pass(4)?;
        }
        self.read = 0;
        if is_packed {
            self.text.resize(frame.most, 0);
            let filled = block::decompress_into_with_dict(&packed, &mut self.text, &self.window)
                .map_err(|_| io::ErrorKind::InvalidData)?;
            self.text.truncate(filled);
        } else {
            self.text = packed;
        }
        if frame.is_linked {
            self.window.extend_from_slice(&self.text);
            let old = self.window.len().saturating_sub(WINDOW_BYTES);
            self.window.drain(..old);
        }
        Ok(())
    }

    fn number(&mut self) -> io::Result<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn bytes<const COUNT: usize>(&mut self) -> io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.packed.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn pass(&mut self, size: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.packed.by_ref().take(size), &mut io::sink())?;
        if passed < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.read == self.text.len() {
            if !self.next()? {
                return Ok(0);
            }
        }
        let more = room.len().min(self.text.len() - self.read);
        room[..more].copy_from_slice(&self.text[self.read..self.read + more]);
        self.read += more;
        Ok(more)
    }
}

/// The text of a file of Firefox: a mark, the length of the text, and one block.
///
/// # Errors
/// When it is damaged, or with [`io::ErrorKind::FileTooLarge`].
pub(super) fn mozilla(mut packed: impl Read) -> io::Result<impl Read> {
    let mut head = [0; MOZILLA.len() + 4];
    packed.read_exact(&mut head)?;
    let [.., a, b, c, d] = head;
    let size = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if size > MAX_MOZILLA_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut block = Zeroizing::new(Vec::new());
    let longest = block::get_maximum_output_size(size) as u64;
    packed.take(longest).read_to_end(&mut block)?;
    // No memory for a text that so few bytes can't be.
    if size / MAX_BYTES_PER_BYTE > block.len() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Zeroizing::new(vec![0; size]);
    let filled =
        block::decompress_into(&block, &mut text).map_err(|_| io::ErrorKind::InvalidData)?;
    text.truncate(filled);
    Ok(Whole { text, read: 0 })
}

/// A text that is in memory until it was read.
struct Whole {
    text: Zeroizing<Vec<u8>>,
    read: usize,
}

impl Read for Whole {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let more = (&self.text[self.read..]).read(room)?;
        self.read += more;
        Ok(more)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read, Write as _};

    use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
    use proptest::prelude::*;

    use super::{Frames, MOZILLA, mozilla};

    fn packed(text: &[u8], info: FrameInfo) -> Vec<u8> {
        let mut packed = FrameEncoder::with_frame_info(info, Vec::new());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    }

    fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        Frames::new(packed).read_to_end(&mut text)?;
        Ok(text)
    }

    fn infos() -> impl Strategy<Value = FrameInfo> {
        let modes = prop::sample::select(&[BlockMode::Linked, BlockMode::Independent][..]);
        let sizes = prop::sample::select(&[BlockSize::Max64KB, BlockSize::Max1MB][..]);
        (modes, sizes, any::<[bool; 2]>(), any::<bool>()).prop_map(|(mode, size, sums, tells)| {
            FrameInfo::new()
                .block_mode(mode)
                .block_size(size)
                .block_checksums(sums[0])
                .content_checksum(sums[1])
                .content_size(tells.then_some(0))
        })
    }

    /// Texts that repeat themselves, near and far.
    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let part = (prop::collection::vec(any::<u8>(), 1..2000), 1..60_usize);
        let parts = prop::collection::vec(part, 1..6);
        parts.prop_map(|parts| {
            let parts = parts.iter().map(|(text, times)| text.repeat(*times));
            let once = parts.collect::<Vec<_>>().concat();
            [once.as_slice(), &once].concat()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_the_library_packs_is_unpacked(text in texts(), info in infos()) {
            let told = info.content_size.map(|_| text.len() as u64);
            let packed = packed(&text, info.content_size(told));
            prop_assert_eq!(unpacked(&packed).unwrap(), text);
        }

        #[test]
        fn a_cut_frame_is_no_whole_one(
            text in texts(),
            info in infos(),
            cut in any::<prop::sample::Index>(),
        ) {
            let packed = packed(&text, info.content_size(None));
            let cut = 1 + cut.index(packed.len() - 1);
            prop_assert!(unpacked(&packed[..cut]).is_err());
        }

        #[test]
        fn damage_is_survived(
            mut bytes in prop::collection::vec(any::<u8>(), 0..400),
            text in "[a-c]{0,300}",
            at in any::<prop::sample::Index>(),
            new in any::<u8>(),
        ) {
            let mut whole = packed(text.as_bytes(), FrameInfo::new());
            let at = at.index(whole.len());
            whole[at] = new;
            // Whatever comes of it, it ends.
            let _ = unpacked(&whole);
            let mut session = MOZILLA.to_vec();
            session.append(&mut bytes);
            let _ = mozilla(session.as_slice()).map(|mut text| text.read_to_end(&mut Vec::new()));
        }
    }
}
