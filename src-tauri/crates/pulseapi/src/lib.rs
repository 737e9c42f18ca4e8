//! Typed client of the PulseAPI REST API: addresses, bearer tokens, the calls that look after API
//! keys, and errors by meaning.
//!
//! What the service does, documented or assumed, is written down in `openapi.yaml` beside this
//! crate. What of that a server may do otherwise is data: `contract.toml`, and what a user says in
//! its place ([`Contract`]). The client reads tolerantly
//! (unknown fields are ignored, an id is a number or a string, a missing optional field is no
//! error, a list comes bare or inside `data`) and sends strictly.
//!
//! What to do after a write whose outcome is unknown is for the caller to decide;
//! [`Error::outcome_unknown`] only says that it is.
//!
//! # Modules
//!
//! | module | answers |
//! |---|---|
//! | `address`, `candidates` | which addresses are acceptable, and which bases to try |
//! | `token`, `id`, `model`, `idempotency` | what goes over the wire, as types |
//! | `contract`, `profile`, `operation`, `endpoint`, `endpoints` | which calls exist, and how a server names things |
//! | `transport`, `redirects`, `failure` | how one request leaves and one answer comes in, or does not |
//! | `answer`, `rate_limit`, `decode`, `picked`, `wire`, `server_time`, `paging`, `link` | what an answer means |
//! | `rescue`, `unescape` | where in an answer a fresh token stands |
//! | `retry`, `retry_policy`, `clock` | when a read is asked again |
//! | `client`, `pages`, `checkpoint`, `discover`, `weight` | the calls themselves |
//! | `check` | what a server that is not as expected does instead |

mod address;
mod answer;
mod candidates;
mod check;
mod checkpoint;
mod client;
mod clock;
mod contract;
mod contract_error;
mod decode;
mod discover;
mod endpoint;
mod endpoints;
mod error;
mod failure;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod id;
mod idempotency;
mod link;
mod model;
mod operation;
mod options;
mod pages;
mod paging;
mod picked;
mod profile;
mod rate_limit;
mod redirects;
mod rescue;
mod retry;
mod retry_policy;
mod server_time;
mod token;
mod token_check;
mod transport;
mod unescape;
mod weight;
mod wire;

pub use address::{AddressError, BaseUrl};
pub use check::{Answered, Check, CheckedBase, CheckedCall, Content, NotTried, Outcome};
pub use checkpoint::Checkpoint;
pub use client::Client;
pub use clock::{Clock, Jitter, RandomJitter, SystemClock};
pub use contract::Contract;
pub use contract_error::ContractError;
pub use discover::{Connection, KeyEndpoints, discover};
pub use error::{Error, Mismatch};
pub use id::{IdError, KeyId, TeamId, UserId};
pub use idempotency::IdempotencyKey;
pub use model::{Ability, ApiKey, KeyPage, NewKey, NewToken, Team, TeamMembership, User};
pub use operation::Operation;
pub use options::Options;
pub use pages::KeyPages;
pub use rate_limit::Limits;
pub use redirects::RedirectedTo;
pub use retry_policy::RetryPolicy;
pub use token::{BearerToken, TokenError};
pub use token_check::Acceptance;
