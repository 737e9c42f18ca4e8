//! Native dialogs: a question in, the button that was pressed out; and the one statement, why the app can't start.
//!
//! Return, Space, Esc and closing a fresh question mean no. On Linux the dialog is made with GTK itself: `rfd` focuses
//! the first button there, cannot choose another, and leaves the dialog free to fall behind its window. On macOS and
//! Windows it is `rfd`'s, whose first button is the default one, and the reply is read by its label. Not through the
//! dialog plugin: that gives a closed dialog the label of the third button. Left out: the words, which come with
//! the question, and any rule about when to ask.

use pulse_keys_core::host::{Question, Reply};
use tauri::AppHandle;

#[cfg(target_os = "linux")]
mod platform {
    use gtk::prelude::*;
    use pulse_keys_core::host::{Question, Reply};
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    use crate::window;

    const ALTERNATIVE: gtk::ResponseType = gtk::ResponseType::Other(1);

    /// Shows the dialog above the app's window; the reply arrives on the channel. A channel that is dropped
    /// without one means no.
    pub(super) fn show(app: &AppHandle, question: Question, answer: oneshot::Sender<Reply>) {
        let handle = app.clone();
        let shown = app.run_on_main_thread(move || {
            present(window::of_gtk(&handle).as_ref(), &question, answer);
        });
        if let Err(error) = shown {
            tracing::error!("no dialog could be shown: {error}");
        }
    }

    fn present(
        parent: Option<&gtk::ApplicationWindow>,
        question: &Question,
        answer: oneshot::Sender<Reply>,
    ) {
        let dialog = gtk::MessageDialog::builder()
            .title(&question.title)
            .message_type(gtk::MessageType::Warning)
            .text(&question.headline)
            .secondary_text(question.paragraphs.join("\n\n"))
            .modal(true)
            .destroy_with_parent(true)
            .resizable(false)
            .build();
        dialog.set_transient_for(parent);

        // Where GNOME's own questions have them: away on the left, the deed that was asked for on the right.
        dialog.add_button(&question.no, gtk::ResponseType::Cancel);
        if let Some(alternative) = &question.alternative {
            dialog.add_button(alternative, ALTERNATIVE);
        }
        let yes = dialog.add_button(&question.yes, gtk::ResponseType::Accept);
        yes.style_context().add_class("destructive-action");
        dialog.set_default_response(gtk::ResponseType::Cancel);
        if let Some(no) = dialog.widget_for_response(gtk::ResponseType::Cancel) {
            no.grab_focus();
        }

        let answer = std::cell::Cell::new(Some(answer));
        dialog.connect_response(move |dialog, response| {
            let reply = match response {
                gtk::ResponseType::Accept => Reply::Yes,
                ALTERNATIVE => Reply::Alternative,
                _ => Reply::No,
            };
            if let Some(answer) = answer.take() {
                // The asker may be gone with the window; then nobody needs the reply.
                let _ = answer.send(reply);
            }
            // Esc and the window's own close button end the dialog by themselves.
            if response != gtk::ResponseType::DeleteEvent {
                dialog.close();
            }
        });
        dialog.show_all();
        dialog.present();
    }

