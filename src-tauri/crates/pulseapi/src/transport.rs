//! One request out, one answer in: headers, limits of time and size, redirects, the token.
//!
//! Redirects are followed for reads only, within the origin, five at most: the token goes to no
//! other origin, and a redirected write may have taken effect. Plain HTTP goes to this machine
//! only, and then past any proxy. Certificates are judged by the system's trust store, the proxy
//! is the system's.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue, LOCATION};
use reqwest::{Method, RequestBuilder, Response, StatusCode, redirect};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use url::Url;

use crate::answer::{Answer, clean};
use crate::failure;
use crate::rate_limit::Left;
use crate::{BaseUrl, BearerToken, Error, IdempotencyKey, Mismatch, Options};

const USER_AGENT: &str = concat!("PulseKeys/", env!("CARGO_PKG_VERSION"));

/// How many redirects of a read are followed.
const REDIRECTS: usize = 5;

/// The most that is read of a refusal's body, in bytes. It only explains the status.
const EXPLANATION: usize = 64 * 1024;

/// Shorter than what servers usually keep idle connections for (HTTP servers close after 60 s to
/// 75 s), so that a write seldom meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(15);

/// Sends requests for one token to one base.
pub(crate) struct Transport {
    http: reqwest::Client,
    token: BearerToken,
    pub(crate) base: BaseUrl,
    pub(crate) options: Options,
    pub(crate) left: Arc<Left>,
}

impl Transport {
    pub(crate) fn new(base: BaseUrl, token: BearerToken, options: Options) -> Result<Self, Error> {
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(options.connect_timeout)
            .timeout(options.total_timeout)
            .pool_idle_timeout(IDLE)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        let builder = if base.is_loopback() {
            // `localhost` is this machine whatever a name server says (RFC 6761, 6.3).
            let here = [
                (Ipv4Addr::LOCALHOST, 0).into(),
                (Ipv6Addr::LOCALHOST, 0).into(),
            ];
            builder.no_proxy().resolve_to_addrs("localhost", &here)
        } else {
            builder.https_only(true)
        };
        // Plain HTTP needs no trust store, and must work where there is none.
        let builder = if base.url().scheme() == "http" {
            builder.tls_certs_only([])
        } else {
            builder
        };
        let http = builder
            .build()
            .map_err(|error| failure::no_trust_store(&error))?;
        Ok(Self {
            http,
            token,
            base,
            options,
            left: Arc::default(),
        })
    }

    /// The same connections and token for another base of the same origin, or with another retry policy.
    pub(crate) fn sibling(&self, base: BaseUrl, options: Options) -> Self {
        Self {
            http: self.http.clone(),
            token: self.token.clone(),
            base,
            options,
            left: Arc::clone(&self.left),
        }
    }

    /// One GET, with the redirects it leads to. Not repeated here.
    pub(crate) async fn get(&self, url: Url) -> Result<Answer, Error> {
        let mut url = url;
        for _ in 0..=REDIRECTS {
            let response = self.send(self.request(Method::GET, url.clone())).await?;
            self.left.note(true, response.headers());
            if !is_redirect(response.status()) {
                return self.read(response).await;
            }
            let target = location(&url, &response);
            match target {
                Some(target) if target.origin() == url.origin() => url = target,
                other => return Err(redirected(other.as_ref())),
            }
        }
        Err(redirected(Some(&url)))
    }

    /// One write, sent once.
    pub(crate) async fn write<B: Serialize>(
        &self,
        method: Method,
        url: Url,
        idempotency: IdempotencyKey,
        body: Option<&B>,
    ) -> Result<Answer, Error> {
        let (answer, cut_short) = self
            .write_and_keep_what_arrives(method, url, idempotency, body)
            .await?;
        cut_short.map_or(Ok(answer), Err)
    }

    /// One write, sent once. A success whose body broke off comes with as much of it as arrived, and with what
    /// broke it: a token may be in that part, and it exists nowhere else.
    pub(crate) async fn write_and_keep_what_arrives<B: Serialize>(
        &self,
        method: Method,
        url: Url,
        idempotency: IdempotencyKey,
        body: Option<&B>,
    ) -> Result<(Answer, Option<Error>), Error> {
        let mut request = self
            .request(method, url.clone())
            .header("Idempotency-Key", idempotency.to_string());
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = self.send(request).await?;
        self.left.note(false, response.headers());
        if is_redirect(response.status()) {
            return Err(redirected(location(&url, &response).as_ref()));
        }
        self.arrived(response).await
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self
            .http
            .request(method, url)
            .header(ACCEPT, "application/json");
        match self.authorization() {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }

    /// The credential, for the one origin this transport speaks to. A parsed token always makes a
    /// header; without one the server answers 401.
    fn authorization(&self) -> Option<HeaderValue> {
        let text = Zeroizing::new(format!("Bearer {}", self.token.secret().expose_secret()));
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        request
            .send()
            .await
            .map_err(|error| failure::meaning(&error))
    }

    async fn read(&self, response: Response) -> Result<Answer, Error> {
        let (answer, cut_short) = self.arrived(response).await?;
        cut_short.map_or(Ok(answer), Err)
    }

    /// The answer, and why its body is not whole, if it is not.
    async fn arrived(&self, response: Response) -> Result<(Answer, Option<Error>), Error> {
        let status = response.status();
        let mut answer = Answer {
            status,
            headers: response.headers().clone(),
            body: Zeroizing::default(),
        };
        let limit = self.options.body_limit;
        let mut cut_short = None;
        if status.is_success() {
            cut_short = body(response, limit, &mut answer.body).await.err();
        } else if body(response, limit.min(EXPLANATION), &mut answer.body)
            .await
            .is_err()
        {
            // Half an explanation explains nothing.
            answer.body = Zeroizing::default();
        }
        let answer = answer.success(self.options.clock.now(), &self.token)?;
        Ok((answer, cut_short))
    }
}

/// Reads the body, counted as it streams in: a server may lie about its length, or not give any.
async fn body(
    mut response: Response,
    limit: usize,
    whole: &mut Zeroizing<Vec<u8>>,
) -> Result<(), Error> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(Error::BodyTooLarge { limit });
    }
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure::meaning(&error))?
    {
        if whole.len() + chunk.len() > limit {
            return Err(Error::BodyTooLarge { limit });
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(())
}

fn is_redirect(status: StatusCode) -> bool {
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

fn location(from: &Url, response: &Response) -> Option<Url> {
    let mut target = from
        .join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()?;
    // User info in it would become a second Authorization header. Not every URL can have some.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}

fn redirected(target: Option<&Url>) -> Error {
    let origin = target.map(|url| clean(&url.origin().ascii_serialization()));
    Error::NotPulseApi {
        reason: Mismatch::Redirect { origin },
    }
}
