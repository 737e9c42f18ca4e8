//! What the app stands on: the server with its say in every request, the keychain, the custodians, and the time, which
//! passes only when nothing else is left to happen.

use std::io::{self, BufReader};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use pulse_keys_core::custodian;
use pulse_keys_core::folders::Folders;
use pulseapi::Options;
use sandbox::faults::Faults;
use tokio::net::UnixListener;

use crate::keychain::Keychain;
use crate::process::{Moment, Process};
use crate::script::Script;
use crate::time::{ProcessTime, Time};

/// How long a moment is in which nothing happens. Real time: it is for the threads that keep files and keychains.
const QUIET: Duration = Duration::from_micros(250);

/// How often a custodian looks whether the app is still there. Real time.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// How long a process may take to start, in real time.
const A_START: Duration = Duration::from_millis(200);

/// So many quiet moments in a row mean that everybody waits.
const EVERYBODY_WAITS: u32 = 2;

/// The same, where nobody is known to wait for a certain time.
const NOBODY_KNOWN: u32 = 12;

/// The most that passes at once, so that what is due in between happens in its order.
const SHORT_ADVANCE: Duration = Duration::from_secs(5);

/// The least that passes where nobody is known to wait: a process may just be starting, and would be late.
const A_LITTLE: Duration = Duration::from_millis(20);

/// Longer than anybody should have to wait for the app.
const ENDLESS: Duration = Duration::from_secs(3 * 60 * 60);

/// The same in real time, where time does not even pass.
const STUCK: Duration = Duration::from_secs(20);

/// How something that the app does ended.
pub(crate) enum Ended<T> {
    With(T),
    /// The app was killed in the middle.
    Killed,
    /// It came to no end.
    Never,
}

/// Everything but the app and its user. Clones share it.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) time: Arc<Time>,
    pub(crate) faults: Faults,
    pub(crate) keychain: Keychain,
    pub(crate) script: Arc<Script>,
    pub(crate) custodians: Arc<AtomicUsize>,
    /// Since when a process is starting, in real time: it does nothing that can be seen until it asks the server.
    pub(crate) starting: Arc<Mutex<Option<Instant>>>,
}

impl Stage {
    /// Drives what the app does to its end, or to the moment at which it is killed.
    pub(crate) async fn drive<T>(
        &self,
        process: &Process,
        work: impl Future<Output = T>,
    ) -> Ended<T> {
        let mut work = pin!(work);
        let woken = Woken::new();
        let polls = AtomicUsize::new(0);
        let began = (self.time.passed(), Instant::now());
        let (mut quiet, mut unknown) = (0, A_LITTLE);
        let mut before = self.state(&polls);
        loop {
            let work = std::future::poll_fn(|context| {
                self.note_acted(process);
                if process.has_come() {
                    return Poll::Ready(Ended::Killed);
                }
                let Some(waker) = woken.is_due(context) else {
                    return Poll::Pending;
                };
                let mut context = Context::from_waker(&waker);
                let poll = work.as_mut().poll(&mut context).map(Ended::With);
                let count = polls.fetch_add(1, Ordering::SeqCst) + 1;
                process.happened(Moment::Polled(u8::try_from(count).unwrap_or(u8::MAX)));
                if process.has_come() && poll.is_pending() {
                    return Poll::Ready(Ended::Killed);
                }
                poll
            });
            tokio::select! {
                biased;
                () = process.comes() => return Ended::Killed,
                ended = work => return ended,
                () = moment() => {}
            }
            let now = self.state(&polls);
            if now == before {
                quiet += 1;
            } else {
                (quiet, unknown) = (0, A_LITTLE);
            }
            before = now;
            if began.1.elapsed() > STUCK || self.time.passed() - began.0 > ENDLESS {
                return Ended::Never;
            }
            if self.lets_time_pass(quiet, unknown).await {
                quiet = 0;
                unknown = (unknown * 2).min(SHORT_ADVANCE);
            }
        }
    }

    /// Time passes, and everybody who waited for it gets on.
    pub(crate) async fn pass(&self, time: Duration) {
        let end = self.time.passed() + time;
        loop {
            self.rests().await;
            let left = end.saturating_sub(self.time.passed());
            if left.is_zero() {
                return;
            }
            // Where the server or a custodian has something to do later, in small steps, so that it is done in its time.
            let at_once = if self.something_is_to_come() {
                SHORT_ADVANCE
            } else {
                left
            };
            let next = self.time.until_next().filter(|next| !next.is_zero());
            let next = next.unwrap_or(at_once).min(at_once).min(left);
            self.time.jump(next).await;
        }
    }

    /// A custodian's process begins, or takes up its errand.
    pub(crate) fn starts(&self) {
        *self.starting.lock().unwrap() = Some(Instant::now());
    }

    fn is_starting(&self) -> bool {
        let mut starting = self.starting.lock().unwrap();
        let is = starting.is_some_and(|since| since.elapsed() < A_START);
        if !is || self.script.has_posted() {
            *starting = None;
            return false;
        }
        is
    }

    fn something_is_to_come(&self) -> bool {
        self.faults.at_work().withheld > 0
            || self.custodians.load(Ordering::SeqCst) > 0
            || self.faults.requests().iter().any(|seen| seen.to_come)
    }

