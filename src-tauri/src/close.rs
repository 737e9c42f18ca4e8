//! Closing the window while a token would be lost with this process: the user is asked first.
//!
//! Left out: exit requests. Tauri sends one after the last window has gone, which this guard let go, or where the app
//! itself ends because it could not start. Not asked is who quits from macOS's Dock, or from its menu bar before the page
//! has brought its own, since no event comes before that end, nor who kills the process or logs out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pulse_keys_core::PulseKeys;
use pulse_keys_core::host::{Question, Reply};
use tauri::{Manager as _, Window, WindowEvent};

use crate::{confirm, window};

/// Looks at each event of the window, and keeps it open where closing would lose a token.
pub(crate) fn guard() -> impl Fn(&Window, &WindowEvent) + Send + Sync + 'static {
    let asking = Arc::new(AtomicBool::new(false));
    move |window, event| {
        let WindowEvent::CloseRequested { api, .. } = event else {
            return;
        };
        if asking.load(Ordering::Acquire) {
            api.prevent_close();
            return;
        }
        if let Some(question) = question_of(window) {
            api.prevent_close();
            asking.store(true, Ordering::Release);
            tauri::async_runtime::spawn(ask(window.clone(), question, Arc::clone(&asking)));
        }
    }
}

async fn ask(window: Window, mut question: Question, asking: Arc<AtomicBool>) {
    // It may be closed from a task bar, minimised; the question stands above it.
    window::raise(window.app_handle());
    let closes = loop {
        let reply = confirm::ask(window.app_handle(), question.clone()).await;
        if reply != Reply::Yes {
            break false;
        }
        // While the user thought, another token may have arrived. They said yes to losing these, not to that.
        match question_of(&window) {
            Some(now) if now != question => question = now,
            _ => break true,
        }
    };
    if closes && let Err(error) = window.destroy() {
        tracing::error!("the window could not be closed: {error}");
    }
    asking.store(false, Ordering::Release);
}

fn question_of(window: &Window) -> Option<Question> {
    window.try_state::<PulseKeys>()?.question_before_closing()
}
