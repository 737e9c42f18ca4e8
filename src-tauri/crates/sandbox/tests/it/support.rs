//! A running sandbox with a clock that stands still, and a client for it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use sandbox::faults::{InsertedKey, VerbatimKey};
use sandbox::{ManualClock, Sandbox, Settings};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Where the clock of every test stands at first.
pub(crate) const START: &str = "2026-03-14T09:26:53Z";

pub(crate) struct Api {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Arc<ManualClock>,
    /// May manage keys.
    pub(crate) credential: SecretString,
    pub(crate) base: String,
    client: reqwest::Client,
}

/// What the server said. `body` is null when there was none.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

pub(crate) fn client() -> reqwest::Client {
    let never = reqwest::redirect::Policy::none();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(never)
        .build()
        .unwrap()
}

impl Api {
    /// A sandbox in memory, with the test switches.
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    /// A sandbox with some settings of the test's own.
    pub(crate) async fn with(settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let settings = Settings {
            clock: clock.clone(),
            random_seed: Some(7),
            faults: true,
            ..settings
        };
        let sandbox = sandbox::start(settings).await.unwrap();
        let credential = sandbox.mint_credential().await.unwrap();
        let base = sandbox.base_url();
        Self {
            sandbox,
            clock,
            credential,
            base,
            client: client(),
        }
    }

    /// Asks with the credential. The answer has the rate-limit headers, whatever it is.
    pub(crate) async fn ask(&self, method: Method, path: &str) -> Answer {
        self.ask_as(&self.credential, method, path).await
    }

    pub(crate) async fn ask_as(&self, token: &SecretString, method: Method, path: &str) -> Answer {
        let request = self
            .request(method, path)
            .bearer_auth(token.expose_secret());
        Answer::of_api(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path);
        Answer::of_api(
            request
                .bearer_auth(self.credential.expose_secret())
                .json(body),
        )
        .await
    }

    /// A request of any kind to a path under the base.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// The id of the key behind a token.
    pub(crate) fn id_of(token: &SecretString) -> i64 {
        token
            .expose_secret()
            .split_once('|')
            .unwrap()
            .0
            .parse()
            .unwrap()
    }

    /// Writes a key with these abilities.
    pub(crate) async fn key_with(&self, abilities: &[&str]) -> InsertedKey {
        let abilities = abilities
            .iter()
            .map(|&ability| ability.to_owned())
            .collect();
        let key = VerbatimKey {
            abilities,
            ..VerbatimKey::named("Test key")
        };
        self.sandbox
            .faults()
            .unwrap()
            .insert_key(key)
            .await
            .unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        sandbox::Clock::now(&*self.clock)
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Every key of the list, page by page.
    pub(crate) async fn all_keys(&self, per_page: usize) -> Vec<Value> {
        let mut keys = Vec::new();
        let mut page = 1;
        loop {
            let answer = self
                .get(&format!("/api-keys?page={page}&per_page={per_page}"))
                .await;
            assert_eq!(answer.status, StatusCode::OK);
            keys.extend(answer.body["data"].as_array().unwrap().clone());
            if answer.body["links"]["next"].is_null() {
                return keys;
            }
            page += 1;
        }
    }
}

impl Answer {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap()
        };
        Self {
            status,
            headers,
            body,
        }
    }

    pub(crate) async fn of_api(request: reqwest::RequestBuilder) -> Self {
        let answer = Self::of(request).await;
        for name in [
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ] {
            assert!(answer.headers.contains_key(name), "no {name} on {answer:?}");
        }
        if answer.status.is_client_error() {
            assert!(
                answer.body["message"].is_string(),
                "no message in {answer:?}"
            );
        }
        answer
    }

    pub(crate) fn header(&self, name: &str) -> i64 {
        self.headers[name].to_str().unwrap().parse().unwrap()
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap()
    }
}
