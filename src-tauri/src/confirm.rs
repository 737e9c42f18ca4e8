//! Native dialogs: a question in, an explicit yes or anything else out; and the one statement, why the app can't start.
//!
//! Return, Space, Esc and closing the dialog mean no. On Linux the dialog is made with GTK itself: the dialog
//! plugin focuses its first button, cannot choose another, and leaves the dialog free to fall behind its window. On
//! macOS and Windows the plugin's three-button form has a harmless first button, and the answer is read by its
//! label. Left out: the words, which come with the question, and any rule about when to ask.

use pulse_keys_core::host::Question;
use tauri::{AppHandle, Builder, Wry};

#[cfg(target_os = "linux")]
mod platform {
    use gtk::prelude::*;
    use pulse_keys_core::host::Question;
    use tauri::{AppHandle, Manager as _};
    use tokio::sync::oneshot;

    /// Shows the dialog above the app's window; the answer arrives on the channel. A channel that is dropped
    /// without an answer means no.
    pub(super) fn show(app: &AppHandle, question: Question, answer: oneshot::Sender<bool>) {
        let handle = app.clone();
        let shown = app.run_on_main_thread(move || {
            let parent = handle
                .get_webview_window(crate::window::LABEL)
                .and_then(|window| window.gtk_window().ok());
            present(parent.as_ref(), &question, answer);
        });
        if let Err(error) = shown {
            tracing::error!("no dialog could be shown: {error}");
        }
    }

    fn present(
        parent: Option<&gtk::ApplicationWindow>,
        question: &Question,
        answer: oneshot::Sender<bool>,
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

        dialog.add_button(&question.no, gtk::ResponseType::Cancel);
        let yes = dialog.add_button(&question.yes, gtk::ResponseType::Accept);
        yes.style_context().add_class("destructive-action");
        dialog.set_default_response(gtk::ResponseType::Cancel);
        if let Some(no) = dialog.widget_for_response(gtk::ResponseType::Cancel) {
            no.grab_focus();
        }

        let answer = std::cell::Cell::new(Some(answer));
        dialog.connect_response(move |dialog, response| {
            if let Some(answer) = answer.take() {
                // The asker may be gone with the window; then nobody needs the answer.
                let _ = answer.send(response == gtk::ResponseType::Accept);
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
    use pulse_keys_core::host::Question;
    use tauri::{AppHandle, Manager as _};
    use tauri_plugin_dialog::{
        DialogExt as _, MessageDialogButtons, MessageDialogKind, MessageDialogResult,
    };
    use tokio::sync::oneshot;

    /// Shows the dialog above the app's window. The first of its buttons is the default one and does no harm.
    pub(super) fn show(app: &AppHandle, question: Question, answer: oneshot::Sender<bool>) {
        let text = format!(
            "{}\n\n{}",
            question.headline,
            question.paragraphs.join("\n\n")
        );
        let yes = question.yes.clone();
        let mut dialog = app
            .dialog()
            .message(text)
            .title(question.title)
            .kind(MessageDialogKind::Warning)
            .buttons(MessageDialogButtons::YesNoCancelCustom(
                format!("{} (nothing changes)", question.no),
                question.yes,
                question.no,
            ));
        if let Some(window) = app.get_webview_window(crate::window::LABEL) {
            dialog = dialog.parent(&window);
        }
        dialog.show_with_result(move |result| {
            let said_yes = matches!(result, MessageDialogResult::Custom(label) if label == yes);
            // The asker may be gone with the window; then nobody needs the answer.
            let _ = answer.send(said_yes);
        });
    }

    /// Shows a statement and goes on once it was read.
    pub(super) fn state(
        app: &AppHandle,
        headline: &str,
        text: &str,
        then: impl Fn() + Send + 'static,
    ) {
        app.dialog()
            .message(text)
            .title(headline)
            .kind(MessageDialogKind::Error)
            .show(move |_| then());
    }
}

/// Brings what the dialogs need into the app: a plugin, where they are not made here.
pub(crate) fn install(builder: Builder<Wry>) -> Builder<Wry> {
    #[cfg(target_os = "linux")]
    {
        builder
    }
    #[cfg(not(target_os = "linux"))]
    {
        builder.plugin(tauri_plugin_dialog::init())
    }
}

/// Asks, and waits for as long as the person thinks. Anything but the yes button is no.
pub(crate) async fn ask(app: &AppHandle, question: Question) -> bool {
    let (answer, answered) = tokio::sync::oneshot::channel();
    platform::show(app, question, answer);
    answered.await.unwrap_or(false)
}

/// Says something that leaves no choice, and goes on once it was read. To be called on the main thread.
pub(crate) fn tell(app: &AppHandle, headline: &str, text: &str, then: impl Fn() + Send + 'static) {
    platform::state(app, headline, text, then);
}
