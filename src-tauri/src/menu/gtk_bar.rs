//! The menu bar on Linux, made with GTK itself: the menu library registers every accelerator that it shows.
//!
//! Everything here runs on the main thread, where GTK's things are.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gtk::gdk;
use gtk::prelude::*;
use pulse_keys_core::view::{EditAction, MenuItem, MenuModel, Submenu};
use tauri::AppHandle;
use webkit2gtk::WebViewExt as _;

use super::chord::Chord;
use super::items::{chosen, have_same_items};
use crate::main_window::main_window;

thread_local! {
    static BAR: RefCell<Option<Bar>> = const { RefCell::new(None) };
}

/// The bar on screen, and what the page said last: nothing yet, at first.
struct Bar {
    bar: gtk::MenuBar,
    menus: Vec<Menu>,
    model: MenuModel,
}

struct Menu {
    head: gtk::MenuItem,
    items: Vec<Item>,
}

enum Item {
    Plain(gtk::MenuItem),
    Ticked {
        item: gtk::CheckMenuItem,
        /// What the page said of the tick.
        said: Rc<Cell<bool>>,
    },
    /// Says the same for ever.
    Fixed,
}

/// A bar as high as any other, in which nothing can be chosen.
pub(super) fn make_room(app: &AppHandle) -> tauri::Result<()> {
    let nothing = Submenu {
        title: " ".to_owned(),
        items: Vec::new(),
    };
    show(
        app,
        MenuModel {
            menus: vec![nothing],
        },
    )
}

pub(super) fn show(app: &AppHandle, model: MenuModel) -> tauri::Result<()> {
    BAR.with_borrow_mut(|shown| {
        if let Some(bar) = shown
            && have_same_items(&bar.model, &model)
        {
            bar.update(model);
            return Ok(());
        }
        let Some(window) = main_window(app) else {
            return Ok(());
        };
        let column = window.default_vbox()?;
        if let Some(old) = shown.take() {
            column.remove(&old.bar);
        }
        let bar = Bar::new(app, model);
        column.pack_start(&bar.bar, false, false, 0);
        column.reorder_child(&bar.bar, 0);
        bar.bar.show_all();
        *shown = Some(bar);
        Ok(())
    })
}

impl Bar {
    fn new(app: &AppHandle, model: MenuModel) -> Self {
        let bar = gtk::MenuBar::new();
        let mut menus = Vec::new();
        for menu in &model.menus {
            let head = gtk::MenuItem::with_mnemonic(&mnemonic(&menu.title));
            let below = gtk::Menu::new();
            let items = menu.items.iter();
            let items = items.map(|item| add(app, &below, item)).collect();
            head.set_submenu(Some(&below));
            head.set_sensitive(!menu.items.is_empty());
            bar.append(&head);
            menus.push(Menu { head, items });
        }
        Self { bar, menus, model }
    }

    fn update(&mut self, model: MenuModel) {
        for (menu, said) in self.menus.iter().zip(&model.menus) {
            menu.head.set_label(&mnemonic(&said.title));
            for (item, said) in menu.items.iter().zip(&said.items) {
                item.say(said);
            }
        }
        self.model = model;
    }
}

impl Item {
    /// Makes the item say what the page says.
    fn say(&self, wanted: &MenuItem) {
        let MenuItem::Action {
            title,
            keys,
            enabled,
            checked,
            ..
        } = wanted
        else {
            return;
        };
        let item = match self {
            Self::Plain(item) => item,
            Self::Ticked { item, said } => {
                said.set(*checked == Some(true));
                item.set_active(said.get());
                item.upcast_ref()
            }
            Self::Fixed => return,
        };
        item.set_label(&mnemonic(title));
        item.set_sensitive(*enabled);
        show_keys(item, keys.as_deref());
    }
}

/// Adds an item, which says what the page says and tells when it is chosen.
fn add(app: &AppHandle, menu: &gtk::Menu, wanted: &MenuItem) -> Item {
    let item = match wanted {
        MenuItem::Separator => {
            menu.append(&gtk::SeparatorMenuItem::new());
            Item::Fixed
        }
        MenuItem::Edit { action } => {
            menu.append(&edit_item(app, *action));
            Item::Fixed
        }
        MenuItem::Action {
            id, checked: None, ..
        } => {
            // The label is there from the beginning, since keys are shown by it.
            let item = gtk::MenuItem::with_mnemonic("");
            let (app, id) = (app.clone(), id.clone());
            item.connect_activate(move |_| chosen(&app, &id));
            menu.append(&item);
            Item::Plain(item)
        }
        MenuItem::Action { id, .. } => {
            let item = gtk::CheckMenuItem::with_mnemonic("");
            let said = Rc::new(Cell::new(false));
            let (app, id, page) = (app.clone(), id.clone(), Rc::clone(&said));
            item.connect_activate(move |item| {
                // GTK moves the tick by itself, and calls this when the page has moved it, too. A user has chosen the
                // item where the two differ; the tick waits for what the page makes of that.
                if item.is_active() != page.get() {
                    item.set_active(page.get());
                    chosen(&app, &id);
                }
            });
            menu.append(&item);
            Item::Ticked { item, said }
        }
    };
    item.say(wanted);
    item
}

