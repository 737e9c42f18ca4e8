//! The menu bar on macOS and Windows, made with the menu library.
//!
//! Windows shows an item's keys behind a tab in its text, which listens to nothing. macOS gets them as key equivalents,
//! since it asks the page first; keys without ⌘, ⌃ or ⌥ are left to the page there too, where text fields need them.
//! macOS also has a menu of the app itself, which the page knows nothing of, and in which *Quit* stands. Not tried on
//! either system.

use std::cell::RefCell;

use pulse_keys_core::view::{EditAction, MenuItem, MenuModel};
use tauri::menu::{
    CheckMenuItem, IsMenuItem, Menu, MenuItem as NativeItem, PredefinedMenuItem, Submenu,
};
use tauri::{AppHandle, Wry};

use super::chord::Chord;
use super::items::{chosen, have_same_items};

/// The page's action that ends the app.
#[cfg(target_os = "macos")]
const QUIT: &str = "app.quit";

thread_local! {
    static BAR: RefCell<Option<Bar>> = const { RefCell::new(None) };
}

/// The bar on screen, and what the page said last.
struct Bar {
    menus: Vec<(Submenu<Wry>, Vec<Item>)>,
    model: MenuModel,
}

enum Item {
    Plain(NativeItem<Wry>),
    Ticked(CheckMenuItem<Wry>),
    /// Says the same for ever.
    Fixed(PredefinedMenuItem<Wry>),
}

/// A bar as high as any other, in which nothing can be chosen. On macOS it stands outside the window.
pub(super) fn make_room(app: &AppHandle) -> tauri::Result<()> {
    if cfg!(target_os = "windows") {
        let bar = Menu::new(app)?;
        bar.append(&Submenu::new(app, " ", false)?)?;
        app.set_menu(bar)?;
    }
    Ok(())
}

pub(super) fn show(app: &AppHandle, model: MenuModel) -> tauri::Result<()> {
    BAR.with_borrow_mut(|shown| {
        if let Some(bar) = shown
            && have_same_items(&bar.model, &model)
        {
            return bar.update(model);
        }
        if shown.is_none() {
            app.on_menu_event(|app, event| chosen(app, event.id().as_ref()));
        }
        *shown = Some(Bar::show(app, model)?);
        Ok(())
    })
}

impl Bar {
    fn show(app: &AppHandle, model: MenuModel) -> tauri::Result<Self> {
        let bar = Menu::new(app)?;
        #[cfg(target_os = "macos")]
        bar.append(&app_menu(app, &model)?)?;
        let mut menus = Vec::new();
        for menu in &model.menus {
            let below = Submenu::new(app, &menu.title, true)?;
            let mut items = Vec::new();
            for wanted in &menu.items {
                let item = Item::new(app, wanted)?;
                if is_shown_here(wanted) {
                    below.append(item.native())?;
                }
                items.push(item);
            }
            bar.append(&below)?;
            menus.push((below, items));
        }
        app.set_menu(bar)?;
        Ok(Self { menus, model })
    }

    fn update(&mut self, model: MenuModel) -> tauri::Result<()> {
        for ((menu, items), said) in self.menus.iter().zip(&model.menus) {
            menu.set_text(&said.title)?;
            for (item, said) in items.iter().zip(&said.items) {
                item.say(said)?;
            }
        }
        self.model = model;
        Ok(())
    }
}

impl Item {
    fn new(app: &AppHandle, wanted: &MenuItem) -> tauri::Result<Self> {
        let fixed = match wanted {
            MenuItem::Separator => PredefinedMenuItem::separator(app)?,
            MenuItem::Edit { action } => match action {
                EditAction::Undo => PredefinedMenuItem::undo(app, None)?,
                EditAction::Redo => PredefinedMenuItem::redo(app, None)?,
                EditAction::Cut => PredefinedMenuItem::cut(app, None)?,
                EditAction::Copy => PredefinedMenuItem::copy(app, None)?,
                EditAction::Paste => PredefinedMenuItem::paste(app, None)?,
                EditAction::SelectAll => PredefinedMenuItem::select_all(app, None)?,
            },
            MenuItem::Action {
                id,
                title,
                keys,
                enabled,
                checked,
            } => {
                let (text, keys) = (text(title, keys.as_deref()), accelerator(keys.as_deref()));
                return Ok(match checked {
                    None => Self::Plain(NativeItem::with_id(app, id, text, *enabled, keys)?),
                    Some(checked) => Self::Ticked(CheckMenuItem::with_id(
                        app, id, text, *enabled, *checked, keys,
                    )?),
                });
            }
        };
        Ok(Self::Fixed(fixed))
    }

