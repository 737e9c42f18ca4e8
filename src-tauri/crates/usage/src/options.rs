//! What a search is asked for.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::machine::Machine;

/// How far a search goes. Each goes further than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The environment, running programs, and files that are known to hold keys.
    Named,
    /// The searched folders too, without what was downloaded or built.
    #[default]
    Folders,
    /// Everything in them, archives and large files too.
    Everything,
}

/// Bounds that keep one file from taking the whole search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The largest file with zero bytes at its beginning.
    pub(crate) binary: u64,
    /// The largest file of text.
    pub(crate) text: u64,
    /// What is unpacked of one archive at most.
    pub(crate) unpacked: u64,
    /// How much larger than itself an archive may become. Text that repeats itself packs a thousandfold at most.
    pub(crate) ratio: u64,
    /// How long one archive may keep its thread at work.
    pub(crate) archive_timeout: Duration,
    /// How many members of one archive are looked into.
    pub(crate) members: u64,
    /// The largest object of git.
    pub(crate) object: u64,
    /// How much larger than itself a pack may become before it takes from what there is to spare. Histories of files
    /// that hardly change pack well: a few hundredfold is honest.
    pub(crate) pack_ratio: u64,
    /// The most objects of one pack.
    pub(crate) pack_objects: u64,
    /// How much of a pack's objects is kept in memory while others are made from them.
    pub(crate) bases: u64,
    /// What one repository may unpack beyond what the sizes of its packs justify.
    pub(crate) store_spare: u64,
    /// What the whole search may unpack beyond what the sizes of files justify.
    pub(crate) spare: u64,
    /// The most findings that are told; weak ones are a flood sooner than strong ones.
    pub(crate) weak_findings: u64,
    pub(crate) strong_findings: u64,
}

impl Limits {
    fn of(tier: Tier) -> Self {
        const MEGABYTE: u64 = 1 << 20;
        let everything = tier == Tier::Everything;
        Self {
            binary: if everything { u64::MAX } else { 16 * MEGABYTE },
            text: if everything {
                u64::MAX
            } else {
                1024 * MEGABYTE
            },
            unpacked: 512 * MEGABYTE,
            ratio: 1100,
            archive_timeout: Duration::from_secs(10),
            members: 1_000_000,
            object: 64 * MEGABYTE,
            pack_ratio: 512,
            // As many as fit into a place in a pack and a number in one word.
            pack_objects: (1 << 24) - 1,
            bases: 128 * MEGABYTE,
            store_spare: 2048 * MEGABYTE,
            spare: 16_384 * MEGABYTE,
            weak_findings: 20_000,
            strong_findings: 50_000,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) tier: Tier,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) excluded: Vec<PathBuf>,
    pub(crate) machine: Machine,
    pub(crate) git: bool,
    pub(crate) older: bool,
    pub(crate) hints: bool,
    pub(crate) unlisted: bool,
    pub(crate) threads: Option<usize>,
}

impl Options {
    pub(crate) fn limits(&self) -> Limits {
        Limits::of(self.tier)
    }

    /// How many threads walk through folders. More than there are processors: on a cold cache they wait for the disk,
    /// and only many waits at once make it fast.
    pub(crate) fn walkers(&self) -> usize {
        self.threads
            .unwrap_or_else(|| (4 * cores()).clamp(8, 16))
            .max(1)
    }

    /// How many threads unpack objects of git, which is all work and no waiting.
    pub(crate) fn unpackers(&self) -> usize {
        self.threads.unwrap_or_else(cores).max(1)
    }
}

/// How many processors there are for this process.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
