//! Measures the start and the memory of the app against a bare Tauri window: `bench-start BARE RUNS`, started by `cargo
//! xtask bench start`. The app is the one in `PULSE_KEYS_APP`.
//!
//! **Start** runs from the process's own start, as the kernel keeps it (in steps of 10 ms), to the moment at which what
//! counts was handed over for painting: the list of a signed-in account in the app, the one line of text in the bare
//! window. Both pages set the same mark in the same way; it is read afterwards, so reading it costs neither. Both run
//! under WebDriver, which costs both the same. The processor time that all processes took until then is printed beside
//! it: it hardly depends on what else the machine does.
//!
//! **Memory** is what the kernel counts as proportional share (PSS) of the process and all of its children, `WebKit`'s
//! among them, when they have had two seconds to come to rest.
//!
//! Both are measured with a dozen keys in the list that is remembered from before, and with 10,000.
//!
//! Runs take turns, so that what else the machine does falls on both. The first of each is not counted. What is printed
//! are medians and their ratio: the absolute figures are those of a private display without graphics hardware, which
//! says little about a desktop.

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("The start is measured on a private X display, which only Linux has.");
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

    use std::fs;
    use std::path::{Path, PathBuf};
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use support::desktop::Desktop;
    use support::driver::{App, program};
    use support::family::{family, processor_time, share};
    use support::scene::Scene;

    /// How long a window is left alone before its memory is counted.
    const REST: Duration = Duration::from_secs(2);

    /// How many keys the list has that is remembered from before: few, and as many as the app is made for.
    const LISTS: [Option<u32>; 2] = [None, Some(10_000)];

    /// When the page began, when its script had run, and when the mark was set, in milliseconds since 1970. What was
    /// fetched has no entries of its own: the pages come by a scheme that `WebKit` does not time.
    const MOMENTS: &str = "const [mark] = performance.getEntriesByName('list');
        const { timing, timeOrigin } = performance;
        return mark === undefined ? null
            : [timeOrigin, timing.domContentLoadedEventStart, timeOrigin + mark.startTime]";

    /// In milliseconds, and in units of 2^20 bytes.
    #[derive(Clone, Copy)]
    struct Run {
        /// Until the page exists.
        page: f64,
        /// Until its script has run.
        script: f64,
        /// Until what counts is painted.
        start: f64,
        /// What all processes have taken of the processors until then.
        work: f64,
        memory: f64,
    }

    pub(super) async fn run() {
        let mut arguments = std::env::args().skip(1);
        let bare = PathBuf::from(arguments.next().expect("where the bare window is"));
        let runs: usize = arguments
            .next()
            .map_or(11, |given| given.parse().expect("a number"));
        for keys in LISTS {
            measure_with(keys, &bare, runs).await;
        }
    }

    async fn measure_with(keys: Option<u32>, bare: &Path, runs: usize) {
        let scene = match keys {
            Some(keys) => Scene::with_keys(keys).await,
            None => Scene::new().await,
        };
        println!("with {} keys:", keys.unwrap_or(12));
        // So that the app starts with an account, and has a list to show at once.
        let app = scene.connected().await;
        app.wait_for_text("Updated").await;
        drop(app);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for run in 0..=runs {
            let app = measure(&scene.desktop, &program()).await;
            let window = measure(&scene.desktop, bare).await;
            println!(
                "{run:>2}  app {:>5.0} ms {:>4.0} MiB   bare window {:>5.0} ms {:>4.0} MiB{}",
                app.start,
                app.memory,
                window.start,
                window.memory,
                if run == 0 { "   not counted" } else { "" }
            );
            if run > 0 {
                ours.push(app);
                theirs.push(window);
            }
        }
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        println!("medians of {runs} runs each, load {load}:");
        tell("start to page", "ms", &ours, &theirs, |run| run.page);
        tell("start to script run", "ms", &ours, &theirs, |run| {
            run.script
        });
        tell("start to painted list", "ms", &ours, &theirs, |run| {
            run.start
        });
        tell("processor time until then", "ms", &ours, &theirs, |run| {
            run.work
        });
        tell("memory of all processes", "MiB", &ours, &theirs, |run| {
            run.memory
        });
    }

    fn tell(what: &str, unit: &str, ours: &[Run], theirs: &[Run], of: fn(&Run) -> f64) {
        let (ours, theirs) = (median(ours, of), median(theirs, of));
        println!(
            "  {what}: {ours:.0} {unit}, bare window {theirs:.0} {unit}: {:.2} times as much",
            ours / theirs
        );
    }

    fn median(runs: &[Run], of: fn(&Run) -> f64) -> f64 {
        let mut values: Vec<f64> = runs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    }

    async fn measure(desktop: &Desktop, program: &Path) -> Run {
        let app = App::start_with(desktop, program, &[], &[]).await;
        let moments = app
            .until("what counts is painted", async || {
                let moments = app.page().execute(MOMENTS, vec![]).await.ok()?;
                serde_json::from_value::<[f64; 3]>(moments).ok()
            })
            .await;
        let [process] = app.processes()[..] else {
            panic!("one process of {}", program.display());
        };
        let began = started(process);
        let [page, script, start] = moments.map(|moment| moment - began);
        let work = family(desktop, process)
            .into_iter()
            .map(processor_time)
            .sum();
        tokio::time::sleep(REST).await;
        let memory = family(desktop, process).into_iter().map(share).sum();
        Run {
            page,
            script,
            start,
            work,
            memory,
        }
    }

    /// When a process started, in milliseconds since 1970.
    fn started(process: i32) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        // After the program's name, which may hold spaces: field 22 of proc(5), in hundredths of a second since the boot.
        let (_, rest) = stat.rsplit_once(") ").unwrap();
        let since_boot: f64 = rest.split(' ').nth(19).unwrap().parse().unwrap();
        let uptime = fs::read_to_string("/proc/uptime").unwrap();
        let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        now.as_secs_f64() * 1000.0 - (uptime * 1000.0 - since_boot * 10.0)
    }
}
