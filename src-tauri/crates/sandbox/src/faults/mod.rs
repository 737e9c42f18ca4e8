//! Switches for tests: lost answers, bad answers, a log of what arrived, keys written verbatim.
//!
//! They exist only when [`Settings::faults`](crate::Settings::faults) is set, as methods of [`Faults`]
//! and as HTTP calls under `/testing`, outside the API and without authentication. Otherwise those paths
//! are not found.
//!
//! | call | does |
//! | --- | --- |
//! | `POST /testing/faults` [`Rule`] | queues a rule |
//! | `GET /testing/faults` | the rules that still wait |
//! | `DELETE /testing/faults` | forgets them |
//! | `GET /testing/requests` | every API request so far, see [`SeenRequest`] |
//! | `DELETE /testing/requests` | empties that log |
//! | `POST /testing/credentials` | mints one more credential, answers `{token}` |
//! | `POST /testing/keys` [`VerbatimKey`] | writes a key unchecked, answers `{id, token}` |
//! | `GET /testing/keys/{id}` | that key's state, without counting as a use of it |
//! | `POST /testing/keys/{id}/stale` `{times}` | its token outlives the key for so many requests |

mod answer;
mod handle;
mod layer;
mod log;
mod observation;
mod others;
mod records;
mod routes;
mod rule;
mod watched;

use axum::{Router, middleware};

pub use handle::Faults;
pub use log::SeenRequest;
pub use records::{InsertedKey, VerbatimKey};
pub use rule::{Fault, InvalidRule, Rule};
pub use watched::{AtWork, Issued, Judge};

/// Puts the rules and the log around the API, and the switches beside it.
pub(crate) fn attach(api: Router, faults: &Faults) -> Router {
    api.layer(middleware::from_fn_with_state(faults.clone(), layer::apply))
        .merge(routes::router(faults.clone()))
}
