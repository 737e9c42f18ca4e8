//! Native notifications, for what has to be said when there is no window, or nobody looks at it. The page can't show any.
//!
//! Left out: when something is said, and the words (`pulse_keys_core::custody::worker`, `keys::swap`).

use std::sync::mpsc;
use std::time::Duration;

use notify_rust::{Notification, Timeout};
use pulse_keys_core::custodian::Notifier;

/// How long the desktop may take to say that it shows a notification.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// The desktop's notifications.
pub(crate) struct Notifications;

impl Notifier for Notifications {
    /// From a thread of its own, which is waited for only so long: the desktop's answer may never come.
    fn notify(&self, title: &str, text: &str) {
        let mut notification = Notification::new();
        notification
            .appname("Pulse Keys")
            .icon("pulse-keys")
            .summary(title)
            .body(text)
            .timeout(Timeout::Never);
        let (shown, is_shown) = mpsc::channel();
        std::thread::spawn(move || {
            if let Err(error) = notification.show() {
                tracing::warn!("a notification could not be shown: {error}");
            }
            // The caller may have given up.
            let _ = shown.send(());
        });
        if is_shown.recv_timeout(ANSWER_TIMEOUT).is_err() {
            tracing::warn!("the desktop does not answer about a notification");
        }
    }
}
