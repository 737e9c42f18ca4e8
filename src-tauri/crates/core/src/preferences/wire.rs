//! What the user chose about the app itself: how it looks, how long it waits, how much it asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;

/// Light, dark, or what the desktop says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop is, also when it changes.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How strongly things stand out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Contrast {
    /// As the desktop asks.
    #[default]
    System,
    /// As designed, whatever the desktop asks.
    Standard,
    /// Stronger, whatever the desktop asks.
    More,
}

/// Whether things move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// As the desktop asks.
    #[default]
    System,
    /// Nothing moves.
    Reduced,
}

/// How high the rows of a list are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// 42 pixels.
    #[default]
    Comfortable,
    /// 32 pixels.
    Compact,
}

/// How much stands between the user and a deletion, beyond what the evidence asks for. It never takes anything
/// away from that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// What the evidence asks for.
    #[default]
    Standard,
    /// A key that was ever used, or of which that is not known, asks for the phrase.
    Careful,
    /// Every key asks for the phrase.
    Strict,
}

/// How an account's list is sorted and filtered. Never what was searched for: that may be a pasted token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ListPreferences {
    /// The column it is sorted by, by the page's name for it.
    pub column: String,
    /// Whether the largest or latest stands on top.
    pub descending: bool,
    /// The filters that are on, by the page's names for them; at most 20.
    pub filters: Vec<String>,
}

/// Where this machine is searched for keys. Whole paths; `~` stands for the home folder. At most 50 of each, of at most
/// 4,096 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SearchFolders {
    /// Where a search begins; at least one.
    pub roots: Vec<String>,
    /// Further folders or files.
    pub extra: Vec<String>,
    /// What it leaves out.
    pub excluded: Vec<String>,
}

impl Default for SearchFolders {
    fn default() -> Self {
        Self {
            roots: vec!["~".to_owned()],
            extra: Vec::new(),
            excluded: Vec::new(),
        }
    }
}

/// Everything that the user chose. Written whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// Light or dark. The shell applies it to the window, and so to native dialogs and the menu.
    pub theme: Theme,
    /// How strongly things stand out.
    pub contrast: Contrast,
    /// Whether things move.
    pub motion: Motion,
    /// How high the rows of a list are.
    pub density: Density,
    /// The size of the whole page in percent, 50 to 200. The shell applies it.
    pub zoom: u16,
    /// Whether the list has a column with what the user wrote about each key.
    pub notes_in_list: bool,
    /// After how many seconds a copied token is taken off the clipboard, 10 to 300.
    pub clipboard_seconds: u16,
    /// How much stands before a deletion, beyond what the evidence asks for.
    pub strictness: Strictness,
    /// Whether the app asks, when it starts, for newer versions of itself. Without it nobody is asked.
    pub tell_of_updates: bool,
    /// Whom it asks: HTTPS, or HTTP on loopback.
    pub updates_address: String,
    /// Whether the desktop shows a notification when a key that is to go has been quiet for long enough, or was used.
    pub tell_of_swaps: bool,
    /// Whether this machine is searched again for all keys once a day, in the background. Off, nothing is kept for it.
    pub keep_watch: bool,
    /// Action id → its keys as the page's table spells them (`mod+Shift+R`). No keys: off. No entry: the table's own.
    pub shortcuts: BTreeMap<String, Vec<String>>,
    /// How each account's list is sorted and filtered.
    pub lists: BTreeMap<AccountId, ListPreferences>,
    /// Where this machine is searched for keys.
    pub search: SearchFolders,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            contrast: Contrast::default(),
            motion: Motion::default(),
            density: Density::default(),
            zoom: 100,
            notes_in_list: false,
            clipboard_seconds: 45,
            strictness: Strictness::default(),
            tell_of_updates: false,
            tell_of_swaps: false,
            keep_watch: false,
            updates_address: DOCUMENTED.to_owned(),
            shortcuts: BTreeMap::new(),
            lists: BTreeMap::new(),
            search: SearchFolders::default(),
        }
    }
}

/// Where something of the app is kept, for a user who wants to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Place {
    /// What is kept there.
    pub title: String,
    /// The folder's path, or where to look in the system's own keychain program.
    pub path: String,
    /// The folder that *Open* shows; none where there is none to open.
    pub folder: Option<Folder>,
}

/// A folder of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Folder {
    /// Preferences, the list of accounts, the window's place.
    Config,
    /// Everything else that lasts.
    Data,
}

/// Show a folder of the app in the system's file manager.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FolderRequest {
    /// Which one.
    pub place: Folder,
}

/// What stands where a search folder should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FolderState {
    /// A folder or a file that may be read.
    There,
    /// Nothing.
    Missing,
    /// Something that may not be read.
    Denied,
    /// It did not answer in time: a network disk, perhaps.
    Silent,
}

/// A search folder, looked at just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SearchFolder {
    /// As it stands in the preferences.
    pub written: String,
    /// The whole path.
    pub path: String,
    /// What is there.
    pub state: FolderState,
}

/// The search folders of the preferences, looked at just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SearchFoldersChecked {
    /// Where a search begins.
    pub roots: Vec<SearchFolder>,
    /// Further places.
    pub extra: Vec<SearchFolder>,
    /// What it leaves out.
    pub excluded: Vec<SearchFolder>,
    /// What it leaves out anyway: this app's own folders, which hold what the list shows of every key.
    pub own: Vec<String>,
}

/// A folder that was chosen in a native dialog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FolderChosen {
    /// Its path, as it goes into the preferences; none when the user chose none.
    pub path: Option<String>,
}

/// Where the project says which version is the newest.
pub(crate) const DOCUMENTED: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "/releases/latest.json");
