//! Measures a long list in the real window: `bench-ui KEYSTROKES STEPS KEYS`, started by `cargo xtask bench ui`. The app
//! is the one in `PULSE_KEYS_APP`.
//!
//! **Arriving**: a list that nobody has seen before is fetched as fast as the server gives it, which is the hardest for
//! the page. What is counted is the time from the first page to the painted list, the time from frame to frame until all
//! rows are there, and what the list adds to the memory of the shell and of the web engine's processes (PSS), then and a
//! little later.
//!
//! **A keystroke** is a key that the driver presses, so the page gets a trusted event through the engine's own input
//! path. The clock starts at the time stamp of its `keydown` and stops when the last frame that the key changed in the
//! table has been painted. Two frames requested one after the other would be simpler, but they end one frame too late
//! for a page that draws at once, and too early for one that puts the new rows off to a later frame, as React may. So
//! the rows in sight are watched: each change of them asks for a frame, and a message posted in that frame arrives after
//! the frame was handed over for painting; when nothing has changed for a while, the last such moment is the end. A key
//! that leaves the table as it was ends with the first frame after it, in which the letter itself appears.
//!
//! **Scrolling** goes from end to end by an equal step in each frame, so that most frames show rows of which none was
//! there before. What is counted is the time from frame to frame.
//!
//! Both are wall time, which on a busy machine says more of the machine than of the page. So the processor time that the
//! page's process took is printed as well, for each key and each frame: it hardly depends on what else runs.
//!
//! Reported, not asserted. Left out: how long the display takes to show a frame, and graphics hardware: a private
//! display has none, so everything is painted by the processor.

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

    use std::fmt::Write as _;
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use fantoccini::wd::TimeoutConfiguration;
    use sandbox::Settings;
    use sandbox::faults::SeenRequest;
    use serde_json::Value;
    use support::desktop::Keyring;
    use support::driver::App;
    use support::family::{family, processor_time as taken_by, share};
    use support::scene::{Scene, fill_in};

    use secrecy::ExposeSecret as _;

    /// How many keys the list has unless told otherwise: as many as the app is made for.
    const KEYS: usize = 10_000;

    /// What is typed, letter by letter, and then taken back letter by letter: names as the sandbox makes them, a part
    /// from the middle of many, an ability, and something that nothing matches.
    const WORDS: [&str; 6] = [
        "github actions",
        "production",
        "billing",
        "monitors:write",
        "#42",
        "zzzz",
    ];

    /// How long one script may take; usually 30 seconds, which a thousand frames of a busy machine exceed.
    const LIMIT: Duration = Duration::from_secs(15 * 60);

    /// How long after a list has arrived memory is read once more: what is not needed any more may have been collected.
    const REST: Duration = Duration::from_secs(10);

    /// How many keys a page of the list has.
    const PAGE: usize = 100;

    /// As in WebDriver's standard.
    const BACKSPACE: &str = "\u{E003}";

    /// Writes down each key in the search, and how long it took until the table was painted with its effect.
    const WATCH: &str = "
        const grid = () => document.querySelector('[role=grid]');
        // The grid itself goes away while nothing matches.
        const place = grid().closest('[role=tabpanel]') ?? document.body;
        const field = document.activeElement;
        window.measured = { pending: null, done: [] };
        const painted = (then) => requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => then(performance.now());
          port2.postMessage(null);
        });
        const mark = () => painted((now) => {
          if (measured.pending) Object.assign(measured.pending, { end: now });
        });
        field.addEventListener('keydown', (event) => {
          measured.pending = { start: event.timeStamp, seen: performance.now(), end: null, quiet: performance.now() };
          mark();
        }, { capture: true });
        // Rows out of sight may follow later. The list stands at its top.
        const rowHeight = grid().querySelector('[aria-rowindex=\"2\"]').offsetHeight;
        const lastInSight = 1 + Math.ceil(grid().clientHeight / rowHeight);
        const isInSight = (node) => {
          const row = (node.nodeType === 1 ? node : node.parentElement)?.closest('[role=row]') ?? null;
          return row === null || Number(row.getAttribute('aria-rowindex')) <= lastInSight;
        };
        new MutationObserver((changes) => {
          const isTable = ({ target, type, addedNodes, removedNodes }) => {
            const isOfRows = type === 'childList' && target.matches('[role=rowgroup]');
            const nodes = isOfRows ? [...addedNodes, ...removedNodes] : [target];
            const element = target.nodeType === 3 ? target.parentElement : target;
            const isOfGrid = element !== null && element.closest('[role=grid]') !== null;
            return (isOfGrid && nodes.some(isInSight)) || grid() === null;
          };
          if (!measured.pending || !changes.some(isTable)) return;
          measured.pending.quiet = performance.now();
          mark();
        }).observe(place, { subtree: true, childList: true, characterData: true, attributes: true });";

    /// Waits until the key that was just pressed has had its effect: nothing new for a tenth of a second.
    const SETTLED: &str = "const done = arguments[0];
        const look = () => {
          const key = measured.pending;
          if (key?.end != null && performance.now() - Math.max(key.end, key.quiet) > 100) {
            measured.pending = null;
            done([key.end - key.start, key.seen - key.start, key.quiet - key.start]);
          } else setTimeout(look, 10);
        };
        look();";

    /// Writes down the time of each frame from now on.
    const RECORD: &str = "window.recorded = [];
        const next = (now) => {
          recorded?.push(now);
          if (recorded !== null) requestAnimationFrame(next);
        };
        requestAnimationFrame(next);";

    /// Ends that, and gives what was written down.
    const RECORDED: &str = "const frames = recorded; recorded = null; return frames";

    /// When the list was painted first, in milliseconds since 1970.
    const LIST_PAINTED: &str = "const [list] = performance.getEntriesByName('list');
        return performance.timeOrigin + list.startTime";

    /// The times of a second's frames while nothing happens: what a frame costs here at least.
    const IDLE: &str = "const done = arguments[0];
        const frames = [];
        const next = () => {
          frames.push(performance.now());
          if (frames.length > 60) done(frames);
          else requestAnimationFrame(next);
        };
        requestAnimationFrame(next);";

    /// Scrolls from the first row to the last and gives the time of each frame.
    const SCROLL: &str = "const [steps, done] = arguments;
        const grid = document.querySelector('[role=grid]');
        const length = grid.scrollHeight - grid.clientHeight;
        grid.scrollTop = 0;
        const frames = [];
        let step = 0;
        const next = () => {
          frames.push(performance.now());
          if (step === steps) return done({ frames, length });
          step += 1;
          grid.scrollTop = length * step / steps;
          requestAnimationFrame(next);
        };
        // The jump to the start is not part of it.
        requestAnimationFrame(() => requestAnimationFrame(next));";

    pub(super) async fn run() {
        let mut arguments = std::env::args().skip(1);
        let mut number = |otherwise: usize| {
            let given = arguments.next();
            given.map_or(otherwise, |given| given.parse().expect("a number"))
        };
        let (keystrokes, steps, keys) = (number(200), number(600), number(KEYS));
        let settings = Settings {
            keys: Some(keys.try_into().expect("a number of keys")),
            ..Settings::default()
        };
        let scene = Scene::with(Keyring::Unlocked, settings).await;
        let app = App::start(&scene.desktop).await;
        let limit = TimeoutConfiguration::new(Some(LIMIT), None, None);
        app.page().update_timeouts(limit).await.unwrap();
        let base = scene.sandbox.base_url();
        println!("{}, {keys} keys", surroundings());
        println!(
            "{}",
            arrive(&scene, &app, keys, async || {
                fill_in(&app, &base, scene.credential.expose_secret()).await;
            })
            .await
        );
        println!("{}", idle(&app).await);
        println!("{}", type_and_erase(&app, keystrokes).await);
        println!("{}", scroll(&app, steps, keys).await);
        println!("Software rendering on a private display; nothing here is a limit.");
    }

    /// What else the machine does, which weighs more than anything here when it is much.
    fn surroundings() -> String {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        format!("{processors} processors, load {load}")
    }

    /// What the page's process has taken of the processors so far, in milliseconds, all of its threads together.
    fn processor_time(app: &App<'_>) -> f64 {
        app.page_processes().into_iter().map(taken_by).sum()
    }

    /// From the sign-in until the whole list is there.
    async fn arrive(
        scene: &Scene,
        app: &App<'_>,
        keys: usize,
        sign_in: impl AsyncFnOnce(),
    ) -> String {
        let [process] = app.processes()[..] else {
            panic!("one process of the app");
        };
        let memory = || -> [f64; 2] {
            let (shell, engine): (Vec<_>, Vec<_>) = family(&scene.desktop, process)
                .into_iter()
                .partition(|each| *each == process);
            [shell, engine].map(|processes| processes.into_iter().map(share).sum())
        };
        let before = memory();
        let more = || {
            let [shell, engine] = memory();
            let (shell, engine) = (shell - before[0], engine - before[1]);
            format!(
                "{:.0} MiB (shell {shell:.0}, web engine {engine:.0})",
                shell + engine
            )
        };
        app.page().execute(RECORD, vec![]).await.unwrap();
        let began = Instant::now();
        let ((), first_page) = tokio::join!(sign_in(), first_page_read(scene, keys));
        wait_for_all(app, keys).await;
        let took = began.elapsed().as_secs_f64();
        let painted = app.page().execute(LIST_PAINTED, vec![]).await.unwrap();
        let painted = painted.as_f64().expect("a list that was painted") - first_page;
        let frames = app.page().execute(RECORDED, vec![]).await.unwrap();
        let at_once = more();
        tokio::time::sleep(REST).await;
        format!(
            "arriving: {took:.1} s until all are there, {painted:.0} ms from the first page to the painted list; from \
             frame to frame meanwhile (ms): {}\n  memory of all \
             processes, more than before: {at_once}; {} s later {}",
            Spread::of(between(&frames)),
            REST.as_secs(),
            more()
        )
    }

    /// When the second page was asked for, so the first was read, in milliseconds since 1970; of a list that has only
    /// one, when the server was asked for it.
    async fn first_page_read(scene: &Scene, keys: usize) -> f64 {
        let sign = if keys < PAGE { "page=1" } else { "page=2" };
        let is_sign = |request: &SeenRequest| {
            let query = request.query.as_deref().unwrap_or_default();
            query.split('&').any(|part| part == sign)
        };
        while !scene.faults().requests().iter().any(is_sign) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        now.as_secs_f64() * 1000.0
    }

    /// Until the last page has been fetched.
    async fn wait_for_all(app: &App<'_>, keys: usize) {
        let count = "return Number(document.querySelector('[role=grid]')?.ariaRowCount ?? 0)";
        let mut rows = 0;
        // Patience is for each page of the list, not for all of them.
        while usize::try_from(rows).unwrap() <= keys {
            rows = app
                .until("more keys arrive", async || {
                    let now = app.page().execute(count, vec![]).await.ok()?;
                    now.as_i64().filter(|now| *now > rows)
                })
                .await;
        }
        app.wait_for_text("Updated").await;
    }

    /// Types words into the search and takes them back, until enough keys were pressed.
    async fn type_and_erase(app: &App<'_>, keystrokes: usize) -> String {
        let strokes = WORDS.iter().cycle().flat_map(|word| {
            let letters = word.chars().map(String::from);
            let backwards = word.chars().map(|_| BACKSPACE.to_owned());
            letters.chain(backwards)
        });
        let field = app.find("[role=search] input").await;
        field.click().await.unwrap();
        app.page().execute(WATCH, vec![]).await.unwrap();
        let (mut times, mut waits, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        let before = processor_time(app);
        for stroke in strokes.take(keystrokes) {
            field.send_keys(&stroke).await.unwrap();
            let measured = app.page().execute_async(SETTLED, vec![]).await.unwrap();
            let measured: (f64, f64, f64) = serde_json::from_value(measured).unwrap();
            times.push(measured.0);
            waits.push(measured.1);
            changes.push(measured.2);
        }
        let spent = (processor_time(app) - before) / keystrokes.max(1) as f64;
        let mut text =
            format!("{keystrokes} keystrokes in the search, key to painted table (ms): ");
        let _ = write!(text, "{}", Spread::of(times));
        let _ = write!(
            text,
            "\n  of which until the page had the key: {}\n  of which until the table had its last change: {}\n  \
             processor time of the page: {spent:.0} ms for each key",
            Spread::of(waits),
            Spread::of(changes)
        );
        text
    }

    /// From frame to frame.
    fn between(frames: &Value) -> Vec<f64> {
        let times: Vec<f64> = serde_json::from_value(frames.clone()).unwrap();
        times.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    async fn idle(app: &App<'_>) -> String {
        let frames = app.page().execute_async(IDLE, vec![]).await.unwrap();
        let idle = Spread::of(between(&frames));
        format!("from frame to frame while nothing happens (ms): {idle}")
    }

    async fn scroll(app: &App<'_>, steps: usize, keys: usize) -> String {
        if app.look_for("[aria-label='Clear search']").await.is_some() {
            app.press("button", "Clear search").await;
        }
        // The list is whole again.
        wait_for_all(app, keys).await;
        let page = app.page();
        let before = processor_time(app);
        let scrolled = page.execute_async(SCROLL, vec![Value::from(steps)]).await;
        let scrolled = scrolled.unwrap();
        let spent = (processor_time(app) - before) / steps.max(1) as f64;
        let between = between(&scrolled["frames"]);
        // The engine rounds its clock to whole milliseconds; two frames of 16.7 ms may read as 16 and 17.
        let over = |limit: f64| between.iter().filter(|time| **time > limit + 1.0).count();
        format!(
            "scrolled end to end ({} px) in {steps} steps: {} frames, {} over 16.7 ms, {} over 33.3 ms \
             (1 ms is allowed for the engine's rounded clock)\n  from frame to frame (ms): {}\n  processor time of the page: {spent:.0} ms for each frame",
            scrolled["length"],
            between.len(),
            over(16.7),
            over(33.3),
            Spread::of(between.clone())
        )
    }

    /// What a series of measurements comes to.
    struct Spread(Vec<f64>);

    impl Spread {
        fn of(mut values: Vec<f64>) -> Spread {
            values.sort_by(f64::total_cmp);
            Spread(values)
        }

        /// The value below which this part of all values lies.
        fn at(&self, part: f64) -> f64 {
            let place = (self.0.len() as f64 * part).ceil() as usize;
            let place = place.clamp(1, self.0.len().max(1)) - 1;
            self.0.get(place).copied().unwrap_or(f64::NAN)
        }
    }

    impl std::fmt::Display for Spread {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(
                formatter,
                "p50 {:.0}, p95 {:.0}, max {:.0}",
                self.at(0.5),
                self.at(0.95),
                self.at(1.0)
            )
        }
    }
}
