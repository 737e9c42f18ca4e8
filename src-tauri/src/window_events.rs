//! What reaches the page from outside it: chosen menu items, opened links, dropped files.
//!
//! The page attaches a channel when it starts. After a reload it attaches again, and the new channel takes the place of
//! the old one. A link that comes before the page does is kept until then. Left out: what the page does about it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pulse_keys_core::view::WindowEvent;
use tauri::ipc::Channel;

/// The way to the page.
#[derive(Default)]
pub(crate) struct Page {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    channel: Option<Channel<WindowEvent>>,
    /// Only the last one: nobody wants the app to open five keys one after the other.
    waiting: Option<WindowEvent>,
}

impl Page {
    /// From now on events travel on this channel.
    pub(crate) fn attach(&self, channel: Channel<WindowEvent>) {
        let mut state = self.state();
        if let Some(event) = state.waiting.take() {
            send(&channel, event);
        }
        state.channel = Some(channel);
    }

    /// Tells the page, or keeps it until there is one.
    pub(crate) fn tell(&self, event: WindowEvent) {
        let mut state = self.state();
        match &state.channel {
            Some(channel) => send(channel, event),
            None => state.waiting = Some(event),
        }
    }

    /// Tells the page; where there is none yet, it need not know.
    pub(crate) fn tell_if_there(&self, event: WindowEvent) {
        if let Some(channel) = &self.state().channel {
            send(channel, event);
        }
    }

    /// Each change under the lock is one assignment, so what a panicking thread leaves behind is sound.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send(channel: &Channel<WindowEvent>, event: WindowEvent) {
    if let Err(error) = channel.send(event) {
        tracing::warn!("the page could not be told of something: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tauri::ipc::InvokeResponseBody;

    use super::*;

    fn link(key: &str) -> WindowEvent {
        WindowEvent::Link {
            key: key.to_owned(),
        }
    }

    fn channel() -> (Channel<WindowEvent>, Arc<Mutex<Vec<String>>>) {
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&arrived);
        let channel = Channel::new(move |body| {
            if let InvokeResponseBody::Json(text) = body {
                kept.lock().unwrap().push(text);
            }
            Ok(())
        });
        (channel, arrived)
    }

    #[test]
    fn what_comes_before_the_page_waits_for_it() {
        let page = Page::default();
        page.tell(link("7"));
        page.tell(link("8"));
        let (first, arrived) = channel();
        page.attach(first);
        assert_eq!(
            *arrived.lock().unwrap(),
            [r#"{"kind":"link","key":"8"}"#],
            "the last one, once"
        );
    }

    #[test]
    fn a_page_that_attaches_again_takes_the_place_of_the_old_one() {
        let page = Page::default();
        let ((first, at_first), (second, at_second)) = (channel(), channel());
        page.attach(first);
        page.attach(second);
        page.tell(WindowEvent::Action {
            id: "keys.create".to_owned(),
        });
        assert_eq!(*at_first.lock().unwrap(), [""; 0]);
        assert_eq!(
            *at_second.lock().unwrap(),
            [r#"{"kind":"action","id":"keys.create"}"#]
        );
    }
}
