//! The adapters between the window and the use cases, made from one table.
//!
//! A command of core is one call of the method that has its name. The few that need the window or another program have
//! a function of their name in one of these files. Without it, a line in the table does not compile.

mod adapters;
mod opener;
mod preferences;
mod revocations;
mod window;

pub(crate) use adapters::handler;
