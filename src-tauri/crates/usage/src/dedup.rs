//! What was found in one file, gathered until the file is done: the same key under the same name in the same spelling
//! is one finding, however often it stands there, and a name alone says nothing where its value was recognised.

use std::collections::{BTreeMap, HashMap};

use crate::finding::{Encoding, Layer, Level};
use crate::matcher::{Match, Met};

/// How many different findings of one file are kept. A list of all keys of an account is longer than anyone reads.
const MAX_FINDINGS: usize = 2000;

/// As much of a member's name as is shown.
const MAX_NAME_BYTES: usize = 1024;

/// Something found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gathered {
    pub(crate) hit: Match,
    pub(crate) line: u64,
    pub(crate) inside: Option<String>,
    pub(crate) times: u32,
}

/// What makes two findings of a file the same one.
type Same = (
    Option<usize>,
    Level,
    Encoding,
    Vec<Layer>,
    String,
    Option<String>,
    Option<String>,
);

/// Everything found in a file.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    found: Vec<Gathered>,
    /// Where each is in `found`: a file may be nothing but tokens.
    places: HashMap<Same, usize>,
    /// How many of them prove nothing.
    weak: usize,
    full: bool,
    /// What was encoded and not decoded, by why.
    unread: BTreeMap<&'static str, u64>,
}

impl Gathering {
    /// Something in what is no text but a name or what a link leads to: a name of a variable says nothing there. Where
    /// it stands is told without it, as it would tell the key.
    pub(crate) fn add_name(&mut self, met: Met, layer: Layer) {
        match met {
            Met::Match(mut hit) if hit.level != Level::Hint => {
                hit.layers.insert(0, layer);
                self.add(Met::Match(hit), 0, None);
            }
            _ => {}
        }
    }

    /// One more; `inside` names the member of an archive.
    pub(crate) fn add(&mut self, met: Met, line: u64, inside: Option<&str>) {
        let hit = match met {
            Met::Match(hit) => hit,
            Met::Unread(what) => {
                *self.unread.entry(what).or_default() += 1;
                return;
            }
        };
        let inside = inside.map(shown);
        let same: Same = (
            hit.key,
            hit.level,
            hit.encoding,
            hit.layers.clone(),
            hit.mask.clone(),
            hit.variable.clone(),
            inside.clone(),
        );
        if let Some(known) = self.places.get(&same) {
            let known = &mut self.found[*known];
            known.times = known.times.saturating_add(1);
            known.line = known.line.min(line);
            return;
        }
        let gathered = Gathered {
            hit,
            line,
            inside,
            times: 1,
        };
        let is_strong = |level: Level| level >= Level::Probable;
        if self.found.len() < MAX_FINDINGS {
            self.weak += usize::from(!is_strong(gathered.hit.level));
            self.places.insert(same, self.found.len());
            self.found.push(gathered);
            return;
        }
        self.full = true;
        // What is proved takes the place of what is not: no flood of mentions hides a key.
        if is_strong(gathered.hit.level)
            && self.weak > 0
            && let Some(weak) = self
                .found
                .iter()
                .rposition(|found| !is_strong(found.hit.level))
        {
            self.weak -= 1;
            self.places.retain(|_, place| *place != weak);
            self.places.insert(same, weak);
            self.found[weak] = gathered;
        }
    }

    /// Whether there was more than is kept.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.unread.is_empty()
    }

    /// What was encoded and not decoded, by why, with how often.
    pub(crate) fn unread(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.unread.iter().map(|(what, count)| (*what, *count))
    }

    /// All that is worth telling.
    pub(crate) fn into_found(self) -> Vec<Gathered> {
        let known: Vec<_> = self
            .found
            .iter()
            .filter(|found| found.hit.level != Level::Hint)
            .filter_map(|found| found.hit.variable.clone())
            .collect();
        let mut found = self.found;
        found.retain(|found| {
            found.hit.level != Level::Hint
                || !found
                    .hit
                    .variable
                    .as_ref()
                    .is_some_and(|name| known.contains(name))
        });
        found
    }
}

/// The name of a member as it is shown: its beginning and its end, when it is longer than any honest one.
fn shown(name: &str) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let half = MAX_NAME_BYTES / 2;
    let front = name.floor_char_boundary(half);
    let back = name.ceil_char_boundary(name.len() - half);
    format!("{}…{}", &name[..front], &name[back..])
}

#[cfg(test)]
mod tests {
    use super::{Gathering, MAX_FINDINGS, MAX_NAME_BYTES};
    use crate::finding::{Encoding, Level};
    use crate::matcher::{Match, Met};

    fn hit(level: Level, variable: &str) -> Met {
        Met::Match(Match {
            at: 0,
            level,
            encoding: Encoding::Raw,
            layers: Vec::new(),
            mask: String::new(),
            variable: Some(variable.to_owned()),
            key: None,
        })
    }

    #[test]
    fn repetitions_are_counted_and_names_with_a_known_value_dropped() {
        let mut gathering = Gathering::default();
        gathering.add(hit(Level::ThisKey, "A"), 9, None);
        gathering.add(hit(Level::ThisKey, "A"), 3, None);
        gathering.add(hit(Level::ThisKey, "B"), 4, None);
        gathering.add(hit(Level::Hint, "A"), 3, None);
        gathering.add(hit(Level::Hint, "C"), 5, None);
        let found = gathering.into_found();
        let told: Vec<_> = found
            .iter()
            .map(|found| (found.hit.level, found.line, found.times))
            .collect();
        let expected = [
            (Level::ThisKey, 3, 2),
            (Level::ThisKey, 4, 1),
            (Level::Hint, 5, 1),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_flood_is_told_and_hides_nothing_that_is_proved() {
        let mut gathering = Gathering::default();
        for number in 0..MAX_FINDINGS + 10 {
            gathering.add(hit(Level::Mention, &number.to_string()), 1, None);
        }
        assert!(gathering.is_full());
        gathering.add(hit(Level::ThisKey, "K"), 7, None);
        gathering.add(hit(Level::ThisKey, "K"), 8, None);
        let found = gathering.into_found();
        assert_eq!(found.len(), MAX_FINDINGS);
        let proved: Vec<_> = found
            .iter()
            .filter(|found| found.hit.level == Level::ThisKey)
            .map(|found| (found.line, found.times))
            .collect();
        assert_eq!(proved, [(7, 2)]);
    }

    #[test]
    fn the_name_of_a_member_is_cut_to_what_can_be_shown() {
        let mut gathering = Gathering::default();
        let name = "ä".repeat(40_000);
        gathering.add(hit(Level::ThisKey, "K"), 1, Some(&name));
        let found = gathering.into_found();
        assert!(found[0].inside.as_ref().unwrap().len() <= MAX_NAME_BYTES + 3);
    }
}
