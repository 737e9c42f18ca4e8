//! The client on the wire: a real socket, a server that does what it is told, a clock that does not
//! wait. One binary, so that it links once.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod address;
mod contract;
mod contract_calls;
mod description;
mod discovery;
mod leaks;
mod limits;
mod listing;
mod paging;
mod reading;
mod redirects;
mod refusals;
mod rescuing;
mod retrying;
mod support;
mod tls;
mod token;
mod writing;
