//! The members of an archive, searched one by one, and in each other. Each stands for itself: one that can't be opened is
//! counted by its kind, and those behind it are looked through. A bomb costs no more than a second look (`metered`).

mod again;
mod metered;
mod missed;
mod visit;

use std::io::{BufReader, Read, Seek};

use self::metered::Budget;
pub(crate) use self::missed::Missed;
use self::visit::Visit;
use crate::archive::Kind;
use crate::dedup::Gathering;
use crate::large_memory::LargeMemory;
use crate::reader::Reader;
use crate::search::Search;

/// The largest archive that the usual search opens.
pub(crate) const MAX_USUAL_BYTES: u64 = 64 << 20;

/// Looks through all members of an archive of this size.
pub(crate) fn search(
    search: &Search,
    reader: &mut Reader,
    file: impl Read + Seek,
    size: u64,
    kind: Kind,
    large: &mut LargeMemory<'_>,
    gathering: &mut Gathering,
) -> Missed {
    let budget = Budget::new(search, size);
    let mut visit = Visit::new(search, reader, &budget, large, gathering);
    let mut file = BufReader::new(file);
    let outcome = visit.open(kind, &mut file, "", 1);
    // The last one: nothing is left to go on with.
    let _ = visit.note(outcome, "");
    visit.missed
}
