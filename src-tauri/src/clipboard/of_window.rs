//! The clipboard as GTK has it, for Wayland desktops that give it to no program without the keyboard (GNOME before 48,
//! Weston). The window has the keyboard while the user presses Copy, so from there it may.
//!
//! Whether it is still ours is told by GTK: it drops what it was given when another program copies. Nothing is read.

use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};

use gtk::gdk::SELECTION_CLIPBOARD;
use gtk::{TargetEntry, TargetFlags, glib};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;
use wl_clipboard_rs::utils::{PrimarySelectionCheckError, is_primary_selection_supported};

/// The forms in which programs ask for text.
const TEXT: [&str; 3] = ["text/plain;charset=utf-8", "UTF8_STRING", "text/plain"];

/// Programs that keep a history leave out what carries this; KDE's is the one that all follow.
const HINT: (&str, &[u8]) = ("x-kde-passwordManagerHint", b"secret");

/// The `info` of a target: what is wanted of us.
const WANTS_TEXT: u32 = 0;
const WANTS_HINT: u32 = 1;

/// Whether this desktop keeps its clipboard from programs that have no window with the keyboard. Blocks for the moment
/// that the question takes; what was answered stays.
pub(super) fn is_the_only_way() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        std::env::var_os("WAYLAND_DISPLAY").is_some()
            && matches!(
                is_primary_selection_supported(),
                Err(PrimarySelectionCheckError::MissingProtocol)
            )
    })
}

/// What the window put on the clipboard last.
#[derive(Default)]
pub(super) struct OfWindow {
    // GTK has the one strong reference.
    given: Arc<RwLock<Weak<SecretString>>>,
}

impl OfWindow {
    /// Whether it was taken; `None` when the window has ended.
    pub(super) async fn put(&self, text: SecretString, secret: bool) -> Option<bool> {
        let given = Arc::clone(&self.given);
        in_window(move || {
            let text = Arc::new(text);
            let weak = Arc::downgrade(&text);
            let is_taken = offer(text, secret);
            *given.write().unwrap_or_else(PoisonError::into_inner) = weak;
            is_taken
        })
        .await
    }

    /// Clears it if it still has exactly this text; whether it did. `None` when the window has ended.
    pub(super) async fn clear_if_still(&self, text: SecretString) -> Option<bool> {
        let given = Arc::clone(&self.given);
        in_window(move || {
            let held = given.read().unwrap_or_else(PoisonError::into_inner);
            let is_still = held
                .upgrade()
                .is_some_and(|held| held.expose_secret() == text.expose_secret());
            if is_still {
                gtk::Clipboard::get(&SELECTION_CLIPBOARD).clear();
            }
            is_still
        })
        .await
    }
}

fn offer(text: Arc<SecretString>, secret: bool) -> bool {
    let as_text = TEXT.map(|name| TargetEntry::new(name, TargetFlags::empty(), WANTS_TEXT));
    let hint = secret.then(|| TargetEntry::new(HINT.0, TargetFlags::empty(), WANTS_HINT));
    // The hint first: Weston keeps a copy of the first form for the time after us, and must not bring back a secret.
    let targets: Vec<TargetEntry> = hint.into_iter().chain(as_text).collect();
    gtk::Clipboard::get(&SELECTION_CLIPBOARD).set_with_data(&targets, move |_, asked, wants| {
        if wants == WANTS_HINT {
            asked.set(&asked.target(), 8, HINT.1);
        } else {
            asked.set_text(text.expose_secret());
        }
    })
}

/// Runs `work` on the main thread, where GTK lives.
async fn in_window<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (answer, answered) = oneshot::channel();
    glib::MainContext::default().invoke(move || {
        // Whoever asked may have given up.
        let _ = answer.send(work());
    });
    answered.await.ok()
}
