//! How long an answer may take, and how large it may be.

use std::time::Duration;

/// How long an answer may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Name lookup, connection and TLS handshake together.
    pub connect: Duration,
    /// From the first to the last byte.
    pub total: Duration,
}

/// The most that is read of an answer, in bytes.
pub const LIMIT: usize = 256 * 1024;
