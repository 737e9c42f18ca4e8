//! How a client behaves: limits of time and size, retry, and the sources of time and chance.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Jitter, RandomJitter, SystemClock};
use crate::contract::Contract;
use crate::retry_policy::RetryPolicy;

/// Settings of a client. The defaults are those of the app.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long name lookup, connection and TLS handshake may take together. 5 s.
    pub connect_timeout: Duration,
    /// How long a request may take, to the last byte of its answer. 20 s.
    pub total_timeout: Duration,
    /// The same for a write that brings a token (create, rotate). 60 s: a server that acts after the client has given up
    /// has shown the token to no client.
    pub token_timeout: Duration,
    /// The largest body that is read, in bytes. 8 MiB.
    pub body_limit: usize,
    /// What the server is taken for.
    pub contract: Contract,
    /// When a read is asked again.
    pub retry: RetryPolicy,
    /// Time for the retry policy.
    pub clock: Arc<dyn Clock>,
    /// Chance for the retry policy.
    pub jitter: Arc<dyn Jitter>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(20),
            token_timeout: Duration::from_secs(60),
            body_limit: 8 * 1024 * 1024,
            contract: Contract::built_in(),
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            jitter: Arc::new(RandomJitter),
        }
    }
}
