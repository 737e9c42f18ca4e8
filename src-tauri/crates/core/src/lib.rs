//! The use cases of Pulse Keys: connect, list, delete, reconcile, journal.
//!
//! Left out on purpose: windows and dialogs (the shell answers the narrow questions of [`host::Host`]), HTTP
//! itself (`pulseapi`), the keychain itself (`vault`), and any server (`sandbox`).

pub mod view;
