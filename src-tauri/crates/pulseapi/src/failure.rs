//! What a failed exchange means: nothing sent, or perhaps sent.
//!
//! Only a failure of the connector is certain to have sent nothing (name lookup, TCP, proxy
//! tunnel, TLS handshake). Everything after that counts as sent. The library's own texts are not
//! passed on whole, since they name the URL; the innermost cause is.

use std::error::Error as StdError;
use std::io;

use rustls::CertificateError;

use crate::answer::clean;
use crate::error::Error;

/// The meaning of an error of the HTTP library.
pub(crate) fn meaning(error: &reqwest::Error) -> Error {
    if error.is_builder() {
        return Error::Offline {
            detail: "the request could not be made".to_owned(),
        };
    }
    if error.is_connect() {
        return connecting(error);
    }
    if error.is_timeout() {
        return Error::Timeout { sent: true };
    }
    Error::ConnectionLost {
        detail: innermost(error),
    }
}

/// The meaning of a client that can't be set up: on some systems the trust store can't be read.
pub(crate) fn no_trust_store(error: &reqwest::Error) -> Error {
    Error::Tls {
        detail: innermost(error),
    }
}

fn connecting(error: &reqwest::Error) -> Error {
    if error.is_timeout() {
        return Error::Timeout { sent: false };
    }
    if error.is_dns() {
        return Error::Offline {
            detail: "its name can't be looked up".to_owned(),
        };
    }
    let tls = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    match tls {
        Some(tls) => Error::Tls {
            detail: tls_detail(tls),
        },
        None => Error::Offline {
            detail: innermost(error),
        },
    }
}

fn tls_detail(error: &rustls::Error) -> String {
    use CertificateError as Certificate;
    let known = match error {
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS here",
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => {
            "this computer does not trust who issued the certificate"
        }
        rustls::Error::InvalidCertificate(
            Certificate::Expired | Certificate::ExpiredContext { .. },
        ) => "the certificate has expired",
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => "the certificate is for another name",
        other => return clean(&other.to_string()),
    };
    known.to_owned()
}

fn innermost(error: &reqwest::Error) -> String {
    // The outermost error names the URL; without a cause it has nothing else to say.
    chain(error).skip(1).last().map_or_else(
        || "no cause was given".to_owned(),
        |cause| clean(&cause.to_string()),
    )
}

/// An error and its causes. An I/O error hides the one it wraps from `source`.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&current| {
        match current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => current.source(),
        }
    })
}
