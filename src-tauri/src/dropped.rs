//! A file that is dropped on the window: the page is told its name, and its path stays here.
//!
//! So "I found this string" can look into it without the page being able to name any path. Left out: looking into it.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::WindowEvent as Told;
use tauri::{DragDropEvent, Manager as _, Window, WindowEvent};

use crate::window_events::Page;

/// Follows the window's events.
pub(crate) fn follow(window: &Window, event: &WindowEvent) {
    let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event else {
        return;
    };
    if let Some(path) = paths.first() {
        let name = window.state::<PulseKeys>().note_dropped(path.clone());
        window.state::<Page>().tell(Told::Dropped { name });
    }
}
