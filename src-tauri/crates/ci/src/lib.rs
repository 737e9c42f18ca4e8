//! The secrets of CI pipelines, through the programs with which the user is signed in already: `gh` for GitHub and
//! `glab` for GitLab.
//!
//! 1. [`Repository::of`] tells in which repository a file lies and where that is hosted, and [`repositories_below`]
//!    which repositories with pipelines lie in a folder. [`Repository::named_secrets`] tells which secrets their
//!    workflows name. All of that reads files: no program is run and nothing is sent.
//! 2. [`Tools::secrets`] asks the service for the names of a repository's secrets, never for their values.
//! 3. [`Tools::set`] gives one of them another value.
//!
//! The value goes through the program's standard input: it is in no argument, no variable and no file. The programs know
//! how to sign in, and this crate never sees with what. What they print is read for a status and otherwise dropped, since
//! it may be anything.
//!
//! It knows no keys of PulseAPI and no window.
//!
//! # Modules
//!
//! | module | answers |
//! |---|---|
//! | `repository`, `remote` | in which repository a file lies, and where that is hosted |
//! | `below` | which repositories lie in some folders |
//! | `workflow` | which secrets a pipeline names |
//! | `secrets`, `secret` | the two questions, whoever runs the pipelines |
//! | `github`, `gitlab` | what each of them is asked |
//! | `tools` | which program is run, with what, and how it ended |
//! | `service`, `text` | who runs pipelines; reading small files |
//! | `trouble` | why not |

mod below;
mod github;
mod gitlab;
mod remote;
mod repository;
mod secret;
mod secrets;
mod service;
mod text;
mod tools;
mod trouble;
mod workflow;

pub use below::{Below, repositories_below};
pub use repository::Repository;
pub use secret::Secret;
pub use service::Service;
pub use tools::Tools;
pub use trouble::Trouble;
pub use workflow::Named;
