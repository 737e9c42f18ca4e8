//! Goes through what is in a container, member by member. Each stands for itself: what can't be opened is noted with
//! its name and looked through as it is, and the next one follows.

use std::io::{self, Cursor, Read, Seek};

use flate2::read::ZlibDecoder;

use super::again::Again;
use super::metered::{Budget, Metered};
use super::missed::Missed;
use crate::archive::forward::Forward;
use crate::archive::table::{self, Block};
use crate::archive::{
    HEAD_BYTES, Kind, Packer, ar, cpio, kind, log, pdf, seven_zip, sqlite, tar, zip,
};
use crate::dedup::Gathering;
use crate::finding::Layer;
use crate::large_memory::LargeMemory;
use crate::places::encrypted;
use crate::reader::{self, Lines, Reader};
use crate::search::{Counted, Search};

/// What is kept in memory of members whose table of contents stands at their end, of all that stand in each other.
const MAX_HELD_BYTES: u64 = 64 << 20;

/// How deep members may stand in each other, whatever they are: each costs room on the stack.
const MAX_DEPTH: u32 = 8;

/// The lead of a package of Red Hat, the fixed part of the two headers behind it, and an entry of their tables.
const RPM_LEAD_BYTES: u64 = 96;
const RPM_HEADER_BYTES: usize = 16;
const RPM_ENTRY_BYTES: u64 = 16;

/// What is wrong with a member.
const DAMAGED: &str = "damaged";
const ENCRYPTED: &str = "encrypted";
const TOO_DEEP: &str = "too deep in each other";
const TOO_LARGE: &str = "needs too much memory";
const UNKNOWN: &str = "packed in an unknown way";

pub(super) struct Visit<'search, 'memory> {
    search: &'search Search,
    reader: &'search mut Reader,
    budget: &'search Budget<'search>,
    gathering: &'search mut Gathering,
    pub(super) missed: Missed,
    /// How much of members is in memory.
    held: u64,
    large: &'search mut LargeMemory<'memory>,
}

impl<'search, 'memory> Visit<'search, 'memory> {
    pub(super) fn new(
        search: &'search Search,
        reader: &'search mut Reader,
        budget: &'search Budget<'search>,
        large: &'search mut LargeMemory<'memory>,
        gathering: &'search mut Gathering,
    ) -> Self {
        Self {
            search,
            reader,
            budget,
            gathering,
            missed: Missed::default(),
            held: 0,
            large,
        }
    }

    /// Notes how a member ended. An error is passed on only when nothing more is to be looked into at all.
    pub(super) fn note(&mut self, outcome: io::Result<()>, name: &str) -> io::Result<()> {
        let Err(error) = outcome else {
            return Ok(());
        };
        let what = match error.kind() {
            io::ErrorKind::QuotaExceeded | io::ErrorKind::OutOfMemory => {
                self.missed.over = true;
                return Err(error);
            }
            _ if self.search.is_stopped() => return Err(error),
            io::ErrorKind::Unsupported => UNKNOWN,
            io::ErrorKind::FileTooLarge => TOO_LARGE,
            _ => DAMAGED,
        };
        self.miss(what, name);
        Ok(())
    }

    /// Notes a member that was not looked into; without a name it is the archive itself.
    fn miss(&mut self, what: &'static str, name: &str) {
        if name.is_empty() {
            self.missed.cut = true;
        } else {
            self.missed.member(what, name);
        }
    }

