//! The calls: which endpoint, whether it is a read or a write, and what comes back.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::address::BaseUrl;
use crate::answer::Answer;
use crate::check::{self, Check};
use crate::checkpoint::Checkpoint;
use crate::contract::Contract;
use crate::decode;
use crate::error::Error;
use crate::id::{KeyId, TeamId};
use crate::idempotency::IdempotencyKey;
use crate::model::{Ability, ApiKey, NewKey, NewToken, User};
use crate::operation::Operation;
use crate::options::Options;
use crate::pages::{self, KeyPages};
use crate::profile::{MAX_PAGE_SIZE, Profile};
use crate::retry;
use crate::retry_policy::RetryPolicy;
use crate::token::BearerToken;
use crate::token_check::{self, Acceptance};
use crate::transport::Transport;

/// A client of one API with one token. Cheap to clone; clones share their connections.
///
/// Reads are repeated by the [retry policy](crate::RetryPolicy); writes go out once. After a
/// failed write ask [`Error::outcome_unknown`].
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
}

impl Client {
    /// A client for a base that is known to be right; otherwise see [`discover`](crate::discover).
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// `Tls`, when the system's trust store can't be read.
    pub fn new(base: BaseUrl, token: BearerToken, options: Options) -> Result<Self, Error> {
        Transport::new(base, token, options).map(Self::over)
    }

    pub(crate) fn over(transport: Transport) -> Self {
        Self {
            transport: Arc::new(transport),
        }
    }

