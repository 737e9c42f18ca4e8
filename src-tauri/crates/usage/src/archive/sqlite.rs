//! Values of a database of SQLite that run over the page they begin in: each put together from its pages, which need not
//! follow each other. So too in a write-ahead log (WAL), which has pages until they are taken into the database.
//!
//! After `sqlite.org/fileformat2.html`, 1.6 (pages and cells) and 4.1 (the log). What a page has as a whole
//! is not of interest here: the file is looked through as it is besides.

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};

/// How a database begins.
pub(crate) const DATABASE: &[u8] = b"SQLite format 3\0";

/// The head of a database, of a log, and of each page there.
const DATABASE_HEAD_BYTES: usize = 100;
const WAL_HEAD_BYTES: u64 = 32;
const FRAME_HEAD_BYTES: u64 = 24;

/// How many pages of a log are looked into.
const MAX_FRAMES: u64 = 1 << 22;

/// A file of pages.
pub(crate) struct Pages<F> {
    file: F,
    size: usize,
    /// What of a page is used.
    usable: usize,
    /// Where each page is that is in the file: of a log, each as it was written.
    places: Places,
}

enum Places {
    /// One after the other.
    Each(u32),
    /// Number and place, in the order in which they were written, and where each was written last.
    Written(Vec<(u32, u64)>, HashMap<u32, u64>),
}

impl<F: Read + Seek> Pages<F> {
    /// # Errors
    /// When it is no such file, is damaged, or can't be read.
    pub(crate) fn open(mut file: F) -> io::Result<Self> {
        let mut head = [0; DATABASE_HEAD_BYTES];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut head[..32])?;
        let length = file.seek(SeekFrom::End(0))?;
        let (size, reserved) = if head.starts_with(DATABASE) {
            let size = match u16::from_be_bytes([head[16], head[17]]) {
                1 => 1 << 16,
                size => usize::from(size),
            };
            (size, usize::from(head[20]))
        } else {
            (usize::try_from(number(&head, 8)).unwrap_or_default(), 0)
        };
        let is_usual = (512..=1 << 16).contains(&size) && size.is_power_of_two();
        let usable = size.saturating_sub(reserved);
        if !is_usual || usable < 480 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let places = if head.starts_with(DATABASE) {
            let count = length / size as u64;
            Places::Each(u32::try_from(count).map_err(|_| io::ErrorKind::InvalidData)?)
        } else {
            let frame = FRAME_HEAD_BYTES + size as u64;
            let count = (length.saturating_sub(WAL_HEAD_BYTES) / frame).min(MAX_FRAMES);
            let mut written = Vec::new();
            for at in (0..count).map(|at| WAL_HEAD_BYTES + at * frame) {
                let mut page = [0; 4];
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(&mut page)?;
                written.push((u32::from_be_bytes(page), at + FRAME_HEAD_BYTES));
            }
            let last = written.iter().copied().collect();
            Places::Written(written, last)
        };
        Ok(Self {
            file,
            size,
            usable,
            places,
        })
    }

    /// Calls `visit` with each value that runs over its page.
    ///
    /// # Errors
    /// What `visit` says, or the file.
    pub(crate) fn each(
        &mut self,
        visit: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>,
    ) -> io::Result<()> {
        let count = match &self.places {
            Places::Each(count) => *count as usize,
            Places::Written(written, _) => written.len(),
        };
        let mut page = vec![0; self.size];
        for at in 0..count {
            let (number, place) = match &self.places {
                Places::Each(_) => (at as u32 + 1, at as u64 * self.size as u64),
                Places::Written(written, _) => written[at],
            };
            self.file.seek(SeekFrom::Start(place))?;
            self.file.read_exact(&mut page)?;
            for cell in cells(&page[..self.usable], number) {
                let mut value = Value {
                    pages: self,
                    here: page[cell.from..cell.until].to_vec(),
                    at: 0,
                    next: cell.next,
                    left: cell.left,
                };
                visit(&mut value)?;
            }
        }
        zeroize::Zeroize::zeroize(&mut page);
        Ok(())
    }

    fn place(&self, number: u32) -> Option<u64> {
        match &self.places {
            Places::Each(count) => {
                let before = number.checked_sub(1).filter(|_| number <= *count)?;
                Some(u64::from(before) * self.size as u64)
            }
            Places::Written(_, last) => last.get(&number).copied(),
        }
    }
}

