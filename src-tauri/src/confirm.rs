//! Native dialogs: a question in, the button that was pressed out; and the one statement, why the app can't start.
//!
//! Return, Space, Esc and closing a fresh question mean no. A click that was meant for the page, such as the second of a
//! double click, does not answer it: on Linux the buttons that do something can't be pressed until the dialog has been
//! there for a moment; no other platform's dialog lets itself be told that. On Linux the dialog is made with GTK itself:
//! the dialog plugin's runs GTK on a thread of its own beside Tauri's, or `zenity`, and gives it no parent and no default
//! button. On macOS and Windows it is the plugin's, whose first button is the default one, and the reply is read by its
//! label; closing it means the last. Left out: the words, which come with the question, and any rule about when to ask.

use pulse_keys_core::host::{Question, Reply};
use tauri::AppHandle;

#[cfg(target_os = "linux")]
mod platform {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::{Duration, Instant};

    use gtk::prelude::*;
    use gtk::{gdk, glib, pango};
    use pulse_keys_core::host::{Question, Reply};
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    use crate::window;

    /// A question has to be seen before it can be answered: for so long after it appeared, and after each click into it
    /// meanwhile, the buttons that do something can't be pressed. Longer than the two clicks of a double click are apart
    /// (400 ms in GTK, 500 ms on other desktops).
    const INPUT_DELAY: Duration = Duration::from_millis(600);

    /// How often it is looked whether that has passed.
    const POLL_INTERVAL: Duration = Duration::from_millis(50);

    /// What GTK calls any button of the pointer.
    const ANY_BUTTON: u32 = 0;

    /// How wide the text of a question is, in characters, and how much of the screen's height the whole may take.
    const LINE: i32 = 60;
    const MOST_OF_SCREEN: f64 = 0.8;

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

        wrap(&dialog);

        // Where GNOME's own questions have them: away on the left, the deed that was asked for on the right.
        dialog.add_button(&question.no, gtk::ResponseType::Cancel);
        let mut guarded = Vec::new();
        if let Some(alternative) = &question.alternative {
            guarded.push(dialog.add_button(alternative, ALTERNATIVE));
        }
        let yes = dialog.add_button(&question.yes, gtk::ResponseType::Accept);
        yes.style_context().add_class("destructive-action");
        guarded.push(yes);
        guard(&dialog, guarded);
        dialog.set_default_response(gtk::ResponseType::Cancel);
        if let Some(no) = dialog.widget_for_response(gtk::ResponseType::Cancel) {
            no.grab_focus();
        }

        let answer = Cell::new(Some(answer));
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
        fit(&dialog);
        dialog.present();
    }

    /// A word that is wider than the dialog is broken, so that it cannot make the dialog wider.
    fn wrap(dialog: &gtk::MessageDialog) {
        for label in labels(dialog) {
            label.set_line_wrap(true);
            label.set_line_wrap_mode(pango::WrapMode::WordChar);
            label.set_max_width_chars(LINE);
        }
    }

    fn labels(dialog: &gtk::MessageDialog) -> impl Iterator<Item = gtk::Label> {
        let area = dialog.message_area().downcast::<gtk::Container>();
        let children = area.map(|area| area.children()).unwrap_or_default();
        children
            .into_iter()
            .filter_map(|child| child.downcast().ok())
    }

    /// What is too high for the screen, with large fonts on a small one, scrolls, so that the buttons stay in sight.
    fn fit(dialog: &gtk::MessageDialog) {
        let Some(screen) = gdk::Display::default()
            .and_then(|display| display.primary_monitor().or_else(|| display.monitor(0)))
            .map(|monitor| monitor.workarea().height())
        else {
            return;
        };
        let most = (f64::from(screen) * MOST_OF_SCREEN) as i32;
        let (_, wanted) = dialog.preferred_size();
        let too_high = wanted.height - most;
        if too_high <= 0 {
            return;
        }
        let text = dialog.message_area();
        let Some(place) = text
            .parent()
            .and_then(|parent| parent.downcast::<gtk::Box>().ok())
        else {
            return;
        };
        let (_, height) = text.preferred_size();
        place.remove(&text);
        let scrolled = gtk::ScrolledWindow::builder()
            .hscrollbar_policy(gtk::PolicyType::Never)
            .min_content_height((height.height - too_high).max(1))
            .child(&text)
            .build();
        place.pack_start(&scrolled, true, true, 0);
        scrolled.show_all();
    }

    /// Keeps these buttons from being pressed until the dialog has been there for a moment, and nothing in it was
    /// clicked meanwhile.
    fn guard(dialog: &gtk::MessageDialog, buttons: Vec<gtk::Widget>) {
        for button in &buttons {
            button.set_sensitive(false);
        }
        let left_alone_since = Rc::new(Cell::new(Instant::now()));
        let since = Rc::clone(&left_alone_since);
        dialog.connect_map(move |_| since.set(Instant::now()));
        // On its way down to the buttons: one that can't be pressed swallows a click.
        let clicks = gtk::GestureMultiPress::new(dialog);
        clicks.set_button(ANY_BUTTON);
        clicks.set_propagation_phase(gtk::PropagationPhase::Capture);
        let since = Rc::clone(&left_alone_since);
        clicks.connect_pressed(move |_, _, _, _| since.set(Instant::now()));
        let dialog = dialog.downgrade();
        glib::timeout_add_local(POLL_INTERVAL, move || {
            // Held until then, since the gesture lives only as long as somebody holds it.
            let _held = &clicks;
            let Some(dialog) = dialog.upgrade() else {
                return glib::ControlFlow::Break;
            };
            let is_left_alone = left_alone_since.get().elapsed() >= INPUT_DELAY;
            if !dialog.is_mapped() || !is_left_alone || is_button_down(&dialog) {
                return glib::ControlFlow::Continue;
            }
            for button in &buttons {
                button.set_sensitive(true);
            }
            glib::ControlFlow::Break
        });
    }

    fn is_button_down(dialog: &gtk::MessageDialog) -> bool {
        let pointer = gdk::Display::default()
            .and_then(|display| display.default_seat())
            .and_then(|seat| seat.pointer());
        let (Some(window), Some(pointer)) = (dialog.window(), pointer) else {
            return false;
        };
        let (_, _, _, held) = window.device_position(&pointer);
        held.intersects(
            gdk::ModifierType::BUTTON1_MASK
                | gdk::ModifierType::BUTTON2_MASK
                | gdk::ModifierType::BUTTON3_MASK,
        )
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

// Tests read it on Linux too: there is no other way to see there that it compiles.
#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(
    target_os = "linux",
    expect(dead_code, reason = "for the other platforms")
)]
mod by_plugin {
    use pulse_keys_core::host::{Question, Reply};
    use tauri::AppHandle;
    use tauri_plugin_dialog::{
        DialogExt as _, MessageDialogButtons, MessageDialogKind, MessageDialogResult,
    };
    use tokio::sync::oneshot;

