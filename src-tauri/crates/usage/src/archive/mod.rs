//! Containers: what is packed alone, archives, packages, documents. No table or name is read into memory because an archive
//! says it is there. Left out: searching them (`members`).
//!
//! | module | answers |
//! |---|---|
//! | `kinds` | what a file is, by its beginning or its end |
//! | `each` | what is in a small one that is in memory, member by member |
//! | `packed`, `lz4` | one text unpacked, whatever it is packed with |
//! | `tar`, `zip`, `seven_zip`, `ar`, `cpio`, `pdf` | which members there are |
//! | `sqlite`, `table`, `log` | what in a database does not stand in one piece, or is packed |

pub(crate) mod ar;
pub(crate) mod cpio;
mod each;
pub(crate) mod forward;
pub(crate) mod kinds;
pub(crate) mod log;
mod lz4;
mod packed;
pub(crate) mod pdf;
pub(crate) mod seven_zip;
pub(crate) mod sqlite;
pub(crate) mod table;
pub(crate) mod tar;
pub(crate) mod zip;

pub(crate) use self::each::each;
pub(crate) use self::kinds::{BUNDLE, HEAD_BYTES, Kind, Packer, container, kind};
pub(crate) use self::pdf::is_zlib;
