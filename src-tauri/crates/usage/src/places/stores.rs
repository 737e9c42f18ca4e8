//! Programs' own stores: what they write down by themselves, and where. Most of it lies in a home folder and is met when
//! that is searched; what is named here is looked into first, and also where its folder is left out.
//!
//! Each line with where its path is from.

use super::spot::{Spot, environment, integration, other, script};

pub(super) const SPOTS: &[Spot] = &[
    // What was typed. sqlite.org/cli.html, 2
    other("~/.sqlite_history"),
    // redis.io/docs/latest/develop/tools/cli, "Interactive mode"
    other("~/.rediscli_history"),
    // mongodb.com/docs/mongodb-shell/logs, "Retrieve the shell logs"
    other("~/.mongodb/mongosh/mongosh_repl_history"),
    // docs.ruby-lang.org, IRB, "History"
    other("~/.irb_history"),
    other("~/.local/share/irb/irb_history"),
    // php.net/manual/en/features.commandline.interactive.php
    other("~/.php_history"),
    // gnu.org/software/gdb, "Command History"
    other("~/.gdb_history"),
    // duckdb.org/docs/stable/clients/cli
    other("~/.duckdb_history"),
    // docs.python.org/3/using/cmdline.html, PYTHON_HISTORY
    other("~/.local/state/python_history"),
    // zsh.sourceforge.io, as desktop guides put it below XDG_STATE_HOME
    other("~/.local/state/zsh/history"),
    other("~/.cache/zsh/history"),
    // Clients of APIs. learning.postman.com, "Postman logs"; yaak.app/docs; docs.insomnia.rest, "Application data"
    integration("~/.config/Postman/IndexedDB/*/*.log"),
    integration("~/.config/Insomnia/backups/*/*.db"),
    integration("~/.local/share/app.yaak.desktop/*.sqlite"),
    // docs.usebruno.com, "Secret variables"
    integration("~/.config/bruno/*.json"),
    // httpie.io/docs/desktop
    integration("~/.config/HTTPie/*.json"),
    // docs.n8n.io, "Configuration methods"; nodered.org/docs, "Configuration"
    integration("~/.n8n/database.sqlite"),
    integration("~/.n8n/.env"),
    integration("~/.node-red/settings.js"),
    // home-assistant.io/docs/configuration
    integration("~/.homeassistant/.storage/core.config_entries"),
    // Assistants. docs.aider.chat, "Options reference"
    other("~/.aider.input.history"),
    other("~/.aider.chat.history.md"),
    // github.com/openai/codex, docs/config.md, "history"
    other("~/.codex/sessions/*/*/*/*.jsonl"),
    // code.claude.com/docs, "Settings"
    other("~/.cache/claude-cli-nodejs/*/*/*.jsonl"),
    // Editors. jetbrains.com/help/idea/directories-used-by-the-ide-to-store-settings-caches-plugins-and-logs.html
    other("~/.cache/JetBrains/*/httpRequests/*"),
    other("~/.cache/JetBrains/*/LocalHistory/changes.storageData"),
    // code.visualstudio.com/docs/configure/settings; the store is of SQLite
    other("~/.config/Code/User/globalStorage/state.vscdb"),
    other("~/.config/VSCodium/User/globalStorage/state.vscdb"),
    other("~/.config/Cursor/User/globalStorage/state.vscdb"),
    // Terminals. gnu.org/software/screen/manual, "Log"; github.com/tmux-plugins/tmux-resurrect, docs/restoring_pane_contents.md
    other("~/screenlog.*"),
    other("~/.local/share/tmux/resurrect/*"),
    // Clipboards. hluk.github.io/CopyQ; wiki.gnome.org; docs.kde.org, klipper
    other("~/.config/copyq/copyq_tab_*.dat"),
    other("~/.cache/gnome-shell-extension-clipboard-indicator/registry.txt"),
    other("~/.cache/clipboard-indicator@tudmotu.com/registry.txt"),
    other("~/.cache/cliphist/db"),
    other("~/.local/share/klipper/history2.lst"),
    other("~/.local/share/klipper/history3.sqlite"),
    // Services. systemd.io/CREDENTIALS
    environment("/etc/credstore/*"),
    environment("/run/credstore/*"),
    environment("/usr/lib/credstore/*"),
    environment("/run/credentials/*/*"),
    environment("~/.config/credstore/*"),
    // man7.org/linux/man-pages/man1/at.1p.html
    script("/var/spool/cron/atjobs/*"),
    script("/var/spool/at/*"),
];
