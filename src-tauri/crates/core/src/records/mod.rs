//! What lasts in the database: the journal, open intents, notices, the lists as they were last seen.

pub(crate) mod accounts;
pub(crate) mod damaged;
pub(crate) mod first_rows;
pub(crate) mod intents;
pub mod journal;
pub(crate) mod key;
pub(crate) mod key_cache;
pub(crate) mod key_notes;
pub(crate) mod names;
pub(crate) mod notices;
pub(crate) mod own_calls;
pub(crate) mod revocations;
pub(crate) mod stored_key;
pub(crate) mod swaps;
pub(crate) mod unfinished_list;
pub(crate) mod uses;
pub(crate) mod watched;
