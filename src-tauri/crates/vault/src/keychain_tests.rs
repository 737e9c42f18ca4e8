//! The keychain on a store that fails on demand: healing, read-back, and making the keyring.
