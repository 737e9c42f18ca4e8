//! The window around the page: its menu, its title, and what reaches the page from outside it.

use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;

/// Something that came from outside the page and that the page acts on. It only ever shows or starts what the user
/// could start in the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WindowEvent {
    /// An item of the native menu was chosen.
    Action {
        /// The action's id, as the page gave it with the menu.
        id: String,
    },
    /// A link `pulsekeys://key/ID` was opened.
    Link {
        /// The key's record id. It comes from outside: there may be no such key.
        key: String,
    },
    /// The outcome of an interrupted request was found out while the window is open: there may be notices and tokens.
    OutcomesChanged,
    /// The watch over this machine begins to look, or has looked: there may be notices.
    WatchChanged,
    /// A key that is to go was used, or has been quiet for long enough: the swaps say more.
    SwapsChanged,
    /// The request of the creation or rotation that waits for its outcome has left this machine, and no question is open
    /// any more.
    RequestSent,
    /// The user has said yes to the deletion of a key, in the native dialog: it is on its way.
    DeletionConfirmed {
        /// Whose key.
        account: AccountId,
        /// The key's record id.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        key: KeyId,
    },
    /// The service has confirmed the deletion of a key. Whether it is gone is found out next, and is the outcome of the
    /// call.
    DeletionAccepted {
        /// Whose key.
        account: AccountId,
        /// The key's record id.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        key: KeyId,
    },
    /// The clipboard could not be cleared and may hold a token still.
    ClipboardNotCleared {
        /// That, with what to do.
        message: String,
    },
    /// A file was dropped on the window; its path stays outside the page (see `RecogniseRequest::Dropped`).
    Dropped {
        /// The file's name, without its folder.
        name: String,
    },
}

/// The whole native menu, as the page wants it to be now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MenuModel {
    /// The menus of the bar, in reading order.
    pub menus: Vec<Submenu>,
}

/// A menu of the bar.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Submenu {
    /// Its title; an `&` stands before the letter that opens it with Alt.
    pub title: String,
    /// Its items.
    pub items: Vec<MenuItem>,
}

/// An item of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MenuItem {
    /// Starts an action of the page.
    Action {
        /// The action's id, which comes back with [`WindowEvent::Action`].
        id: String,
        /// What it says; `&` as in the menus' titles.
        title: String,
        /// Its keys as the page's table spells them (`mod+Shift+R`). Shown; only macOS acts on them, and only where
        /// the page did not.
        keys: Option<String>,
        /// Whether it can be chosen now.
        enabled: bool,
        /// Whether it has a tick; none for an item that never has one.
        checked: Option<bool>,
    },
    /// Works on the text that has the focus, natively.
    Edit {
        /// What it does.
        action: EditAction,
    },
    /// A line.
    Separator,
}

/// What the Edit menu does to the text that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EditAction {
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Cuts.
    Cut,
    /// Copies.
    Copy,
    /// Pastes.
    Paste,
    /// Selects all of it.
    SelectAll,
}

/// What the window's title names.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TitleRequest {
    /// The account in use, by its label; none before the first sign-in.
    pub account: Option<String>,
}

/// How the window is drawn, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Renderer {
    /// Which way is taken, and who chose it.
    pub message: String,
    /// How to take the other one.
    pub hint: String,
}