    /// The base that the calls go to.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.transport.base
    }

    /// What the server is taken for.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.transport.options.contract
    }

    /// Whether the server has a call for this, as far as its contract says.
    ///
    /// # Errors
    /// [`Error::NotOffered`] where it has none.
    pub fn offers(&self, operation: Operation) -> Result<(), Error> {
        self.transport.profile.call(operation).map(|_| ())
    }

    /// The most keys that a page of the list has.
    pub const KEYS_PER_PAGE: u32 = MAX_PAGE_SIZE;

    /// The same client with another retry policy, for a caller that waits for rate limits where the user sees it
    /// and can call it off.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        let transport = &self.transport;
        let options = Options {
            retry,
            ..transport.options.clone()
        };
        Self::over(transport.sibling(transport.base.clone(), options))
    }

    /// Until when to wait (UTC) before so many more requests, if the last answers say that less is left; `None` when
    /// nothing is known that speaks against asking now.
    ///
    /// It is advice: the moment is the server's clock's, and other programs use the same allowance. What is certain
    /// is `RateLimited`.
    #[must_use]
    pub fn advised_wait(&self, requests: u32) -> Option<Timestamp> {
        let transport = &self.transport;
        let now = transport.options.clock.now();
        transport.left.too_little_until(requests, now)
    }

    /// `GET /user`: whose token this is.
    pub async fn user(&self) -> Result<User, Error> {
        self.read(Operation::User, None, decode::user).await
    }

    /// Whether the token works: `GET /user`, or where that tells nothing `GET /monitors`, `GET /incidents` and a key of
    /// the list.
    ///
    /// # Errors
    /// `Unauthorized` when it is refused; anything else says nothing about the token.
    pub async fn check_token(&self) -> Result<Acceptance, Error> {
        let transport = &self.transport;
        let longest = transport.options.retry.longest_wait;
        retry::read(&transport.options, longest, || {
            token_check::check(transport)
        })
        .await
    }

    /// Tries every call that changes nothing, once, under each base that the address may mean, and tells what came of it.
    pub async fn check(&self) -> Check {
        check::check(&self.transport).await
    }

    /// `GET /api-keys`: all keys of the user, page after page as they arrive, each key once.
    ///
    /// Ends with the last page, or with the first error.
    pub fn keys(&self) -> KeyPages {
        pages::stream(Arc::clone(&self.transport))
    }

    /// The pages behind one that was read earlier, where `seen` are the keys until there. That page and the first are asked
    /// for once more; `None` if they or the length of the list are not what they were: it has to be read from its
    /// beginning.
    ///
    /// # Errors
    /// What the service reports of these pages but that there are none.
    pub async fn resume_keys(
        &self,
        checkpoint: Checkpoint,
        seen: HashSet<KeyId>,
    ) -> Result<Option<KeyPages>, Error> {
        pages::resume(Arc::clone(&self.transport), checkpoint, seen).await
    }

    /// `GET /api-keys/{id}`: one key. A service that has no such call is asked for its list instead.
    ///
    /// # Errors
    /// `NotFound` when the service has no such record: by its own word, or because it says that it has no such call and
    /// its whole list lacks the key.
    pub async fn key(&self, id: &KeyId) -> Result<ApiKey, Error> {
        match self.read(Operation::Key, Some(id), decode::key).await {
            Err(refusal) if refusal.has_no_such_call() => self.listed(id, refusal).await,
            answer => answer,
        }
    }

    async fn listed(&self, id: &KeyId, refusal: Error) -> Result<ApiKey, Error> {
        let mut pages = self.keys();
        let mut is_whole = true;
        while let Some(page) = pages.next().await {
            let page = page?;
            is_whole &= page.adds_up;
            if let Some(key) = page.keys.into_iter().find(|key| key.id == *id) {
                return Ok(key);
            }
        }
        // A gateway's 404 is no word of the service: what its list lacks may be there.
        Err(if is_whole && refusal.says_no_such_call() {
            Error::NotFound
        } else {
            refusal
        })
    }

    /// `GET /api-keys/abilities`: what a key can be allowed.
    pub async fn abilities(&self) -> Result<Vec<Ability>, Error> {
        self.read(Operation::Abilities, None, decode::abilities)
            .await
    }

    /// `DELETE /api-keys/{id}`: revokes a key, at once and for good. Gives the answer's
    /// `X-Request-Id`, if it had one.
    ///
    /// # Errors
    /// `NotFound` when the key was gone already.
    pub async fn delete_key(
        &self,
        id: &KeyId,
        idempotency: IdempotencyKey,
    ) -> Result<Option<String>, Error> {
        let answer = self
            .write(Operation::Delete, Some(id), idempotency, None::<&()>)
            .await?;
        decode::nothing(&answer, &self.transport.profile)?;
        Ok(answer.request_id())
    }

    /// `POST /api-keys`: makes a key. A token that arrives is given back whatever is wrong with the rest of the answer,
    /// then perhaps without the key's record.
    pub async fn create_key(
        &self,
        new: &NewKey,
        idempotency: IdempotencyKey,
    ) -> Result<NewToken, Error> {
        let NewKey {
            name,
            abilities,
            team,
        } = new;
        let names = &self.transport.profile.new_key;
        let mut body = Map::new();
        body.insert(names.theirs("name").to_owned(), name.as_str().into());
        body.insert(
            names.theirs("abilities").to_owned(),
            abilities.as_slice().into(),
        );
        if let Some(team) = team {
            body.insert(names.theirs("team_id").to_owned(), number_or_string(team));
        }
        self.write_for_token(Operation::Create, None, idempotency, Some(&body))
            .await
    }

    /// `POST /api-keys/{id}/rotate`: replaces the token of a key; the old one stops working at
    /// once. A token that arrives is given back whatever is wrong with the rest of the answer, then perhaps without the
    /// key's record.
    pub async fn rotate_key(
        &self,
        id: &KeyId,
        idempotency: IdempotencyKey,
    ) -> Result<NewToken, Error> {
        self.write_for_token(Operation::Rotate, Some(id), idempotency, None::<&()>)
            .await
    }

    async fn read<T>(
        &self,
        operation: Operation,
        id: Option<&KeyId>,
        decode: impl Fn(&Answer, &Profile) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let transport = &self.transport;
        let profile = &*transport.profile;
        let url = profile.call(operation)?.url(&transport.base, id);
        let longest = transport.options.retry.longest_wait;
        retry::read(&transport.options, longest, async || {
            decode(&transport.get(url.clone()).await?, profile)
        })
        .await
    }

    async fn write_for_token<B: Serialize>(
        &self,
        operation: Operation,
        id: Option<&KeyId>,
        idempotency: IdempotencyKey,
        body: Option<&B>,
    ) -> Result<NewToken, Error> {
        let transport = &self.transport;
        let profile = &*transport.profile;
        let endpoint = profile.call(operation)?;
        let url = endpoint.url(&transport.base, id);
        let (answer, trouble) = transport
            .write_for_token(endpoint.method.clone(), url, idempotency, body)
            .await?;
        decode::new_token(&answer, trouble, id, transport.token(), profile)
    }

    async fn write<B: Serialize>(
        &self,
        operation: Operation,
        id: Option<&KeyId>,
        idempotency: IdempotencyKey,
        body: Option<&B>,
    ) -> Result<Answer, Error> {
        let endpoint = self.transport.profile.call(operation)?;
        let url = endpoint.url(&self.transport.base, id);
        self.transport
            .write(endpoint.method.clone(), url, idempotency, body)
            .await
    }
}

/// An id as the service writes it: a number where it is one.
fn number_or_string(id: &TeamId) -> Value {
    id.as_str()
        .parse::<u64>()
        .map_or_else(|_| id.as_str().into(), Value::from)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base().to_string())
            .finish_non_exhaustive()
    }
}
