//! The clipboard of the operating system, without the page: what is copied never crosses to it.
//!
//! On Wayland it may be the window's alone, see `of_window`. Elsewhere one clipboard is held for as long as the app runs,
//! because on X11 the holder is the clipboard: it answers whoever pastes. Every call runs on a blocking thread, one at a
//! time. Copies of this module are wiped; those that the system and `arboard` keep in order to answer are not ours to
//! wipe. Left out: when it is cleared.

#[cfg(target_os = "linux")]
mod of_window;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(target_os = "linux")]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use pulse_keys_core::host::ClipboardError;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

/// On Wayland, reading waits for the program that copied last, and that one may hang.
const CLIPBOARD_TIMEOUT: Duration = Duration::from_secs(5);

/// The clipboard. Opened by the first call that needs it, and again by the next one when that failed.
#[derive(Default)]
pub(crate) struct Clipboard {
    open: Arc<Mutex<Option<arboard::Clipboard>>>,
    #[cfg(target_os = "linux")]
    of_window: of_window::OfWindow,
}

impl Clipboard {
    /// Puts text on the clipboard. A secret stays out of the clipboard's history.
    pub(crate) async fn put(&self, text: SecretString, secret: bool) -> Result<(), ClipboardError> {
        #[cfg(target_os = "linux")]
        if is_of_window().await {
            return if in_time(self.of_window.put(text, secret)).await? {
                Ok(())
            } else {
                Err(because("this desktop did not take it"))
            };
        }
        self.run(move |clipboard| put(clipboard, &text, secret))
            .await
    }

    /// Clears the clipboard if it still holds exactly this text; whether it did.
    pub(crate) async fn clear_if_still(&self, text: SecretString) -> Result<bool, ClipboardError> {
        #[cfg(target_os = "linux")]
        if is_of_window().await {
            return in_time(self.of_window.clear_if_still(text)).await;
        }
        self.run(move |clipboard| clear_if_still(clipboard, &text))
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error> + Send + 'static,
    ) -> Result<T, ClipboardError> {
        let open = Arc::clone(&self.open);
        let begun = Instant::now();
        let working = tokio::task::spawn_blocking(move || {
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            if begun.elapsed() >= CLIPBOARD_TIMEOUT {
                // Its caller was told that it failed: nothing may be copied behind their back.
                return Err(arboard::Error::ClipboardOccupied);
            }
            let clipboard = match open.as_mut() {
                Some(clipboard) => clipboard,
                None => open.insert(arboard::Clipboard::new()?),
            };
            work(clipboard)
        });
        match tokio::time::timeout(CLIPBOARD_TIMEOUT, working).await {
            Ok(Ok(worked)) => worked.map_err(|error| failed(&error)),
            Ok(Err(_)) => Err(because("it ended the call")),
            Err(_) => Err(because("it does not answer")),
        }
    }
}

#[cfg(target_os = "linux")]
async fn is_of_window() -> bool {
    let asked = tokio::task::spawn_blocking(of_window::is_the_only_way);
    asked.await.unwrap_or(false)
}

#[cfg(target_os = "linux")]
async fn in_time(work: impl Future<Output = Option<bool>>) -> Result<bool, ClipboardError> {
    match tokio::time::timeout(CLIPBOARD_TIMEOUT, work).await {
        Ok(Some(done)) => Ok(done),
        Ok(None) => Err(because("the window has ended")),
        Err(_) => Err(because("it does not answer")),
    }
}

fn put(
    clipboard: &mut arboard::Clipboard,
    text: &SecretString,
    secret: bool,
) -> Result<(), arboard::Error> {
    let set = clipboard.set();
    if !secret {
        return set.text(text.expose_secret());
    }
    // On Windows this keeps it out of the history and out of the cloud, and is not to be mixed with the narrower two.
    #[cfg(windows)]
    let set = set.exclude_from_monitoring();
    #[cfg(not(windows))]
    let set = set.exclude_from_history();
    set.text(text.expose_secret()).inspect_err(|_| {
        // On Windows the text is there before it is marked as secret. Unmarked it may not stay.
        let _ = clear_if_still(clipboard, text);
    })
}

fn clear_if_still(
    clipboard: &mut arboard::Clipboard,
    text: &SecretString,
) -> Result<bool, arboard::Error> {
    let held = match clipboard.get_text() {
        Ok(held) => Zeroizing::new(held),
        // Nothing, a picture, or bytes that are no text.
        Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => {
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    if held.as_str() != text.expose_secret() {
        return Ok(false);
    }
    clipboard.clear()?;
    Ok(true)
}

/// By kind: the library's own sentences speak of pictures and configurations.
fn failed(error: &arboard::Error) -> ClipboardError {
    match error {
        arboard::Error::ClipboardNotSupported => because("this desktop has none"),
        arboard::Error::ClipboardOccupied => because("another program holds it"),
        arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure => {
            because("it holds no text")
        }
        arboard::Error::Unknown { description } => because(description.trim_end_matches('.')),
        _ => because("it gives no reason"),
    }
}

fn because(reason: &str) -> ClipboardError {
    ClipboardError {
        reason: reason.to_owned(),
    }
}