    /// Makes the item say what the page says.
    fn say(&self, wanted: &MenuItem) -> tauri::Result<()> {
        let MenuItem::Action {
            title,
            keys,
            enabled,
            checked,
            ..
        } = wanted
        else {
            return Ok(());
        };
        let (text, keys) = (text(title, keys.as_deref()), accelerator(keys.as_deref()));
        match self {
            Self::Plain(item) => {
                item.set_text(text)?;
                item.set_enabled(*enabled)?;
                item.set_accelerator(keys)
            }
            Self::Ticked(item) => {
                item.set_text(text)?;
                item.set_enabled(*enabled)?;
                // The system moves the tick of a chosen item by itself.
                item.set_checked(*checked == Some(true))?;
                item.set_accelerator(keys)
            }
            Self::Fixed(_) => Ok(()),
        }
    }

    fn native(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Self::Plain(item) => item,
            Self::Ticked(item) => item,
            Self::Fixed(item) => item,
        }
    }
}

/// What an item says, with its keys where they are words only.
fn text(title: &str, keys: Option<&str>) -> String {
    let chord = keys.and_then(Chord::parse);
    match chord {
        Some(chord) if !cfg!(target_os = "macos") => {
            format!("{title}\t{}", spelled(&chord, "Ctrl"))
        }
        _ => title.to_owned(),
    }
}

/// The keys that the system itself listens to.
fn accelerator(keys: Option<&str>) -> Option<String> {
    let chord = keys.and_then(Chord::parse)?;
    let is_held = chord.primary || chord.control || chord.alt;
    // The library has no name for `+`, which is above `=` on the keyboards that have it.
    let is_named = chord.key != "+";
    (cfg!(target_os = "macos") && is_held && is_named).then(|| spelled(&chord, "Cmd"))
}

fn spelled(chord: &Chord, primary: &str) -> String {
    let held = [
        (chord.primary, primary),
        (chord.control, "Ctrl"),
        (chord.alt, "Alt"),
        (chord.shift, "Shift"),
    ];
    let held = held.iter().filter(|(is_held, _)| *is_held);
    let mut words: Vec<&str> = held.map(|(_, name)| *name).collect();
    words.push(&chord.key);
    words.join("+")
}

/// On macOS *Quit* stands in the app's own menu.
fn is_shown_here(wanted: &MenuItem) -> bool {
    #[cfg(target_os = "macos")]
    if let MenuItem::Action { id, .. } = wanted {
        return id != QUIT;
    }
    let _ = wanted;
    true
}

/// Not the library's *Quit*, which asks nobody.
#[cfg(target_os = "macos")]
fn app_menu(app: &AppHandle, model: &MenuModel) -> tauri::Result<Submenu<Wry>> {
    let name = &app.package_info().name;
    let menu = Submenu::new(app, name, true)?;
    menu.append(&PredefinedMenuItem::about(app, None, None)?)?;
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    menu.append(&PredefinedMenuItem::services(app, None)?)?;
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    menu.append(&PredefinedMenuItem::hide(app, None)?)?;
    menu.append(&PredefinedMenuItem::hide_others(app, None)?)?;
    menu.append(&PredefinedMenuItem::show_all(app, None)?)?;
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    let mut items = model.menus.iter().flat_map(|menu| &menu.items);
    let quit = items.find(|item| matches!(item, MenuItem::Action { id, .. } if id == QUIT));
    if let Some(quit) = quit {
        menu.append(Item::new(app, quit)?.native())?;
    }
    Ok(menu)
}
