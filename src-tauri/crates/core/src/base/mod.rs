//! What every module may use: the database, files, text, errors. It knows no key and no account.

pub(crate) mod chosen_file;
pub(crate) mod contract_file;
pub(crate) mod csv_cell;
pub(crate) mod database;
pub(crate) mod dates;
pub(crate) mod error;
pub(crate) mod errors;
pub mod folders;
pub(crate) mod ids;
pub mod json_file;
pub(crate) mod quarantine;
pub mod text;
pub(crate) mod token_text;
