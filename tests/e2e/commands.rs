//! Commands called as the page calls them, for what the page itself has no control for.

use serde_json::{Value, json};
use support::driver::App;

/// Runs a command as the page does.
pub(crate) async fn call(app: &App<'_>, command: &str, arguments: Value) {
    let script = "const [command, given, done] = arguments; \
        window.__TAURI_INTERNALS__.invoke(command, given).then(() => done(null), (error) => done(error))";
    let arguments = vec![json!(command), arguments];
    let answer = app.page().execute_async(script, arguments).await.unwrap();
    assert_eq!(answer, Value::Null, "{command}");
}

/// Lets the page write down what comes from outside it.
pub(crate) async fn attach(app: &App<'_>) {
    let script = "window.arrived = []; \
        return window.__TAURI_INTERNALS__.transformCallback((event) => window.arrived.push(event.message))";
    let callback = app.page().execute(script, vec![]).await.unwrap();
    let channel = format!("__CHANNEL__:{callback}");
    call(app, "window_attach", json!({ "progress": channel })).await;
}

/// What came from outside the page since then.
pub(crate) async fn arrived(app: &App<'_>) -> Value {
    let arrived = app.page().execute("return window.arrived", vec![]);
    arrived.await.unwrap()
}

/// Waits until exactly this has come.
pub(crate) async fn wait_for(app: &App<'_>, expected: Value) {
    app.until(&format!("{expected} has arrived"), async || {
        (arrived(app).await == expected).then_some(())
    })
    .await;
}
