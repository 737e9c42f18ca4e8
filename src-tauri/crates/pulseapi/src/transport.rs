//! One request out, one answer in: headers, limits of time and size, redirects, the token.
//!
//! Redirects are followed for reads only, within the origin, five at most: the token goes to no
//! other origin, and a redirected write may have taken effect. Plain HTTP goes to this machine
//! only, and then past any proxy. Certificates are judged by the system's trust store, the proxy
//! is the system's.

use std::io::Read as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, redirect};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use url::Url;

use crate::address::BaseUrl;
use crate::answer::Answer;
use crate::error::Error;
use crate::failure;
use crate::idempotency::IdempotencyKey;
use crate::operation::Operation;
use crate::options::Options;
use crate::profile::Profile;
use crate::rate_limit::Left;
use crate::redirects::{RedirectedTo, is_redirect, is_sign_in, location, redirected};
use crate::token::BearerToken;

const USER_AGENT: &str = concat!("PulseKeys/", env!("CARGO_PKG_VERSION"));

/// How many redirects of a read are followed.
const MAX_REDIRECTS: usize = 5;

/// The most that is read of a refusal's body, in bytes. It only explains the status.
const MAX_EXPLANATION_BYTES: usize = 64 * 1024;

/// How much of the end is kept of a body that is too large, in bytes.
const KEPT_END_BYTES: usize = 64 * 1024;

/// How far a body is read that is too large, in multiples of what is kept of it.
const OVERSIZE_FACTOR: usize = 8;

/// Shorter than what servers usually keep idle connections for (HTTP servers close after 60 s to
/// 75 s), so that a write seldom meets a connection that is just being closed.
const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(15);

/// An answer as it came.
pub(crate) struct Seen {
    pub(crate) answer: Answer,
    /// Where it was redirected to first, or last where that was not followed.
    pub(crate) redirect: Option<RedirectedTo>,
    /// What is wrong with it, before its form is looked at.
    pub(crate) problem: Option<Error>,
}

/// Sends requests for one token to one base.
pub(crate) struct Transport {
    http: reqwest::Client,
    token: BearerToken,
    pub(crate) base: BaseUrl,
    pub(crate) options: Options,
    pub(crate) profile: Arc<Profile>,
    pub(crate) left: Arc<Left>,
}

