//! The app's process as far as the model needs one: it is alive until it is killed, and it may be killed at a moment
//! that was chosen before.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

/// At which moment of a step the app is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// When so many requests have arrived at the server.
    Arrived(u8),
    /// When the server has done what so many requests asked for.
    Acted(u8),
    /// When the native question is on screen.
    Asked,
    /// When so many writes to the keychain are done.
    Kept(u8),
    /// When the work was taken up so often after a wait.
    Polled(u8),
}

/// A process of the app, or of a custodian, which nobody kills.
#[derive(Debug, Default)]
pub(crate) struct Process {
    alive: Arc<AtomicBool>,
    end: Mutex<Option<Moment>>,
    keychain_writes: AtomicUsize,
    has_come: AtomicBool,
    comes: Notify,
}

impl Process {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            alive: Arc::new(AtomicBool::new(true)),
            ..Self::default()
        })
    }

    pub(crate) fn alive(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.alive)
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::SeqCst)
    }

    pub(crate) fn dies(&self) {
        self.alive.store(false, Ordering::SeqCst);
    }

    /// Chooses the moment of the next step at which it ends; none for no such moment.
    pub(crate) fn will_end(&self, moment: Option<Moment>) {
        *self.end.lock().unwrap() = moment;
        self.keychain_writes.store(0, Ordering::SeqCst);
        self.has_come.store(false, Ordering::SeqCst);
    }

    /// Something happened so often by now: if that is the chosen moment, it has come.
    pub(crate) fn happened(&self, moment: Moment) {
        if *self.end.lock().unwrap() == Some(moment) {
            self.has_come.store(true, Ordering::SeqCst);
            self.comes.notify_one();
        }
    }

    pub(crate) fn wrote_to_keychain(&self) {
        let count = self.keychain_writes.fetch_add(1, Ordering::SeqCst) + 1;
        self.happened(Moment::Kept(u8::try_from(count).unwrap_or(u8::MAX)));
    }

    pub(crate) fn has_come(&self) -> bool {
        self.has_come.load(Ordering::SeqCst)
    }

    /// Waits for the moment.
    pub(crate) async fn comes(&self) {
        while !self.has_come() {
            self.comes.notified().await;
        }
    }
}
