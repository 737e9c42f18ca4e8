//! Unpacks one text, whatever it is packed with. How much memory that takes is bounded; how much comes out is the
//! caller's to bound.

use std::io::{self, BufRead, BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::{LzipReader, LzmaReader, XzReader};
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::kinds::Packer;
use super::lz4;

/// What the window of a text may take: the largest that the usual settings of each packer ask for.
const MAX_WINDOW_BYTES: u32 = 64 << 20;

/// The largest window of a zstandard that is unpacked: that of its highest usual setting.
const MAX_ZSTD_WINDOW_BYTES: u64 = 8 << 20;

impl Packer {
    /// Whether to unpack it may take so much memory that one thread at a time does it.
    pub(crate) fn is_large(self) -> bool {
        matches!(self, Self::Xz | Self::Lzma | Self::Lzip | Self::MozillaLz4)
    }

    /// The text.
    ///
    /// # Errors
    /// When it is damaged, or [`io::ErrorKind::FileTooLarge`] when its window is larger than is unpacked. Some say so
    /// only when it is read.
    pub(crate) fn unpacked<'text>(
        self,
        packed: impl Read + 'text,
    ) -> io::Result<Box<dyn Read + 'text>> {
        let kilobytes = MAX_WINDOW_BYTES / 1024 + 1024;
        let mut packed = BufReader::new(packed);
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(packed)),
            Self::Zstd => Box::new(Frames::new(packed)),
            Self::Lz4 => Box::new(lz4::Frames::new(packed)),
            Self::MozillaLz4 => Box::new(lz4::mozilla(packed)?),
            Self::Snappy => Box::new(snap::read::FrameDecoder::new(packed)),
            Self::Xz => Box::new(Frugal(XzReader::new_mem_limit(packed, true, kilobytes))),
            Self::Lzma => {
                let text = LzmaReader::new_mem_limit(packed, kilobytes, None);
                Box::new(Frugal(text.map_err(frugal)?))
            }
            Self::Lzip => {
                let size = packed.fill_buf()?.get(5).map_or(0, |size| size & 0x1f);
                if 1_u32 << size > MAX_WINDOW_BYTES {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                // Only the first of several: what the others ask for is not known before they are begun.
                Box::new(LzipReader::new(packed))
            }
        })
    }
}

/// A text of lzma as a zip has it: a version, the length of its settings, these, and no size.
pub(crate) fn lzma_of_zip<'text>(
    mut packed: impl Read + 'text,
) -> io::Result<Box<dyn Read + 'text>> {
    let mut head = [0; 9];
    packed.read_exact(&mut head)?;
    let [_, _, 5, 0, settings, window @ ..] = head else {
        return Err(io::ErrorKind::Unsupported.into());
    };
    let window = u32::from_le_bytes(window);
    if window > MAX_WINDOW_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let text = LzmaReader::new_with_props(BufReader::new(packed), u64::MAX, settings, window, None);
    Ok(Box::new(Frugal(text.map_err(frugal)?)))
}

/// A text that asks for too much memory is told apart from a search that has none left.
struct Frugal<R>(R);

impl<R: Read> Read for Frugal<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room).map_err(frugal)
    }
}

fn frugal(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::OutOfMemory => io::ErrorKind::FileTooLarge.into(),
        _ => error,
    }
}

/// All frames of a zstandard, one after the other.
struct Frames<R> {
    packed: R,
    frame: Option<Box<FrameDecoder>>,
}

impl<R: BufRead> Frames<R> {
    fn new(packed: R) -> Self {
        Self {
            packed,
            frame: None,
        }
    }

    /// Begins the next frame; none at the end.
    fn next(&mut self) -> io::Result<Option<Box<FrameDecoder>>> {
        loop {
            if self.packed.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let mut frame = Box::new(FrameDecoder::new());
            frame.set_max_window_size(MAX_ZSTD_WINDOW_BYTES);
            match frame.init(&mut self.packed) {
                Ok(()) => return Ok(Some(frame)),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.packed.by_ref().take(length.into());
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                Err(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.frame.is_none() {
                self.frame = self.next()?;
            }
            let Some(frame) = &mut self.frame else {
                return Ok(0);
            };
            while frame.can_collect() == 0 && !frame.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                if frame.decode_blocks(&mut self.packed, one).is_err() {
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
            let more = frame.read(room)?;
            if more > 0 || room.is_empty() {
                return Ok(more);
            }
            self.frame = None;
        }
    }
}
