//! Puts a new token where an old one stands in a file: that range of bytes, in the way of writing that it has there,
//! and nothing else. Every file holds the old token or the new one, whole, at every instant, also after a kill.
//!
//! Three steps, so that a caller can do the first before there is a new token, and write down between the second and
//! the third what a kill would leave behind:
//!
//! 1. [`look`] finds the old token in a file, and tries whatever could fail later. It changes nothing.
//! 2. [`Plan::prepare`] makes the new content, in memory.
//! 3. [`Prepared::apply`] exchanges the files, looks at what came out, and exchanges them back if that is not what was
//!    planned on: what somebody else saved meanwhile is never overwritten.
//!
//! After a kill [`Pending::finish`] removes what was left, or exchanges back, and [`sweep`] what a look left in a
//! folder.
//!
//! It knows no keys, no service and no window, and never writes a secret anywhere but into the file and the one that
//! takes its place. Where the system has no exchange of files, nothing is written in another way: it says so.
//!
//! # Modules
//!
//! | module | answers |
//! |---|---|
//! | `token` | what is looked for and what takes its place |
//! | `spelling` | where it stands in some bytes, and what has to stand there instead |
//! | `kinds` | which files are never written, by what they are |
//! | `version_control` | whether git has the file |
//! | `plan`, `apply`, `pending` | the three steps, and what a kill leaves behind |
//! | `file`, `disk` | a file and the names beside it, and what the system is asked |
//! | `refusal` | why not |

mod apply;
mod disk;
mod file;
mod kinds;
mod pending;
mod plan;
mod refusal;
mod spelling;
mod token;
mod version_control;

pub use apply::{Failure, Prepared};
pub use kinds::is_of_the_past;
pub use pending::{Finished, Pending};
pub use plan::{Consent, Plan, look, sweep};
pub use refusal::Reason;
pub use spelling::{Encoding, Spot, replaced};
pub use token::{NewToken, OldToken, TokenError};
pub use version_control::VersionControl;
