//! The use cases about keys: list, create, rotate, delete one or many, and what became of it.

pub(crate) mod bulk_delete;
pub(crate) mod changes;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod labels;
pub(crate) mod list;
pub(crate) mod revocation;
pub(crate) mod rotate;
pub(crate) mod verify;
pub(crate) mod wire;