    /// Waits until nobody does anything but wait.
    pub(crate) async fn rests(&self) {
        let polls = AtomicUsize::new(0);
        let (mut quiet, mut before) = (0, self.state(&polls));
        while quiet < EVERYBODY_WAITS {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            moment().await;
            let now = self.state(&polls);
            let works = self.faults.at_work().working > 0;
            quiet = if now == before && !works {
                quiet + 1
            } else {
                0
            };
            before = now;
        }
    }

    /// Waits until no custodian is at work.
    pub(crate) async fn custodians_end(&self) {
        for _ in 0..1_000 {
            if self.custodians.load(Ordering::SeqCst) == 0 {
                return;
            }
            self.pass(SHORT_ADVANCE).await;
        }
    }

    /// Whether it did: when all have waited for a while.
    async fn lets_time_pass(&self, quiet: u32, unknown: Duration) -> bool {
        let at_work = self.faults.at_work();
        if quiet < EVERYBODY_WAITS || at_work.working > 0 || self.is_starting() {
            return false;
        }
        let next = self.time.until_next();
        let step = match next {
            _ if at_work.withheld > 0 => next.unwrap_or(SHORT_ADVANCE).min(SHORT_ADVANCE),
            Some(next) => next.min(SHORT_ADVANCE),
            None if quiet >= NOBODY_KNOWN => unknown,
            None => return false,
        };
        self.time.jump(step.max(Duration::from_millis(1))).await;
        true
    }

    fn note_acted(&self, process: &Process) {
        let seen = self.script.requests_of_step(&self.faults);
        let acted = seen.iter().filter(|seen| seen.acted.is_some()).count();
        if acted > 0 {
            process.happened(Moment::Acted(u8::try_from(acted).unwrap_or(u8::MAX)));
        }
    }

    /// What changes when anything happens that can be seen from here.
    fn state(&self, polls: &AtomicUsize) -> (usize, usize, usize, usize) {
        let at_work = self.faults.at_work();
        (
            polls.load(Ordering::SeqCst),
            self.script.ever_arrived(),
            at_work.working + at_work.withheld,
            self.custodians.load(Ordering::SeqCst),
        )
    }

    /// Plays the custodian to each process that connects to this socket.
    pub(crate) fn listen(
        &self,
        socket: &Path,
        folders: &Folders,
        current: Arc<Mutex<Arc<Process>>>,
    ) {
        let listener = UnixListener::bind(socket).unwrap();
        let (stage, folders) = (self.clone(), folders.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let stream = stream.into_std().unwrap();
                stream.set_nonblocking(false).unwrap();
                stage.starts();
                let app = Arc::clone(&current.lock().unwrap());
                stage.custodian(stream, folders.clone(), app);
            }
        });
    }

    /// On a thread of its own, since it reads and writes as a process does.
    fn custodian(&self, stream: UnixStream, folders: Folders, app: Arc<Process>) {
        let itself = Process::new();
        let (vault, clock) = (self.keychain.vault(&itself), self.clock(&itself));
        let handle = tokio::runtime::Handle::current();
        let at_work = Working::begins(&self.custodians);
        std::thread::spawn(move || {
            let _at_work = at_work;
            let output = Output {
                stream: stream.try_clone().unwrap(),
                app: Arc::clone(&app),
            };
            stream.set_read_timeout(Some(POLL_INTERVAL)).unwrap();
            let input = Input { stream, app };
            let options = Options {
                clock: Arc::new(clock),
                ..Options::default()
            };
            handle.block_on(custodian::serve_over(
                BufReader::new(input),
                output,
                &folders,
                &vault,
                options,
                &NobodyLooks,
            ));
        });
    }

    pub(crate) fn clock(&self, process: &Process) -> ProcessTime {
        ProcessTime {
            time: Arc::clone(&self.time),
            alive: process.alive(),
        }
    }
}

/// Tells whether somebody has woken the work since it was taken up last: it is taken up for that alone, so that it can be
/// seen whether anything happens.
struct Woken {
    is: AtomicBool,
    outer: Mutex<Option<Waker>>,
}

impl Woken {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            is: AtomicBool::new(true),
            outer: Mutex::default(),
        })
    }

    fn is_due(self: &Arc<Self>, context: &Context<'_>) -> Option<Waker> {
        *self.outer.lock().unwrap() = Some(context.waker().clone());
        let is_due = self.is.swap(false, Ordering::SeqCst);
        is_due.then(|| Waker::from(Arc::clone(self)))
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.is.store(true, Ordering::SeqCst);
        let outer = self.outer.lock().unwrap().clone();
        if let Some(outer) = outer {
            outer.wake();
        }
    }
}

/// A short moment of real time.
async fn moment() {
    // A runtime that is going down runs nothing any more, and nobody waits for it.
    let _ = tokio::task::spawn_blocking(|| std::thread::sleep(QUIET)).await;
}

struct Working(Arc<AtomicUsize>);

impl Working {
    fn begins(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Nobody reads notifications.
struct NobodyLooks;

impl custodian::Notifier for NobodyLooks {
    fn notify(&self, _: &str, _: &str) {}
}

/// What the app says to a custodian: ended once the app is gone, as a pipe is.
struct Input {
    stream: UnixStream,
    app: Arc<Process>,
}

impl io::Read for Input {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.app.is_alive() {
                return Ok(0);
            }
            match self.stream.read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}

/// A custodian's way back to the app: broken once the app is gone, as a pipe is.
struct Output {
    stream: UnixStream,
    app: Arc<Process>,
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.app.is_alive() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
