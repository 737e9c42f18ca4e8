//! Files of macOS.

use super::spot::{Spot, ci, environment, integration, other, script};

pub(super) const SPOTS: &[Spot] = &[
    // Shells.
    environment("~/.profile"),
    environment("~/.bashrc"),
    environment("~/.bash_profile"),
    environment("~/.bash_login"),
    environment("~/.bash_aliases"),
    environment("~/.zshrc"),
    environment("~/.zshenv"),
    environment("~/.zprofile"),
    environment("~/.zlogin"),
    environment("~/.config/zsh/.zshrc"),
    environment("~/.config/fish/config.fish"),
    environment("~/.config/fish/fish_variables"),
    environment("~/.config/fish/conf.d/*.fish"),
    environment("~/.config/powershell/*.ps1"),
    environment("~/Library/Application Support/nushell/env.nu"),
    environment("/etc/profile"),
    environment("/etc/zshenv"),
    environment("/etc/zshrc"),
    environment("/etc/zprofile"),
    // Services.
    environment("~/Library/LaunchAgents/*.plist"),
    environment("/Library/LaunchAgents/*.plist"),
    environment("/Library/LaunchDaemons/*.plist"),
    environment("/opt/homebrew/etc/*.conf"),
    script("/etc/crontab"),
    script("/usr/lib/cron/tabs/*"),
    script("~/.local/bin/*"),
    script("~/bin/*"),
    script("~/Library/Scripts/*"),
    ci("~/.gitlab-runner/config.toml"),
    ci("~/actions-runner/.env"),
    ci("~/.actrc"),
    // Programs with a folder of their own.
    integration("~/Library/Application Support/Claude/claude_desktop_config.json"),
    integration("~/Library/Application Support/Code/User/settings.json"),
    integration("~/Library/Application Support/Code/User/mcp.json"),
    integration("~/Library/Application Support/Cursor/User/settings.json"),
    integration("~/Library/Application Support/Insomnia/*.db"),
    integration("~/Library/Application Support/Postman/storage/*.json"),
    integration("~/Library/Application Support/com.vercel.cli/auth.json"),
    integration("~/Library/Preferences/netlify/config.json"),
    // What was typed.
    other("~/.bash_history"),
    other("~/.zsh_history"),
    other("~/.zsh_sessions/*"),
    other("~/.local/share/fish/fish_history"),
    other("~/.local/share/atuin/history.db"),
];
