//! Files that can't be read without a password: "nothing found" would say nothing about them, so they are counted.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// How such files begin.
const BEGINNINGS: [&[u8]; 10] = [
    b"$ANSIBLE_VAULT;",
    b"\0GITCRYPT\0",
    b"age-encryption.org/",
    b"-----BEGIN AGE ENCRYPTED FILE",
    b"-----BEGIN PGP MESSAGE",
    b"GnomeKeyring\n\r\0\n",
    // KeePass.
    b"\x03\xd9\xa2\x9a",
    // The keychain of macOS.
    b"kych\0\x01",
    b"Salted__",
    // A disk with a password.
    b"LUKS\xba\xbe",
];

/// What single values look like that were encrypted by SOPS.
static SEALED_VALUE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"ENC[AES256_GCM,"));

/// How far the beginning of a file is searched for single values.
const HEAD_BYTES: usize = 2048;

/// Whether a file with this beginning is encrypted, as a whole or value by value.
pub(crate) fn is_encrypted(head: &[u8]) -> bool {
    match head.first() {
        Some(b'$' | b'\0' | b'a' | b'-' | b'G' | b'\x03' | b'k' | b'S' | b'L') => {
            BEGINNINGS
                .iter()
                .any(|beginning| head.starts_with(beginning))
                || has_sealed_values(head)
        }
        _ => has_sealed_values(head),
    }
}

fn has_sealed_values(head: &[u8]) -> bool {
    let front = &head[..head.len().min(HEAD_BYTES)];
    SEALED_VALUE.find(front).is_some()
}

#[cfg(test)]
mod tests {
    use super::is_encrypted;

    #[test]
    fn encrypted_files_are_told_by_their_beginning() {
        assert!(is_encrypted(b"$ANSIBLE_VAULT;1.1;AES256\n3132"));
        assert!(is_encrypted(b"token: ENC[AES256_GCM,data:x,iv:y]"));
        assert!(!is_encrypted(b"token: x"));
        assert!(!is_encrypted(b""));
    }
}