    fn metered<'text>(&self, inner: &'text mut dyn Read) -> Metered<'text, 'search> {
        Metered {
            inner,
            search: self.search,
            budget: self.budget,
        }
    }

    /// Looks through a container that can be read at any place.
    pub(super) fn open(
        &mut self,
        kind: Kind,
        file: &mut (impl Forward + Seek),
        name: &str,
        depth: u32,
    ) -> io::Result<()> {
        match kind {
            Kind::Zip => self.zip(file, name, depth),
            Kind::SevenZip => self.seven_zip(file, name, depth),
            Kind::Pdf => self.held(file, name, |visit, text| visit.pdf(text, name, depth)),
            Kind::Sqlite => self.sqlite(file, name),
            Kind::Log => self.log(file, name),
            Kind::Table => self.held(file, name, |visit, text| visit.table(text, name)),
            _ => self.forward(kind, file, name, depth),
        }
    }

    /// Looks through a container from its beginning to its end.
    fn forward(
        &mut self,
        kind: Kind,
        text: &mut dyn Forward,
        name: &str,
        depth: u32,
    ) -> io::Result<()> {
        match kind {
            Kind::Packed(packer) => self.packed(packer, text, name, depth),
            Kind::Tar => self.tar(text, name, depth),
            Kind::Ar => self.ar(text, name, depth),
            Kind::Cpio => self.cpio(text, name, depth),
            Kind::Rpm => self.rpm(text, name, depth),
            Kind::Zip | Kind::SevenZip | Kind::Pdf => self.held(text, name, |visit, text| {
                visit.open(kind, &mut Cursor::new(text), name, depth)
            }),
            Kind::Sqlite | Kind::Table | Kind::Log => self.plain(kind, text, name, depth),
            Kind::Closed(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// What can be read as it is, and has something besides that can't. Too large to be held, it is read as it is only.
    fn plain(&mut self, kind: Kind, text: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let is_first = self.large.take();
        let most = MAX_HELD_BYTES - self.held;
        let mut content = Vec::new();
        let mut outcome = text.take(most).read_to_end(&mut content).map(drop);
        let size = to_u64(content.len());
        if outcome.is_ok() && size < most {
            self.held += size;
            outcome = self
                .text(&mut Cursor::new(&content), &[], name)
                .and_then(|()| self.open(kind, &mut Cursor::new(content.as_slice()), name, depth));
            self.held -= size;
        } else if outcome.is_ok() {
            self.miss(TOO_LARGE, name);
            let mut rest = (&mut *text).chain(io::empty());
            let mut whole = Cursor::new(&content).chain(&mut rest);
            outcome = self.text(&mut whole, &[], name);
        }
        zeroize::Zeroize::zeroize(&mut content);
        if is_first {
            self.large.give_back();
        }
        outcome
    }

    fn sqlite(&mut self, file: &mut (impl Read + Seek), name: &str) -> io::Result<()> {
        sqlite::Pages::open(file)?.each(&mut |value| {
            self.budget.member()?;
            let mut metered = self.metered(value);
            self.text(&mut metered, &[], name)
        })
    }

    fn log(&mut self, file: &mut (impl Read + Seek), name: &str) -> io::Result<()> {
        file.rewind()?;
        log::each(file, &mut |mut record| {
            self.budget.member()?;
            let mut metered = self.metered(&mut record);
            self.text(&mut metered, &[], name)
        })
    }

    fn table(&mut self, text: &[u8], name: &str) -> io::Result<()> {
        for block in table::blocks(text)? {
            self.budget.member()?;
            match block {
                Block::Plain(_) => {}
                Block::Snappy(packed) => {
                    let mut text = table::snappy(packed)?;
                    let mut unpacked = Cursor::new(&text);
                    let mut metered = self.metered(&mut unpacked);
                    let outcome = self.text(&mut metered, &[], name);
                    zeroize::Zeroize::zeroize(&mut text);
                    outcome?;
                }
                Block::Zstd(packed) => {
                    let mut text = Packer::Zstd.unpacked(packed)?;
                    let mut metered = self.metered(&mut text);
                    self.text(&mut metered, &[], name)?;
                }
                Block::Unknown => return Err(io::ErrorKind::Unsupported.into()),
            }
        }
        Ok(())
    }

    fn packed(
        &mut self,
        packer: Packer,
        packed: &mut dyn Read,
        name: &str,
        depth: u32,
    ) -> io::Result<()> {
        let is_first = packer.is_large() && self.large.take();
        let outcome = packer.unpacked(packed).and_then(|mut text| {
            let mut text = self.metered(&mut text);
            self.member(&mut text, name, depth)
        });
        if is_first {
            self.large.give_back();
        }
        outcome
    }

    fn tar(&mut self, packed: &mut dyn Forward, name: &str, depth: u32) -> io::Result<()> {
        let mut members = tar::Members::new(packed);
        loop {
            self.budget.member()?;
            let member = match members.next() {
                Ok(Some(member)) => member,
                Ok(None) => break,
                Err(error) => {
                    // Where the next one begins is unknown, but what follows may still hold something.
                    self.note(Err(error), name)?;
                    break;
                }
            };
            self.missed.over |= member.is_cut;
            if !member.is_file {
                continue;
            }
            let inner = join(name, &member.name);
            let mut content = members.content();
            let mut metered = self.metered(&mut content);
            let outcome = self.member(&mut metered, &inner, depth);
            self.note(outcome, &inner)?;
        }
        let mut rest = members.rest();
        let mut rest = self.metered(&mut rest);
        self.text(&mut rest, &[], name)
    }

    fn ar(&mut self, packed: &mut dyn Forward, name: &str, depth: u32) -> io::Result<()> {
        let mut members = ar::Members::new(packed);
        while let Some(inner) = members.next()? {
            self.budget.member()?;
            let inner = join(name, &inner);
            let mut content = members.content();
            let mut metered = self.metered(&mut content);
            let outcome = self.member(&mut metered, &inner, depth);
            self.note(outcome, &inner)?;
        }
        Ok(())
    }

    fn cpio(&mut self, packed: &mut dyn Forward, name: &str, depth: u32) -> io::Result<()> {
        let mut members = cpio::Members::new(packed);
        while let Some(inner) = members.next()? {
            self.budget.member()?;
            let inner = join(name, &inner);
            let mut content = members.content();
            let mut metered = self.metered(&mut content);
            let outcome = self.member(&mut metered, &inner, depth);
            self.note(outcome, &inner)?;
        }
        // The first disk of Linux is several of them, each packed as it likes, with zeros between.
        self.text(members.rest(), &[], name)
    }

    fn rpm(&mut self, package: &mut dyn Forward, name: &str, depth: u32) -> io::Result<()> {
        package.skip(RPM_LEAD_BYTES)?;
        // The signature's header is filled up to whole words of eight bytes.
        for unit in [8, 1] {
            let mut head = [0; RPM_HEADER_BYTES];
            package.read_exact(&mut head)?;
            let number = |at: usize| {
                let number = head[at..].first_chunk().copied().unwrap_or_default();
                u64::from(u32::from_be_bytes(number))
            };
            let size = number(8) * RPM_ENTRY_BYTES + number(12);
            package.skip(size.next_multiple_of(unit))?;
        }
        let mut payload = Again::new(Vec::new(), package);
        let mut metered = self.metered(&mut payload);
        self.member(&mut metered, name, depth)
    }

    fn zip(&mut self, packed: &mut (impl Read + Seek), name: &str, depth: u32) -> io::Result<()> {
        let mut directory = zip::Directory::open(packed)?;
        loop {
            let part = directory.part(packed)?;
            if part.is_empty() {
                return Ok(());
            }
            for member in part {
                self.budget.member()?;
                if self.search.is_stopped() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                let inner = join(name, &member.name);
                if member.is_encrypted {
                    self.miss(ENCRYPTED, &inner);
                    continue;
                }
                let is_first = member.is_large() && self.large.take();
                let outcome = match member.open(packed) {
                    Ok(mut content) => {
                        let mut metered = self.metered(&mut content);
                        self.member(&mut metered, &inner, depth)
                    }
                    Err(error) => Err(error),
                };
                if is_first {
                    self.large.give_back();
                }
                self.note(outcome, &inner)?;
            }
        }
    }

    fn seven_zip(
        &mut self,
        file: &mut (impl Read + Seek),
        name: &str,
        depth: u32,
    ) -> io::Result<()> {
        let is_first = self.large.take();
        let read = seven_zip::members(file, &mut |inner, text| {
            self.budget.member()?;
            let inner = join(name, inner);
            let mut metered = self.metered(text);
            let outcome = self.member(&mut metered, &inner, depth);
            self.note(outcome, &inner)
        });
        if is_first {
            self.large.give_back();
        }
        let what = match read {
            Ok(outcome) => return outcome,
            Err(seven_zip::Failure::Encrypted) => ENCRYPTED,
            Err(seven_zip::Failure::Unknown) => UNKNOWN,
            Err(seven_zip::Failure::TooLarge) => TOO_LARGE,
            Err(seven_zip::Failure::Damaged) => DAMAGED,
        };
        self.miss(what, name);
        Ok(())
    }

    fn pdf(&mut self, text: &[u8], name: &str, depth: u32) -> io::Result<()> {
        self.text(&mut Cursor::new(text), &[], name)?;
        for stream in pdf::streams(text) {
            self.budget.member()?;
            let mut text = ZlibDecoder::new(stream);
            let mut metered = self.metered(&mut text);
            let outcome = self.member(&mut metered, name, depth);
            if outcome.is_err() {
                // What only begins as a packed stream, in a picture for example.
                let is_over = outcome
                    .as_ref()
                    .is_err_and(|error| error.kind() == io::ErrorKind::QuotaExceeded);
                if is_over {
                    return outcome;
                }
            }
        }
        Ok(())
    }

    /// Looks through what is unpacked, which may be a container again.
    pub(super) fn member(&mut self, text: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let own_name = name.rsplit('!').next().unwrap_or(name);
        let gathering = &mut *self.gathering;
        reader::look(own_name.as_bytes(), &self.search.matcher, &mut |met, _| {
            gathering.add_name(met, Layer::Name);
        });
        let mut head = Vec::with_capacity(HEAD_BYTES);
        text.take(to_u64(HEAD_BYTES)).read_to_end(&mut head)?;
        match kind(&head) {
            Some(Kind::Closed(what)) => self.miss(what, name),
            Some(kind) if depth < MAX_DEPTH => {
                return self.forward(kind, &mut Again::new(head, text), name, depth + 1);
            }
            // Not opened, but it may have something that is readable as it is.
            Some(_) => self.miss(TOO_DEEP, name),
            None if encrypted::is_encrypted(&head) => self.miss(ENCRYPTED, name),
            // Only its end tells, which is not at hand.
            None if own_name.ends_with(".ldb") && depth < MAX_DEPTH => {
                let mut table = Again::new(head, text);
                return self.plain(Kind::Table, &mut table, name, depth + 1);
            }
            None => {}
        }
        Counted::add(&self.search.counted.files, 1);
        self.text(text, &head, name)
    }

    /// A member in memory, by one thread at a time.
    fn held(
        &mut self,
        packed: &mut dyn Read,
        name: &str,
        look: impl FnOnce(&mut Self, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let is_first = self.large.take();
        let most = MAX_HELD_BYTES - self.held;
        let mut content = Vec::new();
        let read = packed.take(most + 1).read_to_end(&mut content);
        let size = to_u64(content.len());
        let outcome = match read {
            Ok(_) if size > most => {
                self.missed.over = true;
                self.miss(TOO_LARGE, name);
                Ok(())
            }
            // What there is of a damaged one may have its table still.
            Ok(_) => {
                self.held += size;
                let outcome = look(self, &content);
                self.held -= size;
                outcome
            }
            Err(error) => Err(error),
        };
        zeroize::Zeroize::zeroize(&mut content);
        if is_first {
            self.large.give_back();
        }
        outcome
    }

    /// Looks through a text whose beginning has been read.
    fn text(&mut self, text: &mut dyn Read, head: &[u8], name: &str) -> io::Result<()> {
        self.reader.room()[..head.len()].copy_from_slice(head);
        let inside = (!name.is_empty()).then_some(name);
        let gathering = &mut *self.gathering;
        self.reader.stream(
            head.len(),
            &mut |room| text.read(room),
            Lines::Passing,
            &self.search.matcher,
            &self.search.cancel,
            &mut |met, line| gathering.add(met, line, inside),
        )?;
        Ok(())
    }
}

/// The name of a member of a member.
fn join(outer: &str, inner: &str) -> String {
    if outer.is_empty() {
        inner.to_owned()
    } else {
        format!("{outer}!{inner}")
    }
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
