//! Setting the secret of a pipeline in the real window, by keyboard alone, with Debian's real `gh`: nothing is sent before
//! the native question is answered with yes, and then the very token arrives.

use std::fs;

use secrecy::ExposeSecret as _;
use support::github::{GitHub, repository};
use support::scene::{Scene, body_of, open_rotation, wait_for_reveal};

use crate::place::holding;

const NAME: &str = "PULSE_API_KEY";

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone_the_secret_of_a_pipeline_is_set() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let home = scene.desktop.home();
    let shop = home.join("code/shop");
    repository(&shop, "ada/shop", &[NAME]);
    fs::write(
        shop.join(".env"),
        format!("{NAME}={}\n", key.token.expose_secret()),
    )
    .unwrap();
    fs::create_dir_all(home.join(".config")).unwrap();
    // Where `gh` looks by itself.
    let github = GitHub::start(&home.join(".config"));
    github.add("ada/shop", NAME);
    github.add("ada/shop", "AWS_KEY");
    let app = scene.connected().await;
    open_rotation(&app, key.id).await;
    app.wait_for_text("its workflows name PULSE_API_KEY").await;
    app.native().press_in_dialog("Rotate key");
    wait_for_reveal(&app, "Old importer").await;
    app.wait_for_text("The token was found in it, and its workflows name PULSE_API_KEY.")
        .await;
    assert_eq!(github.requests(), [""; 0], "nobody was asked yet");

    let screen = app.screen();
    app.tab_to("List their secrets").await;
    screen.press("Return");
    app.wait_for_text("Named after the variable that holds the token.")
        .await;
    app.tab_to(NAME).await;
    screen.press("space");
    app.tab_to("Set 1 CI secret…").await;
    screen.press("Return");
    let dialog = app.native().dialog();
    assert_eq!(dialog.buttons(), ["Cancel", "Set 1 CI secret"]);
    assert_eq!(dialog.focused_button(), Some("Cancel"));
    let told = dialog.labels().join("\n");
    assert!(
        told.contains("PULSE_API_KEY of ada/shop on github.com"),
        "{told}"
    );
    // Return means no.
    let window = screen.find("Set CI secrets");
    screen.activate(window);
    screen.press("Return");
    screen.wait_until_gone("Set CI secrets");
    app.wait_until_gone("[role=dialog] input[type=checkbox]:disabled")
        .await;
    let puts = |github: &GitHub| {
        github
            .requests()
            .iter()
            .filter(|asked| asked.starts_with("PUT"))
            .count()
    };
    assert_eq!(puts(&github), 0);

    app.tab_to("Set 1 CI secret…").await;
    screen.press("Return");
    app.native().press_in_dialog("Set 1 CI secret");
    app.wait_for_text("The token is in 1 CI secret.").await;
    let new = scene.token();
    assert_eq!(
        github.value("ada/shop", NAME).as_deref(),
        Some(new.expose_secret())
    );
    assert_eq!(github.value("ada/shop", "AWS_KEY"), None);
    assert_eq!(
        scene.journalled("set_secret").await,
        [
            "to be set: PULSE_API_KEY of ada/shop on github.com",
            "set: PULSE_API_KEY of ada/shop on github.com"
        ]
    );
    assert_eq!(holding(&home, body_of(&new)), 0);
    assert_eq!(holding(&scene.desktop.app_home(), body_of(&new)), 0);
}