    /// Shows a statement, on the main thread, and goes on once it was read.
    pub(super) fn state(
        _: &AppHandle,
        headline: &str,
        text: &str,
        then: impl Fn() + Send + 'static,
    ) {
        let dialog = gtk::MessageDialog::builder()
            .title("Pulse Keys")
            .message_type(gtk::MessageType::Error)
            .text(headline)
            .secondary_text(text)
            .build();
        dialog.add_button("Quit", gtk::ResponseType::Close);
        dialog.connect_response(move |_, _| then());
        dialog.show_all();
        dialog.present();
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use pulse_keys_core::host::{Question, Reply};
    use rfd::{AsyncMessageDialog, MessageButtons, MessageDialogResult, MessageLevel};
    use tauri::{AppHandle, Manager as _};
    use tokio::sync::oneshot;

    use crate::window;

    use super::labels;

    /// Shows the dialog above the app's window; the reply arrives on the channel. A channel that is dropped
    /// without one means no.
    pub(super) fn show(app: &AppHandle, question: Question, answer: oneshot::Sender<Reply>) {
        let handle = app.clone();
        let shown = app.run_on_main_thread(move || {
            let pressed = dialog(&handle, &question).show();
            tauri::async_runtime::spawn(async move {
                let reply = match pressed.await {
                    MessageDialogResult::Custom(label) => labels::reply(&label, &question),
                    // Esc, the close button, and a dialog that could not be shown.
                    _ => Reply::No,
                };
                // The asker may be gone with the window; then nobody needs the reply.
                let _ = answer.send(reply);
            });
        });
        if let Err(error) = shown {
            tracing::error!("no dialog could be shown: {error}");
        }
    }

    fn dialog(app: &AppHandle, question: &Question) -> AsyncMessageDialog {
        let text = format!(
            "{}\n\n{}",
            question.headline,
            question.paragraphs.join("\n\n")
        );
        let [first, second, third] = labels::in_order(question);
        let dialog = AsyncMessageDialog::new()
            .set_level(MessageLevel::Warning)
            .set_title(&question.title)
            .set_description(text)
            .set_buttons(MessageButtons::YesNoCancelCustom(first, second, third));
        match app.get_webview_window(window::LABEL) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }

    /// Shows a statement, on the main thread, and goes on once it was read.
    pub(super) fn state(
        _: &AppHandle,
        headline: &str,
        text: &str,
        then: impl Fn() + Send + 'static,
    ) {
        let read = AsyncMessageDialog::new()
            .set_level(MessageLevel::Error)
            .set_title(headline)
            .set_description(text)
            .set_buttons(MessageButtons::OkCustom("Quit".to_owned()))
            .show();
        tauri::async_runtime::spawn(async move {
            read.await;
            then();
        });
    }
}

/// The labels of a dialog that has three buttons, of which only the first can be made the default one, by being it.
///
/// The yes button is never at an end: Return presses the first, and where macOS moves the focus through all
/// controls, Space may press the last. That, and that Return and Space press the first everywhere else, is read in
/// `rfd` 0.17.2 and in the systems' manuals (the first button of an `NSAlert`, no default button in
/// `TASKDIALOGCONFIG`); it was not tried on macOS or Windows.
#[cfg(any(test, not(target_os = "linux")))]
mod labels {
    use pulse_keys_core::host::{Question, Reply};

    pub(super) fn in_order(question: &Question) -> [String; 3] {
        match &question.alternative {
            Some(alternative) => [
                question.no.clone(),
                question.yes.clone(),
                alternative.clone(),
            ],
            None => [
                format!("{} (nothing changes)", question.no),
                question.yes.clone(),
                question.no.clone(),
            ],
        }
    }

    pub(super) fn reply(label: &str, question: &Question) -> Reply {
        if label == question.yes {
            Reply::Yes
        } else if question.alternative.as_deref() == Some(label) {
            Reply::Alternative
        } else {
            Reply::No
        }
    }
}

/// Asks, and waits for as long as the person thinks. Anything but one of the two other buttons is no.
pub(crate) async fn ask(app: &AppHandle, question: Question) -> Reply {
    let (answer, answered) = tokio::sync::oneshot::channel();
    platform::show(app, question, answer);
    answered.await.unwrap_or(Reply::No)
}

/// Says something that leaves no choice, and goes on once it was read. To be called on the main thread.
pub(crate) fn tell(app: &AppHandle, headline: &str, text: &str, then: impl Fn() + Send + 'static) {
    platform::state(app, headline, text, then);
}

#[cfg(test)]
mod tests {
    use pulse_keys_core::host::{Question, Reply};

    use super::labels;

    fn question(alternative: Option<&str>) -> Question {
        Question {
            title: "Delete API key".to_owned(),
            headline: "Delete “CI”?".to_owned(),
            paragraphs: Vec::new(),
            yes: "Delete key".to_owned(),
            alternative: alternative.map(str::to_owned),
            no: "Cancel".to_owned(),
        }
    }

    #[test]
    fn of_three_buttons_the_first_says_no_and_the_last_does_not_say_yes() {
        for alternative in [None, Some("Rotate instead…")] {
            let question = question(alternative);
            let [first, second, last] =
                labels::in_order(&question).map(|label| labels::reply(&label, &question));
            assert_eq!(first, Reply::No);
            assert_eq!(second, Reply::Yes);
            assert_ne!(last, Reply::Yes);
        }
    }

    #[test]
    fn only_its_own_label_is_the_alternative() {
        assert_eq!(
            labels::reply("Rotate instead…", &question(Some("Rotate instead…"))),
            Reply::Alternative
        );
        assert_eq!(labels::reply("Rotate instead…", &question(None)), Reply::No);
        assert_eq!(labels::reply("", &question(None)), Reply::No);
    }
}
