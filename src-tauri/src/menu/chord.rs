//! Keys as the page's table spells them: `mod+Shift+R`, `Delete`, `mod++`.
//!
//! `mod` is Ctrl, and ⌘ on macOS. Left out: acting on them.

/// A key with what is held down meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chord {
    pub(super) primary: bool,
    pub(super) control: bool,
    pub(super) alt: bool,
    pub(super) shift: bool,
    /// One character, or the name that a keyboard event has for it.
    pub(super) key: String,
}

impl Chord {
    /// None for what the table cannot mean.
    pub(super) fn parse(keys: &str) -> Option<Self> {
        // The last plus of `mod++` is the key.
        let (held, key) = match keys.strip_suffix('+') {
            Some(held) => (held, "+"),
            None => keys.rsplit_once('+').unwrap_or(("", keys)),
        };
        let mut chord = Self {
            key: key.to_owned(),
            ..Self::default()
        };
        for modifier in held.split('+').filter(|modifier| !modifier.is_empty()) {
            match modifier {
                "mod" => chord.primary = true,
                "Ctrl" => chord.control = true,
                "Alt" => chord.alt = true,
                "Shift" => chord.shift = true,
                _ => return None,
            }
        }
        (!key.is_empty()).then_some(chord)
    }

    /// The key, when it is a single character.
    #[cfg(any(test, target_os = "linux"))]
    pub(super) fn character(&self) -> Option<char> {
        let mut characters = self.key.chars();
        characters.next().filter(|_| characters.next().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_table_is_understood() {
        let plain = |key: &str| Chord {
            key: key.to_owned(),
            ..Chord::default()
        };
        let primary = |key: &str| Chord {
            primary: true,
            ..plain(key)
        };
        assert_eq!(Chord::parse("Delete"), Some(plain("Delete")));
        assert_eq!(Chord::parse("?"), Some(plain("?")));
        assert_eq!(Chord::parse("+"), Some(plain("+")));
        assert_eq!(Chord::parse("mod+,"), Some(primary(",")));
        assert_eq!(Chord::parse("mod++"), Some(primary("+")));
        assert_eq!(Chord::parse("mod+-"), Some(primary("-")));
        let shifted = Chord {
            shift: true,
            ..primary("R")
        };
        assert_eq!(Chord::parse("mod+Shift+R"), Some(shifted));
        assert_eq!(Chord::parse(""), None);
        assert_eq!(Chord::parse("hyper+R"), None);
    }

    #[test]
    fn only_one_character_is_a_character() {
        let character = |keys: &str| Chord::parse(keys).and_then(|chord| chord.character());
        assert_eq!(character("mod+R"), Some('R'));
        assert_eq!(character("F5"), None);
    }
}
