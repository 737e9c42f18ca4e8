//! What each kind of keychain error means, and that no secret survives the translation.
