//! One GET: its headers, its limits of time and size, and what its failures mean.

use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::header::ACCEPT;
use reqwest::{Client, StatusCode, redirect, retry};
use url::Url;

use crate::address::is_loopback;
use crate::error::UpdateError;
use crate::limits::{LIMIT, Timeouts};

/// Some servers refuse requests without one. It names the app and nothing more.
const USER_AGENT: &str = "PulseKeys";

/// The body of a 200.
pub(crate) async fn body(address: &Url, timeouts: Timeouts) -> Result<Vec<u8>, UpdateError> {
    let mut response = client(address, timeouts)?
        .get(address.clone())
        .header(ACCEPT, "application/json")
        .send()
        .await
        .map_err(|error| update_error(&error))?;
    if response.status() != StatusCode::OK {
        return Err(UpdateError::Status(response.status().as_u16()));
    }
    // Counted as it streams in: a server may lie about its length, or not give any.
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| update_error(&error))?
    {
        if body.len() + chunk.len() > LIMIT {
            return Err(UpdateError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn client(address: &Url, timeouts: Timeouts) -> Result<Client, UpdateError> {
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false);
    let builder = if is_loopback(address) {
        let here = [
            (Ipv4Addr::LOCALHOST, 0).into(),
            (Ipv6Addr::LOCALHOST, 0).into(),
        ];
        builder.no_proxy().resolve_to_addrs("localhost", &here)
    } else {
        builder.https_only(true)
    };
    // Plain HTTP needs no trust store, and must work where there is none.
    let builder = if address.scheme() == "http" {
        builder.tls_certs_only([])
    } else {
        builder
    };
    builder.build().map_err(|_| UpdateError::NoTrustStore)
}

fn update_error(error: &reqwest::Error) -> UpdateError {
    if error.is_timeout() {
        UpdateError::TimedOut
    } else if error.is_connect() {
        UpdateError::Unreachable
    } else {
        UpdateError::BrokeOff
    }
}
