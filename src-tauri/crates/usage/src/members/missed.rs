//! What of an archive was not looked into.

use std::path::{Path, PathBuf};

use crate::search::Outlet;
use crate::skipped::{Reason, SkippedPlaces};

/// How many members are named of each kind.
const MAX_NAMED: usize = 5;

/// What of an archive could not be looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Missed {
    /// It was not read as a whole: something is damaged, closed or too deep.
    pub(crate) cut: bool,
    /// There is more than the budget allows.
    pub(crate) over: bool,
    /// Members that were not looked into, by why.
    pub(crate) members: Vec<MissedMembers>,
}

/// Members that were not looked into for one and the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MissedMembers {
    /// What they are: a kind of container, or what is wrong with them.
    pub(crate) what: &'static str,
    pub(crate) count: u64,
    /// The first few.
    pub(crate) names: Vec<String>,
}

impl Missed {
    /// Whether everything in it was looked into.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.cut && !self.over
    }

    /// Tells it, member by member, of the archive at this path.
    pub(crate) fn tell(
        &self,
        skipped: &SkippedPlaces,
        path: &dyn Fn() -> PathBuf,
        outlet: &Outlet,
    ) {
        if self.is_nothing() {
            return;
        }
        let path = path();
        let one = |reason, what| outlet.skip(skipped, reason, what, &[&path], 1);
        if self.over {
            one(Reason::Budget, Some("archive"));
            // The next search may have more to spare.
            outlet.spoil();
        }
        if self.cut {
            one(Reason::ArchiveCut, None);
        }
        for members in &self.members {
            let named = members.names.iter();
            let named: Vec<_> = named.map(|name| member_of(&path, name)).collect();
            let (reason, what) = (Reason::Member, Some(members.what));
            outlet.skip(skipped, reason, what, &named, members.count);
        }
    }

    /// One more member.
    pub(super) fn member(&mut self, what: &'static str, name: &str) {
        self.cut = true;
        let known = self.members.iter().position(|known| known.what == what);
        let at = known.unwrap_or_else(|| {
            self.members.push(MissedMembers {
                what,
                count: 0,
                names: Vec::new(),
            });
            self.members.len() - 1
        });
        let members = &mut self.members[at];
        members.count += 1;
        if members.names.len() < MAX_NAMED {
            members.names.push(name.to_owned());
        }
    }
}

/// How a member is named beside its archive.
fn member_of(path: &Path, name: &str) -> PathBuf {
    format!("{}!{name}", path.display()).into()
}