impl Transport {
    pub(crate) fn new(base: BaseUrl, token: BearerToken, options: Options) -> Result<Self, Error> {
        let profile = options.contract.profile()?;
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(options.connect_timeout)
            .timeout(options.total_timeout)
            .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT)
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
            profile,
            left: Arc::default(),
        })
    }

    /// The same connections, token and contract for another base of the same origin, or with another retry policy.
    pub(crate) fn sibling(&self, base: BaseUrl, options: Options) -> Self {
        Self {
            http: self.http.clone(),
            token: self.token.clone(),
            base,
            options,
            profile: Arc::clone(&self.profile),
            left: Arc::clone(&self.left),
        }
    }

    /// What a call without a key answers. Not repeated here.
    pub(crate) async fn ask(&self, operation: Operation) -> Result<Answer, Error> {
        let url = self.profile.call(operation)?.url(&self.base, None);
        self.get(url).await
    }

    /// One GET, with the redirects it leads to. Not repeated here.
    pub(crate) async fn get(&self, url: Url) -> Result<Answer, Error> {
        let mut url = url;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send(self.request(Method::GET, url.clone())).await?;
            self.left.note(true, response.headers());
            if !is_redirect(response.status()) {
                return self.read(response).await;
            }
            let target = location(&url, &response);
            match target {
                Some(target) if target.origin() == url.origin() && !is_sign_in(&target) => {
                    url = target;
                }
                other => return Err(redirected(other.as_ref())),
            }
        }
        Err(redirected(Some(&url)))
    }

    /// One GET with the redirects it leads to, for whoever wants to see all of the answer, also of a refusal.
    pub(crate) async fn look(&self, url: Url) -> Result<Seen, Error> {
        let mut url = url;
        let mut redirect = None;
        for followed in 0.. {
            let response = self.send(self.request(Method::GET, url.clone())).await?;
            self.left.note(true, response.headers());
            if is_redirect(response.status()) {
                let target = location(&url, &response);
                let leads = match &target {
                    Some(target) if is_sign_in(target) => RedirectedTo::SignIn,
                    Some(target) if target.origin() != url.origin() => RedirectedTo::AnotherHost,
                    Some(_) if followed < MAX_REDIRECTS => RedirectedTo::SameHost,
                    _ => RedirectedTo::Nowhere,
                };
                redirect.get_or_insert(leads);
                match target {
                    Some(target) if leads == RedirectedTo::SameHost => url = target,
                    other => {
                        return Ok(Seen {
                            answer: Answer::of(&response),
                            redirect: Some(leads),
                            problem: Some(redirected(other.as_ref())),
                        });
                    }
                }
                continue;
            }
            let mut answer = Answer::of(&response);
            let is_success = answer.status.is_success();
            let limit = if is_success {
                self.options.body_limit
            } else {
                self.options.body_limit.min(MAX_EXPLANATION_BYTES)
            };
            let read = body(response, limit, &mut answer.body).await;
            let problem = match read {
                Err(error) if is_success => Some(error),
                Ok(()) if is_success => None,
                read => {
                    let now = self.options.clock.now();
                    Some(answer.refusal(read.is_ok(), now, &self.token, &self.profile))
                }
            };
            return Ok(Seen {
                answer,
                redirect,
                problem,
            });
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
        let response = self
            .send(self.written(method, url.clone(), idempotency, body))
            .await?;
        self.left.note(false, response.headers());
        if is_redirect(response.status()) {
            return Err(redirected(location(&url, &response).as_ref()));
        }
        self.read(response).await
    }

    /// One write that brings a token, sent once. Whatever the answer means and however its body ended, it comes with as
    /// much of the body as arrived, and with what is wrong with it: a token may be in it, and exists nowhere else.
    pub(crate) async fn write_for_token<B: Serialize>(
        &self,
        method: Method,
        url: Url,
        idempotency: IdempotencyKey,
        body: Option<&B>,
    ) -> Result<(Answer, Option<Error>), Error> {
        let request = self
            .written(method, url.clone(), idempotency, body)
            .timeout(self.options.token_timeout);
        let response = self.send(request).await?;
        self.left.note(false, response.headers());
        let redirect =
            is_redirect(response.status()).then(|| redirected(location(&url, &response).as_ref()));
        let mut answer = Answer::of(&response);
        let cut_short = all_that_comes(response, self.options.body_limit, &mut answer.body).await;
        let is_unpacked = unpack(&mut answer, self.options.body_limit);
        answer.is_whole &= cut_short.is_none() && is_unpacked;
        let trouble = match redirect {
            Some(redirect) => Some(redirect),
            None if answer.status.is_success() => cut_short,
            None => {
                let explains = cut_short.is_none() && answer.body.len() <= MAX_EXPLANATION_BYTES;
                Some(answer.refusal(
                    explains,
                    self.options.clock.now(),
                    &self.token,
                    &self.profile,
                ))
            }
        };
        Ok((answer, trouble))
    }

    fn written<B: Serialize>(
        &self,
        method: Method,
        url: Url,
        idempotency: IdempotencyKey,
        body: Option<&B>,
    ) -> RequestBuilder {
        let request = self
            .request(method, url)
            .header("Idempotency-Key", idempotency.to_string());
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// The credential that goes with each request.
    pub(crate) fn token(&self) -> &BearerToken {
        &self.token
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self
            .http
            .request(method, url)
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, "identity");
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
        let mut answer = Answer::of(&response);
        let limit = self.options.body_limit;
        if answer.status.is_success() {
            body(response, limit, &mut answer.body).await?;
            return Ok(answer);
        }
        // Half an explanation explains nothing.
        let explains = body(response, limit.min(MAX_EXPLANATION_BYTES), &mut answer.body)
            .await
            .is_ok();
        Err(answer.refusal(
            explains,
            self.options.clock.now(),
            &self.token,
            &self.profile,
        ))
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

/// Reads the body as far as it comes: the beginning up to the limit, and the end of what is longer, for a token stands
/// behind the record. Gives what ended it early.
async fn all_that_comes(
    mut response: Response,
    limit: usize,
    whole: &mut Zeroizing<Vec<u8>>,
) -> Option<Error> {
    let mut end = Zeroizing::new(Vec::new());
    let mut beyond = 0;
    let mut is_gap = false;
    let trouble = loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break (beyond > 0).then_some(Error::BodyTooLarge { limit }),
            Err(_) if beyond > 0 => break Some(Error::BodyTooLarge { limit }),
            Err(error) => break Some(failure::meaning(&error)),
        };
        let (first, rest) = chunk.split_at(chunk.len().min(limit - whole.len().min(limit)));
        whole.extend_from_slice(first);
        end.extend_from_slice(rest);
        beyond += rest.len();
        if end.len() > 2 * KEPT_END_BYTES {
            let skipped = end.len() - KEPT_END_BYTES;
            end.drain(..skipped);
            is_gap = true;
        }
        if beyond > limit.saturating_mul(OVERSIZE_FACTOR) {
            break Some(Error::BodyTooLarge { limit });
        }
    };
    let mut end = end.as_slice();
    if is_gap {
        // What stands on both sides of a gap does not belong together, and half a token is none.
        let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-|".contains(byte);
        let cut = whole
            .iter()
            .rev()
            .take_while(|byte| is_of_token(byte))
            .count();
        let kept = whole.len() - cut;
        whole.truncate(kept);
        end = &end[end.iter().take_while(|byte| is_of_token(byte)).count()..];
    }
    whole.extend_from_slice(end);
    trouble
}

/// Undoes a compression that we did not ask for, as far as it goes. Whether that was to the end.
fn unpack(answer: &mut Answer, limit: usize) -> bool {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    let is_deflated = answer
        .headers
        .get(CONTENT_ENCODING)
        .is_some_and(|coding| coding == "deflate");
    let mut plain = Zeroizing::new(Vec::new());
    // As large as a body may be: whatever is packed into it.
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    let read = if answer.body.starts_with(GZIP) {
        MultiGzDecoder::new(answer.body.as_slice())
            .take(most)
            .read_to_end(&mut plain)
    } else if is_deflated {
        ZlibDecoder::new(answer.body.as_slice())
            .take(most)
            .read_to_end(&mut plain)
    } else {
        return true;
    };
    let is_whole = read.is_ok() && plain.len() < limit;
    // What came before an error has been read.
    answer.body = plain;
    is_whole
}
