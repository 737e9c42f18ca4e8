//! The native menu, made from what the page says, so that its items are the page's actions and nothing else.
//!
//! The page says the whole menu each time. Where only words, keys, ticks or what can be chosen have changed, the items on
//! screen are changed in place: an open menu stays open, and nothing flickers. Where other items came, the bar is made
//! anew. A chosen item is told to the page, which does it; the items of the Edit menu work on the text natively, since a
//! page may not read the clipboard.
//!
//! Keys are the page's: an item shows its keys, and pressing them goes to the page as it does without a menu. GTK and
//! Windows would otherwise take them first, and Delete would no longer be a key of text fields. Only macOS asks a page
//! before its menu, and there a menu without keys would be a strange one. Left out: which items there are and what they
//! do (the page's table of actions).

mod chord;
mod items;
#[cfg(target_os = "linux")]
#[path = "menu/gtk_bar.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "menu/tauri_bar.rs"]
mod platform;

use pulse_keys_core::view::MenuModel;
use tauri::AppHandle;

/// Keeps the place of the menu in the window until the page says which it is. To be called on the main thread.
pub(crate) fn make_room(app: &AppHandle) -> tauri::Result<()> {
    platform::make_room(app)
}

/// Shows this menu.
pub(crate) fn show(app: &AppHandle, model: MenuModel) -> tauri::Result<()> {
    let handle = app.clone();
    app.run_on_main_thread(move || {
        if let Err(error) = platform::show(&handle, model) {
            tracing::error!("the menu could not be shown: {error}");
        }
    })
}
