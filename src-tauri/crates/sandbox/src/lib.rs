//! A stand-in PulseAPI server with a real database, for trying the app, for tests and for curl.
//!
//! It answers as `openapi.yaml` (in the crate `pulseapi`) says: bearer tokens that exist only as
//! SHA-256 hashes, plan and ability checks, rate limits, pages and errors in the shape of a Laravel
//! application, a `last_used_at` that moves with real use, and revocation that holds from the moment
//! of the answer. It listens on 127.0.0.1 only.
//!
//! Beside the API stands the web screen of the keys ([`Sandbox::web_screen`]), for an app that can only guide to it.
//!
//! It leaves out: writing monitors, alerts and teams; the rest of the dashboard; rate limits that differ
//! by endpoint (one window for each key is enough to meet a `429`); honouring `Idempotency-Key`, on
//! which no client may depend. Nothing here depends on the app's other crates.
//!
//! The test switches of [`faults`] come with the feature of that name, which the app does without: what is not in a
//! program can't be switched on in it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = sandbox::start(sandbox::Settings::default()).await?;
//! let credential = sandbox.mint_credential().await?;
//! println!("{}", sandbox.base_url());
//! # drop(credential);
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    not(feature = "faults"),
    allow(
        dead_code,
        reason = "some of what the switches work with is used by them alone"
    )
)]

mod ability;
mod api;
mod clock;
mod connection;
mod error;
#[cfg(feature = "faults")]
pub mod faults;
mod seed;
mod server;
mod settings;
mod shutdown;
mod store;
mod token;
mod web;

pub use clock::{Clock, ManualClock, SystemClock};
pub use error::{StartError, StoreError};
pub use server::{Sandbox, start};
pub use settings::{Database, Plan, Settings, UnknownPlan};
pub use store::{Instant, Key, Team};
