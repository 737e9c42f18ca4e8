//! Package managers, and which one this machine has.

use std::env;
use std::path::PathBuf;

/// Package managers whose names we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Debian, Ubuntu and kin.
    Apt,
    /// Fedora and kin.
    Dnf,
    /// Arch and kin.
    Pacman,
    /// macOS.
    Brew,
    /// Windows.
    Winget,
}

impl Family {
    /// The family of this machine, by the program that is there.
    pub(crate) fn here() -> Option<Self> {
        match env::consts::OS {
            "macos" => Some(Self::Brew),
            "windows" => Some(Self::Winget),
            _ => [
                (Self::Apt, "apt-get"),
                (Self::Dnf, "dnf"),
                (Self::Pacman, "pacman"),
            ]
            .into_iter()
            .find(|(_, program)| on_path(program).is_some())
            .map(|(family, _)| family),
        }
    }

    /// The start of the command that the user types to install packages.
    pub(super) fn install_command(self) -> &'static str {
        match self {
            Self::Apt => "sudo apt-get install --no-install-recommends",
            Self::Dnf => "sudo dnf install",
            Self::Pacman => "sudo pacman -S --needed",
            Self::Brew => "brew install",
            Self::Winget => "winget install",
        }
    }

    /// What this package manager can do about Node.js.
    pub(crate) fn node_hint() -> &'static str {
        match Self::here() {
            Some(Self::Apt) => "the package `nodejs` of Debian 12 and Ubuntu 24.04 is too old",
            Some(Self::Dnf) => "or type: sudo dnf install nodejs npm",
            Some(Self::Pacman) => "or type: sudo pacman -S nodejs npm",
            Some(Self::Brew) => "or type: brew install node",
            Some(Self::Winget) => "or type: winget install OpenJS.NodeJS.LTS",
            None => "npm must be on the PATH too",
        }
    }
}

/// Where a program is, by the PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}