/// A value that goes on elsewhere.
struct Cell {
    from: usize,
    until: usize,
    /// The page on which it goes on.
    next: u32,
    /// How many bytes are left of it there.
    left: u64,
}

/// The values of a page that run over it; none where it is of another kind.
fn cells(page: &[u8], number: u32) -> impl Iterator<Item = Cell> {
    let head = if number == 1 { DATABASE_HEAD_BYTES } else { 0 };
    let kind = page.get(head).copied().unwrap_or_default();
    // Where the numbers of the cells begin, what stands before a value, and how much of one fits.
    let usable = page.len();
    let of_index = (usable - 12) * 64 / 255 - 23;
    let form = match kind {
        0x0d => Some((8, 0, true, usable - 35)),
        0x0a => Some((8, 0, false, of_index)),
        0x02 => Some((12, 4, false, of_index)),
        _ => None,
    };
    let count = page.get(head + 3..head + 5).map_or(0, |count| {
        usize::from(u16::from_be_bytes([count[0], count[1]]))
    });
    form.into_iter()
        .flat_map(move |(pointers, before, has_row, most)| {
            (0..count).filter_map(move |at| {
                let pointer = page.get(head + pointers + 2 * at..)?.first_chunk::<2>()?;
                let mut at = usize::from(u16::from_be_bytes(*pointer)) + before;
                let size = varint(page, &mut at)?;
                if has_row {
                    varint(page, &mut at)?;
                }
                if size <= most as u64 {
                    return None;
                }
                let least = (usable - 12) * 32 / 255 - 23;
                let rest = usize::try_from((size - least as u64) % (usable as u64 - 4)).ok()?;
                let here = if least + rest <= most {
                    least + rest
                } else {
                    least
                };
                let until = at + here;
                let next = page.get(until..)?.first_chunk::<4>()?;
                Some(Cell {
                    from: at,
                    until,
                    next: u32::from_be_bytes(*next),
                    left: size - here as u64,
                })
            })
        })
}

/// A number of one to nine bytes.
fn varint(page: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..9 {
        let byte = *page.get(*at)?;
        *at += 1;
        if place == 8 {
            return Some(number << 8 | u64::from(byte));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            break;
        }
    }
    Some(number)
}

/// A value, page by page.
struct Value<'pages, F> {
    pages: &'pages mut Pages<F>,
    /// What of it was read, and how much of that was passed on.
    here: Vec<u8>,
    at: usize,
    next: u32,
    left: u64,
}

impl<F: Read + Seek> Read for Value<'_, F> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.at == self.here.len() {
            // A log has what changed. A value that goes on where nothing did is in the database as a whole too.
            let Some(place) = self.pages.place(self.next).filter(|_| self.left > 0) else {
                return Ok(0);
            };
            let mut next = [0; 4];
            self.pages.file.seek(SeekFrom::Start(place))?;
            self.pages.file.read_exact(&mut next)?;
            self.next = u32::from_be_bytes(next);
            let more = self.left.min(self.pages.usable as u64 - 4);
            self.here
                .resize(usize::try_from(more).unwrap_or_default(), 0);
            self.pages.file.read_exact(&mut self.here)?;
            self.at = 0;
            self.left -= more;
        }
        let more = room.len().min(self.here.len() - self.at);
        room[..more].copy_from_slice(&self.here[self.at..self.at + more]);
        self.at += more;
        Ok(more)
    }
}

fn number(text: &[u8], at: usize) -> u32 {
    let number = text.get(at..).and_then(|text| text.first_chunk::<4>());
    number.copied().map(u32::from_be_bytes).unwrap_or_default()
}