    use super::labels;
    use crate::main_window::main_window;

    /// Shows the dialog above the app's window; the reply arrives on the channel. A channel that is dropped
    /// without one means no.
    pub(super) fn show(app: &AppHandle, question: Question, answer: oneshot::Sender<Reply>) {
        let text = format!(
            "{}\n\n{}",
            question.headline,
            question.paragraphs.join("\n\n")
        );
        let [first, second, third] = labels::in_order(&question);
        let mut dialog = app
            .dialog()
            .message(text)
            .title(&question.title)
            .kind(MessageDialogKind::Warning)
            .buttons(MessageDialogButtons::YesNoCancelCustom(
                first, second, third,
            ));
        if let Some(window) = main_window(app) {
            dialog = dialog.parent(&window);
        }
        dialog.show_with_result(move |pressed| {
            let reply = match pressed {
                MessageDialogResult::Custom(label) => labels::reply(&label, &question),
                // A dialog that could not be shown.
                _ => Reply::No,
            };
            // The asker may be gone with the window; then nobody needs the reply.
            let _ = answer.send(reply);
        });
    }

    /// Shows a statement, and goes on once it was read.
    pub(super) fn state(
        app: &AppHandle,
        headline: &str,
        text: &str,
        then: impl Fn() + Send + 'static,
    ) {
        let quit = MessageDialogButtons::OkCustom("Quit".to_owned());
        app.dialog()
            .message(text)
            .title(headline)
            .kind(MessageDialogKind::Error)
            .buttons(quit)
            .show(move |_| then());
    }
}

#[cfg(not(target_os = "linux"))]
use by_plugin as platform;

/// The labels of a dialog that has three buttons, of which only the first can be made the default one, by being it.
///
/// Return presses the first, closing means the last, and where macOS moves the focus through all controls, Space may press
/// the last: neither may do harm. A second way that only leads on, which its ellipsis says, is the first. One that does
/// something by itself has the place in the middle, and *yes*, which does more, is not offered there. That Return presses
/// the first is read in `rfd` 0.17.2 and in the systems' manuals (the first button of an `NSAlert`, no default button in
/// `TASKDIALOGCONFIG`), and that closing means the last in the plugin 2.8.4; it was not tried on macOS or Windows.
#[cfg(any(test, not(target_os = "linux")))]
mod labels {
    use pulse_keys_core::host::{Question, Reply};

    pub(super) fn in_order(question: &Question) -> [String; 3] {
        let Question {
            yes,
            alternative,
            no,
            ..
        } = question;
        let nothing = format!("{no} (nothing changes)");
        let [first, middle] = match alternative {
            Some(leads_on) if leads_on.ends_with('…') => [leads_on, yes],
            Some(does_less) => [&nothing, does_less],
            None => [&nothing, yes],
        };
        [first.clone(), middle.clone(), no.clone()]
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

/// Asks, and waits for as long as the user thinks. Anything but one of the two other buttons is no.
pub(crate) async fn ask(app: &AppHandle, question: Question) -> Reply {
    let (answer, answered) = tokio::sync::oneshot::channel();
    platform::show(app, question.bounded(), answer);
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
    fn of_three_buttons_neither_the_first_nor_the_last_does_harm() {
        let replies = |alternative| {
            let question = question(alternative);
            labels::in_order(&question).map(|label| labels::reply(&label, &question))
        };
        assert_eq!(replies(None), [Reply::No, Reply::Yes, Reply::No]);
        assert_eq!(
            replies(Some("Rotate instead…")),
            [Reply::Alternative, Reply::Yes, Reply::No]
        );
        assert_eq!(
            replies(Some("Sign out, keep 2 tokens")),
            [Reply::No, Reply::Alternative, Reply::No]
        );
    }

    #[test]
    fn the_three_are_told_apart_by_their_labels_and_the_last_is_no() {
        for alternative in [
            None,
            Some("Rotate instead…"),
            Some("Sign out, keep 2 tokens"),
        ] {
            let [first, middle, last] = labels::in_order(&question(alternative));
            assert_eq!(last, "Cancel");
            assert!(first != middle && middle != last && first != last);
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
