//! Preferences, folders and updates.

use std::path::Path;

use url::Url;

use crate::app::PulseKeys;
use crate::view::*;
use crate::{preferences, session, updates, watch};

impl PulseKeys {
    /// What the user chose.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        preferences::preferences(&self.ctx)
    }

    /// The user chose this.
    ///
    /// # Errors
    /// When something is out of range or cannot be written; nothing has changed then.
    pub async fn write_preferences(&self, preferences: Preferences) -> Result<AppState, UiError> {
        preferences::write_preferences(&self.ctx, preferences)?;
        watch::follow_preferences(&self.ctx).await?;
        Ok(session::state(&self.ctx).await)
    }

    /// Everything is as it comes, but for how the lists are sorted and filtered: that is not set in the preferences.
    ///
    /// # Errors
    /// When it cannot be written; nothing has changed then.
    pub async fn reset_preferences(&self) -> Result<AppState, UiError> {
        preferences::reset_preferences(&self.ctx)?;
        watch::follow_preferences(&self.ctx).await?;
        Ok(session::state(&self.ctx).await)
    }

    /// What stands now where the search folders should be.
    pub async fn search_folders(&self) -> SearchFoldersChecked {
        preferences::folders_now::search_folders(&self.ctx).await
    }

    /// The user chooses a folder in a native dialog.
    ///
    /// # Errors
    /// When its path is no text, so that it can't be written down.
    pub async fn choose_search_folder(&self) -> Result<FolderChosen, UiError> {
        preferences::folders_now::choose_search_folder(&self.ctx).await
    }

    /// A folder of the app on this machine.
    #[must_use]
    pub fn folder(&self, folder: Folder) -> &Path {
        preferences::folder(&self.ctx, folder)
    }

    /// How the watch over this machine stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watch(&self) -> Result<WatchView, UiError> {
        watch::view(&self.ctx).await
    }

    /// Whether there is a newer version. Asks for it when the user wants that and it was not asked for a day.
    pub async fn updates(&self) -> UpdatesView {
        updates::updates(&self.ctx).await
    }

    /// Where the newer version can be had: a page that was found to be on the site that announced it.
    #[must_use]
    pub fn page_of_newer_version(&self) -> Option<Url> {
        updates::page_of_newer_version(&self.ctx)
    }
}
