//! What the items of the menu do, and when they are the same ones.

use pulse_keys_core::view::{MenuItem, MenuModel, WindowEvent};
use tauri::{AppHandle, Manager as _};

use crate::window_events::Page;

/// An item was chosen.
pub(super) fn chosen(app: &AppHandle, id: &str) {
    let id = id.to_owned();
    app.state::<Page>().tell(WindowEvent::Action { id });
}

/// Whether both have the same items, whatever they say.
pub(super) fn have_same_items(left: &MenuModel, right: &MenuModel) -> bool {
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
