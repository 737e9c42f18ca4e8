//! The web screen: what a browser shows and sends, without script.

use reqwest::{Response, StatusCode};
use sandbox::Settings;
use secrecy::ExposeSecret as _;

use crate::support::{Api, client};

async fn get(url: &str) -> (StatusCode, String) {
    read(client().get(url).send().await.unwrap()).await
}

async fn post(url: &str, form: &'static str) -> (StatusCode, String) {
    let request = client()
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    read(request.body(form).send().await.unwrap()).await
}

async fn read(response: Response) -> (StatusCode, String) {
    (response.status(), response.text().await.unwrap())
}

/// The token that a page shows.
fn token_on(page: &str) -> &str {
    let (_, rest) = page.split_once("class=\"token\">").unwrap();
    rest.split_once('<').unwrap().0
}

async fn without_key_endpoints() -> Api {
    Api::with(Settings {
        key_endpoints: false,
        ..Settings::default()
    })
    .await
}

#[tokio::test]
async fn keys_are_made_rotated_and_deleted_in_the_browser() {
    let api = without_key_endpoints().await;
    let screen = api.sandbox.web_screen();
    let (status, page) = post(
        &format!("{screen}/create"),
        "name=%3Cb%3EZapier%3C%2Fb%3E&abilities=monitors%3Aread&abilities=incidents%3Aread",
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    let token = token_on(&page).to_owned();
    let (id, _) = token.split_once('|').unwrap();
    let works = async |token: &str| {
        let user = client()
            .get(format!("{}/user", api.base))
            .bearer_auth(token);
        user.send().await.unwrap().status() == StatusCode::OK
    };
    assert!(works(&token).await);
    let (_, list) = get(&screen).await;
    assert!(list.contains("&lt;b&gt;Zapier&lt;/b&gt;"), "a name is text");
    assert!(list.contains(&token[token.len() - 8..]));
    assert!(!list.contains(&token), "it is shown once");

    let (status, page) = post(&format!("{screen}/{id}/rotate"), "").await;
    assert_eq!(status, StatusCode::OK);
    let rotated = token_on(&page).to_owned();
    assert!(!works(&token).await, "the old one is dead at once");
    assert!(works(&rotated).await);

    let (status, _) = get(&format!("{screen}/{id}/delete")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(works(&rotated).await, "asking deletes nothing");
    let (status, _) = post(&format!("{screen}/{id}/delete"), "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(!works(&rotated).await);
    let (status, _) = post(&format!("{screen}/{id}/delete"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_without_a_name_or_abilities_is_refused() {
    let api = without_key_endpoints().await;
    let create = format!("{}/create", api.sandbox.web_screen());
    for form in ["name=&abilities=*", "name=CI", "name=CI&abilities=no-such"] {
        let (status, page) = post(&create, form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(page.contains("role=\"alert\""), "{page}");
    }
}

#[tokio::test]
async fn nobody_finds_the_screen_without_its_address() {
    let api = without_key_endpoints().await;
    let screen = api.sandbox.web_screen();
    let other = without_key_endpoints().await;
    assert_ne!(
        screen.rsplit('/').nth(2),
        other.sandbox.web_screen().rsplit('/').nth(2)
    );
    let origin = api.base.strip_suffix("/v1").unwrap();
    for path in [
        "",
        "/",
        "/web",
        "/web/settings/api-keys",
        "/settings/api-keys",
    ] {
        let (status, body) = get(&format!("{origin}{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!body.contains(api.credential.expose_secret()));
    }
    let headers = client()
        .get(&screen)
        .send()
        .await
        .unwrap()
        .headers()
        .clone();
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
}
