//! The list as a screen reader meets it: roles, names and states in the AT-SPI tree of the real window.

use support::accessible::Control;
use support::scene::Scene;

fn show(control: &Control, depth: usize) {
    println!(
        "{:depth$}{} {:?} {:?} {:?}",
        "", control.role, control.name, control.text, control.states
    );
    for child in &control.children {
        show(child, depth + 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_with_its_names_roles_and_states() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    let page = app.native().find("document web", None);
    show(&page, 0);
}
