//! A secret in this process's memory for want of a keychain, on a page that the system does not write to its swap.
//! Hibernation still writes it to disk, as it does all memory.

use std::fmt;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

/// A secret that is wiped when it goes. Clones are not offered: it is for the one copy that exists.
pub struct LockedSecret {
    // Wiped before the page is unlocked: fields are dropped in this order.
    memory: Zeroizing<Vec<u8>>,
    start: usize,
    length: usize,
    lock: Option<region::LockGuard>,
}

impl LockedSecret {
    /// Copies the secret to pages of its own and locks them. Where the system refuses (a limit is used up), the
    /// secret is kept all the same; see [`LockedSecret::is_locked`].
    #[must_use]
    pub fn new(secret: &SecretString) -> LockedSecret {
        let bytes = secret.expose_secret().as_bytes();
        let page = region::page::size();
        // Whole pages: a lock covers pages, and a neighbour's lock must not end with ours.
        let pages = bytes.len().max(1).div_ceil(page) * page;
        let mut memory = Zeroizing::new(vec![0_u8; pages + page]);
        let start = memory.as_ptr().align_offset(page).min(page);
        let lock = region::lock(memory[start..].as_ptr(), pages).ok();
        memory[start..start + bytes.len()].copy_from_slice(bytes);
        LockedSecret {
            memory,
            start,
            length: bytes.len(),
            lock,
        }
    }

    /// Whether its pages stay out of the swap.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// A copy to work with, wiped when it is dropped.
    #[must_use]
    pub fn copy(&self) -> SecretString {
        let bytes = &self.memory[self.start..self.start + self.length];
        // It came in as text, so it is text.
        SecretString::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

impl fmt::Debug for LockedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedSecret([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_secret_comes_back_whole_whatever_its_length() {
        for text in ["", "7|abc", &"x".repeat(5_000)] {
            let held = LockedSecret::new(&SecretString::from(text));
            assert_eq!(held.copy().expose_secret(), text);
            assert!(!format!("{held:?}").contains("abc"));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn its_page_is_locked() {
        let locked = || {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find(|line| line.starts_with("VmLck:"));
            let digits = line.unwrap().replace(|c: char| !c.is_ascii_digit(), "");
            digits.parse::<u64>().unwrap()
        };
        let held = LockedSecret::new(&SecretString::from("7|abc"));
        assert!(held.is_locked());
        assert!(locked() >= 4, "kilobytes");
    }
}
