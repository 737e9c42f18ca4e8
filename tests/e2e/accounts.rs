//! Signing in and out in the real window, with and without a keychain.

use sandbox::Settings;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;
use support::desktop::Keyring;
use support::driver::{App, program};
use support::wait;

use support::scene::{Scene, body_of, fill_in, key_of, row};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_when_signing_in_fails() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    let base = scene.sandbox.base_url();
    let credential = scene.credential.expose_secret();
    let spaced = format!("{} {}", &credential[..12], &credential[12..]);
    let cases = [
        (
            "http://pulseapi.example/v1",
            credential,
            "http:// is for this machine alone",
        ),
        (
            "https://user:pw@pulseapi.example",
            credential,
            "must not contain a user name",
        ),
        (base.as_str(), spaced.as_str(), "no spaces or line breaks"),
        (
            base.as_str(),
            "1|wrongwrongwrongwrong",
            "does not accept this token",
        ),
    ];
    for (address, token, words) in cases {
        fill_in(&app, address, token).await;
        app.wait_for_text(words).await;
        for (css, typed) in [
            ("input[inputmode=url]", address),
            ("input[type=password]", token),
        ] {
            let value = app.find(css).await.prop("value").await.unwrap();
            assert_eq!(value.as_deref(), Some(typed), "{words}");
        }
    }
    for (fault, words) in [
        (Fault::Html, "no endpoints for API keys at this address"),
        (
            Fault::HugeBody {
                bytes: 20_000_000,
                announced: false,
            },
            "larger than",
        ),
        (
            Fault::Status {
                status: 403,
                retry_after: None,
            },
            "refused",
        ),
    ] {
        scene.faults().clear();
        scene.fault(Rule {
            method: None,
            path: None,
            times: 50,
            fault,
        });
        fill_in(&app, &base, credential).await;
        app.wait_for_text(words).await;
    }
    scene.faults().clear();
    assert_eq!(
        scene.desktop.keyring().items(vault::SERVICE),
        [],
        "nothing was stored"
    );
    fill_in(&app, &base, credential).await;
    app.find("[role=grid] [data-key]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_is_one_press_away_and_survives_a_restart() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    app.press("button", "Try the sandbox").await;
    app.find("[role=grid] [data-key]").await;
    app.wait_for_text("CI/CD Pipeline").await;
    app.close();

    let app = App::start(&scene.desktop).await;
    app.wait_for_text("CI/CD Pipeline").await;
    app.wait_for_text("Updated just now").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_asks_natively_and_empties_the_keychain() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    for (answer, is_signed_in) in [("Stay signed in", true), ("Sign out", false)] {
        app.press("tab", "Accounts").await;
        app.find("[aria-label^='Sign out of']")
            .await
            .click()
            .await
            .unwrap();
        let dialog = app.native().dialog();
        assert_eq!(dialog.focused_button(), Some("Stay signed in"));
        app.native().press_in_dialog(answer);
        app.native().wait_for_no_dialog();
        if !is_signed_in {
            app.wait_for_text("Connect to PulseAPI").await;
        }
        wait::until_true("the keychain is as it should be", || {
            scene.desktop.keyring().items(vault::SERVICE).is_empty() != is_signed_in
        });
    }
    assert_eq!(
        scene.status_with(&scene.credential).await,
        200,
        "the key itself lives on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_the_app_says_what_is_missing_and_works_for_the_session() {
    let scene = Scene::with(Keyring::Absent, Settings::default()).await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("The keychain can’t be reached").await;
    app.wait_for_text("gnome-keyring").await;
    app.press("button", "Try again").await;
    app.wait_for_text("Still not there.").await;
    app.press("button", "Continue for this session only").await;
    fill_in(
        &app,
        &scene.sandbox.base_url(),
        scene.credential.expose_secret(),
    )
    .await;
    app.find("[role=grid] [data-key]").await;
    app.wait_for_text("this session only").await;

    let accounts = scene.desktop.app_home().join("config/accounts.json");
    let remembered = std::fs::read_to_string(accounts).unwrap_or_default();
    assert!(!remembered.contains("acme"), "{remembered}");
    app.close();
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("The keychain can’t be reached").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_for_on_the_command_line_the_sandbox_is_where_the_app_begins() {
    let scene = Scene::new().await;
    let app = App::start_with(&scene.desktop, &program(), &["--sandbox"], &[]).await;
    app.wait_for_text("CI/CD Pipeline").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_renamed_where_it_stands() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    app.press("tab", "Accounts").await;
    app.click("[aria-label^='Rename ']").await;
    app.type_into("Name", "Acme, production").await;
    app.press("button", "Save").await;
    app.find("[aria-label='Rename Acme, production']").await;
    app.find("[aria-label^='Account Acme, production']").await;
    assert_eq!(
        scene.journalled("rename_account").await,
        ["renamed to Acme, production"]
    );
    app.close();

    let app = App::start(&scene.desktop).await;
    app.find("[aria-label^='Account Acme, production']").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_replaced_by_another_one_of_the_same_user_only() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let stored = || {
        let items = scene.desktop.keyring().items(vault::SERVICE);
        items[0].secret.clone().unwrap()
    };
    let new = scene.sandbox.mint_credential().await.unwrap();
    app.press("tab", "Accounts").await;
    app.click("[aria-label^='Replace credential of']").await;

    let somebody_else = Fault::Answer {
        status: 200,
        body: serde_json::json!({ "data": {
            "id": 4711, "name": "Eve", "email": "eve@else.example", "plan": "team",
            "current_team": { "id": 9, "name": "Else" }, "teams": []
        } }),
    };
    let refusals = [
        (None, "1|wrongwrongwrongwrong", "does not accept this token"),
        (
            Some(Rule {
                times: 9,
                ..Rule::once("GET", "/user", somebody_else)
            }),
            new.expose_secret(),
            "belongs to somebody else",
        ),
    ];
    for (fault, token, words) in refusals {
        fault.into_iter().for_each(|rule| scene.fault(rule));
        replace_with(&app, token).await;
        app.wait_for_text(words).await;
        assert_eq!(stored(), scene.credential.expose_secret(), "{words}");
        let field = app.find("input[type=password]").await;
        let typed = field.prop("value").await.unwrap();
        assert_eq!(typed.as_deref(), Some(token), "what was typed stays");
    }
    scene.faults().clear();

    replace_with(&app, new.expose_secret()).await;
    app.wait_until_gone("input[type=password]").await;
    app.wait_for_text("was replaced.").await;
    assert_eq!(stored(), new.expose_secret());
    assert_eq!(
        scene.status_with(&scene.credential).await,
        200,
        "not deleted"
    );
    app.press("tab", "API Keys").await;
    let own = app.find(&row(key_of(&new))).await;
    assert!(own.text().await.unwrap().contains("this app"));
    let source = app.page().source().await.unwrap();
    assert!(!source.contains(body_of(&new)), "the page still holds it");
}

async fn replace_with(app: &App<'_>, token: &str) {
    let field = app.find("input[type=password]").await;
    field.clear().await.unwrap();
    field.send_keys(token).await.unwrap();
    app.press("button", "Replace credential").await;
}
