//! Measures the app in use: `bench-use DELETIONS OPENINGS`, started by `cargo xtask bench use`.
//!
//! **Deleting**: from the user's yes in the native dialog, as the page is told of it, to the row that is gone from the
//! list. Each request is delayed by the server, so it is told in round trips too: the key is looked at once more, then the
//! deletion leaves.
//!
//! **Idle**: what all processes take of the processors in 30 seconds with the list open and nothing to do.
//!
//! **Memory**: what all processes hold (PSS) before and after sheets were opened and closed so often, twice: what the
//! engine keeps for the next time shows in the first half only, a leak in both.
//!
//! Reported, not asserted. Left out: start (`bench-start`), typing and scrolling (`bench-ui`).

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("The window is measured on a private X display, which only Linux has.");
}

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    linux::run().await;
}

#[cfg(target_os = "linux")]
mod linux {
    #![expect(
        clippy::expect_used,
        clippy::panic,
        clippy::unwrap_used,
        reason = "this is test code: a window that does not come about must stop the run"
    )]

    use std::time::Duration;

    use sandbox::faults::{Fault, InsertedKey, Rule};
    use support::driver::App;
    use support::family::{family, processor_time, share};
    use support::scene::{Scene, open_native_dialog, row};

    /// How long the server lets each request wait, in milliseconds.
    const DELAYS: [u64; 3] = [0, 50, 200];

    /// How long nothing happens, and how long before that the app is left alone.
    const IDLE: Duration = Duration::from_secs(30);
    const REST: Duration = Duration::from_secs(10);

    /// Sheets of a key's menu, and what they are called there.
    const SHEETS: [&str; 3] = ["details", "rotate", "delete"];

    /// Opens a sheet from the menu of this button, and closes it. In the page as a whole: the driver keeps every element
    /// that it was asked for, and with it the sheet that the element was in.
    const OPEN_AND_CLOSE: &str = "
        const [button, sheet, done] = arguments;
        const until = (look) =>
          new Promise((resolve) => {
            const observer = new MutationObserver(() => check());
            const check = () => {
              const found = look();
              if (!found) return;
              observer.disconnect();
              resolve(found);
            };
            observer.observe(document.body, { subtree: true, childList: true, attributes: true });
            check();
          });
        const one = (selector) => () => document.querySelector(selector);
        const open = async () => {
          (await until(one(button))).click();
          (await until(one(`[role=menuitem][data-key=${sheet}]`))).click();
          (await until(one('[role=dialog] button[aria-label=Close]'))).click();
          await until(() => document.querySelector('[role=dialog]') === null);
        };
        open().then(() => done(null), (error) => done(String(error)));";

    /// Notes when the row of a key was marked and when it was gone, in milliseconds.
    const WATCH: &str = "
        const [row] = arguments;
        const seen = (window.deletion = { marked: null, gone: null });
        const look = () => {
          const found = document.querySelector(row);
          if (found === null) seen.gone ??= performance.now();
          else if (found.querySelector('[data-deleting]') !== null) seen.marked ??= performance.now();
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });";

    /// Without a delay at the server it can be gone before the mark is drawn.
    const SEEN: &str = "const { marked, gone } = window.deletion;
        return gone === null ? null : [marked ?? gone, gone]";

    pub(super) async fn run() {
        let mut arguments = std::env::args().skip(1);
        let mut number = |otherwise: usize| {
            let given = arguments.next();
            given.map_or(otherwise, |given| given.parse().expect("a number"))
        };
        let (deletions, openings) = (number(5), number(50));
        // No others, so that those at the top are in sight.
        let scene = Scene::with_keys(0).await;
        let mut keys = Vec::new();
        for place in 0..=deletions * DELAYS.len() {
            keys.push(scene.idle_key(&format!("Old importer {place}")).await);
        }
        let app = scene.connected().await;
        app.wait_for_text("Updated").await;
        println!("{}", idle(&scene, &app).await);
        // The newest stand at the top.
        keys.reverse();
        let first = keys.remove(0);
        println!("{}", memory(&scene, &app, &first, openings).await);
        for (keys, delay) in keys.chunks(deletions.max(1)).zip(DELAYS) {
            println!("{}", delete(&scene, &app, keys, delay).await);
        }
    }

    fn processes(scene: &Scene, app: &App<'_>) -> Vec<i32> {
        let [process] = app.processes()[..] else {
            panic!("one process of the app");
        };
        family(&scene.desktop, process)
    }

    async fn idle(scene: &Scene, app: &App<'_>) -> String {
        tokio::time::sleep(REST).await;
        let taken = || -> f64 {
            let processes = processes(scene, app);
            processes.into_iter().map(processor_time).sum()
        };
        let before = taken();
        tokio::time::sleep(IDLE).await;
        format!(
            "idle: {:.0} ms of processor time of all processes in {} s",
            taken() - before,
            IDLE.as_secs()
        )
    }

    async fn memory(scene: &Scene, app: &App<'_>, key: &InsertedKey, openings: usize) -> String {
        let held = async || -> f64 {
            tokio::time::sleep(REST).await;
            processes(scene, app).into_iter().map(share).sum()
        };
        let before = held().await;
        open_and_close(app, key, openings).await;
        let half = held().await;
        open_and_close(app, key, openings).await;
        let after = held().await;
        format!(
            "memory: {before:.0} MiB, {:+.1} after {openings} times {}, {:+.1} after as many again",
            half - before,
            SHEETS.join(", "),
            after - half
        )
    }

    async fn open_and_close(app: &App<'_>, key: &InsertedKey, times: usize) {
        for _ in 0..times {
            for sheet in SHEETS {
                let button = format!("{} button", row(key.id));
                let arguments = vec![button.into(), sheet.into()];
                let failed = app.page().execute_async(OPEN_AND_CLOSE, arguments).await;
                assert_eq!(failed.unwrap(), serde_json::Value::Null, "{sheet}");
            }
        }
    }

    async fn delete(scene: &Scene, app: &App<'_>, keys: &[InsertedKey], delay: u64) -> String {
        let mut times = Vec::new();
        for key in keys {
            scene.faults().clear();
            open_native_dialog(app, key.id).await;
            let watched = app.page().execute(WATCH, vec![row(key.id).into()]).await;
            watched.unwrap();
            if delay > 0 {
                scene.fault(Rule {
                    method: None,
                    path: None,
                    times: u32::MAX,
                    fault: Fault::Delay {
                        milliseconds: delay,
                    },
                });
            }
            app.native().press_in_dialog("Delete key");
            let seen = app.until("the row is gone", async || {
                let seen = app.page().execute(SEEN, vec![]).await.ok()?;
                serde_json::from_value::<[f64; 2]>(seen).ok()
            });
            let [marked, gone] = seen.await;
            times.push(gone - marked);
            scene.faults().clear();
            app.wait_for_text("record gone").await;
        }
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
        let most = times.last().copied().unwrap_or(f64::NAN);
        let trips = 2.0 * delay as f64;
        format!(
            "deleting, {delay} ms a request: row gone {median:.0} ms after yes (at most {most:.0}), {:.0} more than the two \
             requests wait",
            median - trips
        )
    }
}
