//! Newer versions of the app: asked for only where the user wants it, once a day at most, and the answer is read as a
//! stranger's.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use pulse_keys_core::view::{Preferences, UpdatesView};
use sandbox::ManualClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::world::World;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The server that is asked for the newest version: writes down each request, and sends the bytes that it was given.
struct Publisher {
    origin: String,
    requests: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Vec<u8>>>,
    listening: JoinHandle<()>,
}

impl Publisher {
    async fn saying(body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let answer: Arc<Mutex<Vec<u8>>> = Arc::default();
        let listening = {
            let (requests, answer) = (Arc::clone(&requests), Arc::clone(&answer));
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                            break;
                        }
                    }
                    let request = String::from_utf8(request).unwrap();
                    requests.lock().unwrap().push(request.to_lowercase());
                    let answer = answer.lock().unwrap().clone();
                    // An app that has heard enough closes first.
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                }
            })
        };
        let publisher = Self {
            origin,
            requests,
            answer,
            listening,
        };
        publisher.says(body);
        publisher
    }

    fn says(&self, body: &str) {
        let length = body.len();
        self.sends(&format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
    }

    fn sends(&self, answer: &str) {
        *self.answer.lock().unwrap() = answer.as_bytes().to_vec();
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Where it says so.
    fn address(&self) -> String {
        format!("{}/latest.json", self.origin)
    }

    /// An answer that names this version, and a page beside it.
    fn release(&self, version: &str) -> String {
        format!(
            r#"{{"version": "{version}", "page": "{}/download"}}"#,
            self.origin
        )
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// An app whose time stands still, and which asks this publisher when it is on.
async fn world(publisher: &Publisher, is_on: bool) -> World {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let world = World::with_clock(clock).await;
    choose(&world, &publisher.address(), is_on).await;
    world
}

async fn choose(world: &World, address: &str, is_on: bool) {
    let preferences = Preferences {
        tell_of_updates: is_on,
        updates_address: address.to_owned(),
        ..world.app.preferences()
    };
    world.app.write_preferences(preferences).await.unwrap();
}

fn newer(view: &UpdatesView) -> Option<(&str, Option<&str>, bool)> {
    match view {
        UpdatesView::Newer {
            version,
            page_host,
            dismissed,
            ..
        } => Some((version, page_host.as_deref(), *dismissed)),
        _ => None,
    }
}

fn problem(view: UpdatesView) -> String {
    match view {
        UpdatesView::NotKnown { problem, .. } => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_is_asked_unless_the_user_turned_it_on() {
    assert!(!Preferences::default().tell_of_updates);
    let publisher = Publisher::saying(r#"{"version": "9.0.0"}"#).await;
    let mut world = world(&publisher, false).await;
    for _ in 0..2 {
        assert_eq!(world.app.updates().await, UpdatesView::Off);
        assert_eq!(world.app.page_of_newer_version(), None);
        world.time.passes(DAY).await;
        world.restart();
    }
    assert_eq!(publisher.requests(), [""; 0]);
}

#[tokio::test]
async fn one_bare_request_a_day_however_often_the_app_starts() {
    let publisher = Publisher::saying("").await;
    publisher.says(&publisher.release("9.1.0"));
    let mut world = world(&publisher, true).await;
    for _ in 0..3 {
        let view = world.app.updates().await;
        assert_eq!(newer(&view), Some(("9.1.0", Some("127.0.0.1"), false)));
        world.restart();
    }
    let requests = publisher.requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert!(
        request.starts_with("get /latest.json http/1.1\r\n"),
        "{request}"
    );
    for tells in ["authorization", "cookie", "referer", "0.0.0-test", "?"] {
        assert!(!request.contains(tells), "{request}");
    }

    world.time.passes(DAY - Duration::from_secs(1)).await;
    world.app.updates().await;
    assert_eq!(publisher.requests().len(), 1);
    world.time.passes(Duration::from_secs(1)).await;
    world.app.updates().await;
    assert_eq!(publisher.requests().len(), 2);
}

#[tokio::test]
async fn several_calls_at_once_are_one_request() {
    let publisher = Publisher::saying(r#"{"version": "9.0.0"}"#).await;
    let world = world(&publisher, true).await;
    let (first, second) = tokio::join!(world.app.updates(), world.app.updates());
    assert_eq!(first, second);
    assert_eq!(publisher.requests().len(), 1);
}

#[tokio::test]
async fn its_page_is_opened_and_its_notice_put_away_until_the_next_version() {
    let publisher = Publisher::saying("").await;
    publisher.says(&publisher.release("9.1.0"));
    let mut world = world(&publisher, true).await;
    world.app.updates().await;
    let page = world.app.page_of_newer_version().unwrap();
    assert_eq!(page.as_str(), format!("{}/download", publisher.origin));

    world.app.dismiss_notice("newer-version").await.unwrap();
    world.restart();
    let is_dismissed = |view: &UpdatesView| newer(view).unwrap().2;
    assert!(is_dismissed(&world.app.updates().await));
    world.time.passes(DAY).await;
    assert!(is_dismissed(&world.app.updates().await), "the same version");
    publisher.says(&publisher.release("9.2.0"));
    world.time.passes(DAY).await;
    let view = world.app.updates().await;
    assert_eq!(newer(&view), Some(("9.2.0", Some("127.0.0.1"), false)));
}

#[tokio::test]
async fn what_is_no_newer_version_is_none() {
    for version in ["0.0.0-alpha", "9.0.0-rc.1"] {
        let publisher = Publisher::saying(&format!(r#"{{"version": "{version}"}}"#)).await;
        let world = world(&publisher, true).await;
        let view = world.app.updates().await;
        assert!(matches!(view, UpdatesView::Newest { .. }), "{view:?}");
    }
}

#[tokio::test]
async fn a_strangers_answer_changes_nothing_but_what_is_told() {
    let large = format!(
        "HTTP/1.1 200 OK\r\n\r\n{{\"version\": \"9.0.0\", \"x\": \"{}\"}}",
        "x".repeat(updates_limit())
    );
    let cases = [
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "status 404",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>",
            "names no version",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"version\": \"9.0.0\"}",
            "broke off",
        ),
        (&large, "larger than 256 KiB"),
        ("nonsense\r\n\r\n", "broke off"),
    ];
    let publisher = Publisher::saying("").await;
    for (answer, words) in cases {
        publisher.sends(answer);
        let mut world = world(&publisher, true).await;
        let before = publisher.requests().len();
        let told = problem(world.app.updates().await);
        assert!(told.contains(words), "{told}");
        assert_eq!(world.app.page_of_newer_version(), None);
        world.restart();
        assert_eq!(problem(world.app.updates().await), told);
        assert_eq!(publisher.requests().len(), before + 1, "{words}");
        assert_eq!(world.notices().await, []);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_foreign_page_not_offered() {
    let elsewhere = Publisher::saying(r#"{"version": "9.0.0"}"#).await;
    let publisher = Publisher::saying("").await;
    publisher.sends(&format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        elsewhere.address()
    ));
    let world = world(&publisher, true).await;
    let told = problem(world.app.updates().await);
    assert!(told.contains("status 302"), "{told}");
    assert_eq!(elsewhere.requests(), [""; 0]);

    for page in ["https://example.com/x", "file:///etc/passwd"] {
        publisher.says(&format!(r#"{{"version": "9.0.0", "page": "{page}"}}"#));
        world.time.passes(DAY).await;
        let view = world.app.updates().await;
        assert_eq!(newer(&view), Some(("9.0.0", None, false)));
        assert_eq!(world.app.page_of_newer_version(), None);
    }
}

#[tokio::test]
async fn only_an_address_that_keeps_the_question_private_is_taken() {
    let publisher = Publisher::saying("").await;
    let world = world(&publisher, true).await;
    for address in [
        "http://example.org/latest.json",
        "ftp://example.org/x",
        "https://user:pass@example.org/x",
        "",
    ] {
        let preferences = Preferences {
            updates_address: address.to_owned(),
            ..world.app.preferences()
        };
        let refused = world.app.write_preferences(preferences).await.unwrap_err();
        let expected = "The address for new versions";
        assert!(refused.message.starts_with(expected), "{refused:?}");
    }
    assert_eq!(world.app.preferences().updates_address, publisher.address());
}

#[tokio::test]
async fn another_address_is_asked_although_the_first_one_was() {
    let first = Publisher::saying(r#"{"version": "0.0.0-x"}"#).await;
    let second = Publisher::saying(r#"{"version": "9.0.0"}"#).await;
    let world = world(&first, true).await;
    world.app.updates().await;
    choose(&world, &second.address(), true).await;
    assert!(newer(&world.app.updates().await).is_some());
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));
}

fn updates_limit() -> usize {
    256 * 1024
}
