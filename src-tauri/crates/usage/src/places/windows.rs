//! Files of Windows; the registry has a list of its own.

use super::spot::{Spot, ci, environment, integration, other};

pub(super) const SPOTS: &[Spot] = &[
    // Shells.
    environment("~/Documents/PowerShell/*.ps1"),
    environment("~/Documents/WindowsPowerShell/*.ps1"),
    environment("~/.bashrc"),
    environment("~/.bash_profile"),
    environment("~/.profile"),
    environment("~/AppData/Roaming/nushell/env.nu"),
    // Programs with a folder of their own.
    integration("~/AppData/Roaming/Claude/claude_desktop_config.json"),
    integration("~/AppData/Roaming/Code/User/settings.json"),
    integration("~/AppData/Roaming/Code/User/mcp.json"),
    integration("~/AppData/Roaming/Cursor/User/settings.json"),
    integration("~/AppData/Roaming/Insomnia/*.db"),
    integration("~/AppData/Roaming/Postman/storage/*.json"),
    integration("~/AppData/Roaming/GitHub CLI/hosts.yml"),
    integration("~/AppData/Roaming/com.vercel.cli/Data/auth.json"),
    integration("~/AppData/Roaming/netlify/Config/config.json"),
    ci("~/actions-runner/.env"),
    // What was typed.
    other("~/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/*.txt"),
    other("~/.bash_history"),
];
