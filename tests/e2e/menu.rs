//! The Edit menu, which works on text natively, since a page may not read the clipboard. The other items of the native
//! menu are fired in `actions`.

use support::driver::App;
use support::scene::Scene;
use support::wait;

#[tokio::test(flavor = "multi_thread")]
async fn the_edit_menu_works_on_the_field_that_has_the_focus() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    let field = app.find("input[inputmode=url]").await;
    field.click().await.unwrap();
    let holds = async |expected: &str| {
        app.until(&format!("the field holds {expected:?}"), async || {
            (field.prop("value").await.ok()??.as_str() == expected).then_some(())
        })
        .await;
    };
    let _elsewhere = app.screen().copy("http://127.0.0.1:9/v1");
    app.native().press("menu item", "Select All");
    app.native().press("menu item", "Paste");
    holds("http://127.0.0.1:9/v1").await;
    app.native().press("menu item", "Undo");
    holds("https://api.pulseapi.io/v1").await;
    app.native().press("menu item", "Redo");
    holds("http://127.0.0.1:9/v1").await;
    app.native().press("menu item", "Select All");
    app.native().press("menu item", "Cut");
    holds("").await;
    wait::until_true("it was cut", || {
        app.screen().clipboard() == "http://127.0.0.1:9/v1"
    });
}
