//! Where the app keeps its files, in one function.
//!
//! `PULSE_KEYS_HOME` redirects all of it to one folder, so that tests and trials never touch the user's own.
//! Left out: what is in the files.

use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The variable that redirects every folder.
pub const HOME_VARIABLE: &str = "PULSE_KEYS_HOME";

/// The app's folders. They exist, and only their owner may read them, once [`Folders::prepare`] has returned.
#[derive(Clone, Debug)]
pub struct Folders {
    config: PathBuf,
    data: PathBuf,
}

impl Folders {
    /// The platform's folders for this app, or below `PULSE_KEYS_HOME` when it is set.
    ///
    /// # Errors
    /// When the platform names no home folder.
    pub fn of_this_user() -> io::Result<Self> {
        if let Some(home) = std::env::var_os(HOME_VARIABLE).filter(|home| !home.is_empty()) {
            return Ok(Self::below(Path::new(&home)));
        }
        let dirs = ProjectDirs::from("io", "pulsekeys", "pulse-keys").ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, "this user has no home folder")
        })?;
        Ok(Self {
            config: dirs.config_dir().to_owned(),
            data: dirs.data_local_dir().to_owned(),
        })
    }

    /// Everything below one folder.
    #[must_use]
    pub fn below(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            data: home.join("data"),
        }
    }

    /// Makes the folders, readable for their owner only.
    ///
    /// # Errors
    /// When a folder cannot be made or its permissions cannot be set.
    pub fn prepare(&self) -> io::Result<()> {
        for folder in [&self.config, &self.data] {
            std::fs::create_dir_all(folder)?;
            owner_only(folder, 0o700)?;
        }
        Ok(())
    }

    /// Where preferences, accounts and the window's place are.
    #[must_use]
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Where everything else is that lasts.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The list of accounts. No secrets in it.
    #[must_use]
    pub fn accounts_file(&self) -> PathBuf {
        self.config.join("accounts.json")
    }

    /// What the user chose about the app itself. No secrets in it.
    #[must_use]
    pub fn preferences_file(&self) -> PathBuf {
        self.config.join("preferences.json")
    }

    /// What servers are taken for, where the user describes one. The app reads it and never writes it.
    #[must_use]
    pub fn contract_file(&self) -> PathBuf {
        self.config.join("contract.toml")
    }

    /// Where the window was and how large.
    #[must_use]
    pub fn window_file(&self) -> PathBuf {
        self.config.join("window.json")
    }

    /// List cache, journal and open intents. No secrets in it.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data.join("pulse-keys.sqlite")
    }

    /// When it was last asked whether there is a newer version, and the answer.
    #[must_use]
    pub fn updates_file(&self) -> PathBuf {
        self.data.join("updates.json")
    }

    /// Holds a file for each write that a custodian sends, locked while the custodian is at work. All are empty.
    #[must_use]
    pub fn custodian_locks(&self) -> PathBuf {
        self.data.join("custodians")
    }

    /// The database of the server inside the app.
    #[must_use]
    pub fn sandbox_file(&self) -> PathBuf {
        self.data.join("sandbox.sqlite")
    }

    /// The same for the one without key endpoints.
    #[must_use]
    pub fn sandbox_without_key_endpoints_file(&self) -> PathBuf {
        self.data.join("sandbox-without-key-endpoints.sqlite")
    }
}

/// Takes a file or folder away from everybody but its owner, where the platform has such permissions.
pub(crate) fn owner_only(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        // A user's own folders on Windows are closed to other users already.
        let _ = (path, mode);
        Ok(())
    }
}
