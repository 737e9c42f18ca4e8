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
#[cfg(target_os = "linux")]
#[path = "menu/gtk_bar.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "menu/tauri_bar.rs"]
mod platform;

use pulse_keys_core::view::{MenuItem, MenuModel, WindowEvent};
use tauri::{AppHandle, Manager as _};

use crate::window;
use crate::window_events::Page;

/// Shows this menu.
pub(crate) fn show(app: &AppHandle, model: MenuModel) -> tauri::Result<()> {
    let handle = app.clone();
    app.run_on_main_thread(move || {
        if let Err(error) = platform::show(&handle, model) {
            tracing::error!("the menu could not be shown: {error}");
        }
        window::show(&handle);
    })
}

/// An item was chosen.
fn chosen(app: &AppHandle, id: &str) {
    let id = id.to_owned();
    app.state::<Page>().tell(WindowEvent::Action { id });
}

/// Whether both have the same items, whatever they say.
fn have_same_items(left: &MenuModel, right: &MenuModel) -> bool {
    let same_items = |left: &[MenuItem], right: &[MenuItem]| {
        left.len() == right.len()
            && left
                .iter()
                .zip(right)
                .all(|(left, right)| is_same(left, right))
    };
    left.menus.len() == right.menus.len()
        && left
            .menus
            .iter()
            .zip(&right.menus)
            .all(|(left, right)| same_items(&left.items, &right.items))
}

fn is_same(left: &MenuItem, right: &MenuItem) -> bool {
    match (left, right) {
        (
            MenuItem::Action { id, checked, .. },
            MenuItem::Action {
                id: other,
                checked: other_checked,
                ..
            },
        ) => id == other && checked.is_some() == other_checked.is_some(),
        (MenuItem::Edit { action }, MenuItem::Edit { action: other }) => action == other,
        (MenuItem::Separator, MenuItem::Separator) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pulse_keys_core::view::{EditAction, Submenu};

    use super::*;

    fn model(items: Vec<MenuItem>) -> MenuModel {
        let title = "&File".to_owned();
        MenuModel {
            menus: vec![Submenu { title, items }],
        }
    }

    fn action(id: &str, title: &str, checked: Option<bool>) -> MenuItem {
        MenuItem::Action {
            id: id.to_owned(),
            title: title.to_owned(),
            keys: None,
            enabled: checked.is_none(),
            checked,
        }
    }

    #[test]
    fn other_words_are_no_other_items() {
        let before = model(vec![action("a", "One", None), MenuItem::Separator]);
        let words = model(vec![action("a", "Two", None), MenuItem::Separator]);
        assert!(have_same_items(&before, &words));
        let ticked = model(vec![action("a", "", Some(true))]);
        assert!(have_same_items(
            &ticked,
            &model(vec![action("a", "", Some(false))])
        ));
    }

    #[test]
    fn other_items_are() {
        let before = model(vec![action("a", "One", None), MenuItem::Separator]);
        let others = [
            vec![action("b", "One", None), MenuItem::Separator],
            vec![action("a", "One", Some(false)), MenuItem::Separator],
            vec![action("a", "One", None)],
            vec![MenuItem::Separator, action("a", "One", None)],
            vec![
                action("a", "One", None),
                MenuItem::Edit {
                    action: EditAction::Cut,
                },
            ],
        ];
        for items in others {
            assert!(
                !have_same_items(&before, &model(items.clone())),
                "{items:?}"
            );
        }
    }
}
