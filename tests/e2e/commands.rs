//! Commands called as the page calls them, for what the page itself has no control for.

use serde_json::{Value, json};
use support::driver::App;

macro_rules! commands {
    ($($group:ident { $($(#[doc = $doc:literal])* $name:ident($($part:tt)*) -> $answer:ty;)* })*) => {
        /// The commands' names, from the shell's own table: a command that is renamed there is renamed here too.
        #[allow(dead_code, non_upper_case_globals, reason = "the table has them all, each as it is called")]
        pub(crate) mod command {
            $($(pub(crate) const $name: &str = stringify!($name);)*)*
        }
    };
}
include!("../../src-tauri/src/commands/table.rs");

/// Runs a command as the page does, and gives its answer.
pub(crate) async fn ask(app: &App<'_>, command: &str, arguments: Value) -> Value {
    let script = "const [command, given, done] = arguments; \
        window.__TAURI_INTERNALS__.invoke(command, given).then(done, (error) => done({ refused: error }))";
    let arguments = vec![json!(command), arguments];
    let answer = app.page().execute_async(script, arguments).await.unwrap();
    assert!(answer.get("refused").is_none(), "{command}: {answer}");
    answer
}

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
    call(app, command::attach_window, json!({ "progress": channel })).await;
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
