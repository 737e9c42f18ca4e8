//! What was found in one file, gathered until the file is done: the same key under the same name in the same spelling
//! is one finding, however often it stands there, and a name alone says nothing where its value was recognised.

use crate::Level;
use crate::matcher::Match;

/// How many different findings of one file are kept. A list of all keys of an account is longer than anyone reads.
const MOST: usize = 2000;

/// Something found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gathered {
    pub(crate) hit: Match,
    pub(crate) line: u64,
    pub(crate) inside: Option<String>,
    pub(crate) times: u32,
}

/// Everything found in a file.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    found: Vec<Gathered>,
}

impl Gathering {
    /// One more; `inside` names the member of an archive.
    pub(crate) fn add(&mut self, hit: Match, line: u64, inside: Option<&str>) {
        let same = self.found.iter_mut().find(|known| {
            known.hit.key == hit.key
                && known.hit.level == hit.level
                && known.hit.encoding == hit.encoding
                && known.hit.mask == hit.mask
                && known.hit.variable == hit.variable
                && known.inside.as_deref() == inside
        });
        if let Some(known) = same {
            known.times += 1;
            known.line = known.line.min(line);
        } else if self.found.len() < MOST {
            self.found.push(Gathered {
                hit,
                line,
                inside: inside.map(str::to_owned),
                times: 1,
            });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
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

#[cfg(test)]
mod tests {
    use super::Gathering;
    use crate::matcher::Match;
    use crate::{Encoding, Level};

    fn hit(level: Level, variable: &str) -> Match {
        Match {
            at: 0,
            level,
            encoding: Encoding::Raw,
            mask: String::new(),
            variable: Some(variable.to_owned()),
            key: None,
        }
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
}