/// What the item of a action says, and the keys that the page's engine has for it.
fn words(action: EditAction) -> (&'static str, &'static str) {
    match action {
        EditAction::Undo => ("&Undo", "mod+Z"),
        EditAction::Redo => ("&Redo", "mod+Shift+Z"),
        EditAction::Cut => ("Cu&t", "mod+X"),
        EditAction::Copy => ("&Copy", "mod+C"),
        EditAction::Paste => ("&Paste", "mod+V"),
        EditAction::SelectAll => ("Select &All", "mod+A"),
    }
}

fn edit_item(app: &AppHandle, action: EditAction) -> gtk::MenuItem {
    let (title, keys) = words(action);
    let item = gtk::MenuItem::with_mnemonic(&mnemonic(title));
    show_keys(&item, Some(keys));
    let command = match action {
        EditAction::Undo => "Undo",
        EditAction::Redo => "Redo",
        EditAction::Cut => "Cut",
        EditAction::Copy => "Copy",
        EditAction::Paste => "Paste",
        EditAction::SelectAll => "SelectAll",
    };
    let app = app.clone();
    item.connect_activate(move |_| {
        let Some(window) = main_window(&app) else {
            return;
        };
        let done =
            window.with_webview(move |webview| webview.inner().execute_editing_command(command));
        if let Err(error) = done {
            tracing::warn!("the page could not be told to edit: {error}");
        }
    });
    item
}

/// Writes the keys at the end of the item, without listening to them.
fn show_keys(item: &gtk::MenuItem, keys: Option<&str>) {
    let label = item.child().and_downcast::<gtk::AccelLabel>();
    let chord = keys.and_then(Chord::parse);
    let (key, held) = chord
        .and_then(|chord| of_gdk(&chord))
        .unwrap_or((0, gdk::ModifierType::empty()));
    if let Some(label) = label {
        label.set_accel(key, held);
    }
}

fn of_gdk(chord: &Chord) -> Option<(u32, gdk::ModifierType)> {
    let key = match chord.character() {
        Some(character) => *gdk::keys::Key::from_unicode(character.to_ascii_lowercase()),
        None => *gdk::keys::Key::from_name(name(&chord.key)),
    };
    let held = [
        (
            chord.primary || chord.control,
            gdk::ModifierType::CONTROL_MASK,
        ),
        (chord.alt, gdk::ModifierType::MOD1_MASK),
        (chord.shift, gdk::ModifierType::SHIFT_MASK),
    ];
    let held = held.iter().filter(|(is_held, _)| *is_held);
    let held = held.fold(gdk::ModifierType::empty(), |all, (_, one)| all | *one);
    (key != 0 && key != *gdk::keys::constants::VoidSymbol).then_some((key, held))
}

/// A key as X names it.
fn name(key: &str) -> &str {
    match key {
        "Enter" => "Return",
        "Backspace" => "BackSpace",
        "Space" => "space",
        "ContextMenu" => "Menu",
        "PageUp" => "Page_Up",
        "PageDown" => "Page_Down",
        arrow => arrow.strip_prefix("Arrow").unwrap_or(arrow),
    }
}

/// GTK's mark for the letter that Alt reaches is `_`, where the page's is `&`; each stands for itself when doubled.
fn mnemonic(title: &str) -> String {
    let doubled = title.replace('_', "__");
    let parts: Vec<String> = doubled
        .split("&&")
        .map(|part| part.replace('&', "_"))
        .collect();
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_that_alt_reaches_is_marked_as_gtk_marks_it() {
        assert_eq!(mnemonic("&File"), "_File");
        assert_eq!(mnemonic("snake_case && &more"), "snake__case & _more");
    }

    #[test]
    fn keys_are_known_to_gdk() {
        let of = |keys: &str| of_gdk(&Chord::parse(keys).unwrap());
        let control = gdk::ModifierType::CONTROL_MASK;
        let none = gdk::ModifierType::empty();
        assert_eq!(of("mod+N"), Some((0x6e, control)));
        assert_eq!(of("mod+,"), Some((0x2c, control)));
        assert_eq!(
            of("mod+Shift+R"),
            Some((0x72, control | gdk::ModifierType::SHIFT_MASK))
        );
        assert_eq!(of("?"), Some((0x3f, none)));
        for (keys, key) in [
            ("Delete", 0xffff),
            ("Enter", 0xff0d),
            ("Space", 0x20),
            ("F5", 0xffc2),
            ("ContextMenu", 0xff67),
            ("ArrowUp", 0xff52),
        ] {
            assert_eq!(of(keys), Some((key, none)), "{keys}");
        }
        assert_eq!(of("Nonsense"), None);
    }
}
