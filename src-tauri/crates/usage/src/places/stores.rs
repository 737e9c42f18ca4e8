//! Programs' own stores: what they write down by themselves, and where. Most of it lies in a home folder and is met when
//! that is searched; what is named here is looked into first, and also where its folder is left out.
//!
//! Above each path stands its source: the project and the file of its code, or the page of its documentation, in which
//! the path was read; "other projects" are those that read or describe the file of this one, two at least. "Not checked"
//! says that it was compared with no source: a path that is wrong finds nothing and costs one look.

use super::spot::{Spot, environment, integration, other, script};

pub(super) const SPOTS: &[Spot] = &[
    // What was typed. sqlite/sqlite, sqlite3.1, "History file"
    other("~/.sqlite_history"),
    other("~/.local/state/sqlite_history"),
    // redis/redis, src/redis-cli.c, REDIS_CLI_HISTFILE_DEFAULT
    other("~/.rediscli_history"),
    // mongodb.com/docs/mongodb-shell/logs/command-history
    other("~/.mongodb/mongosh/mongosh_repl_history"),
    // ruby/irb, lib/irb/init.rb, rc_file_generators
    other("~/.irb_history"),
    other("~/.config/irb/irb_history"),
    // php.net, features.commandline.interactive
    other("~/.php_history"),
    // sourceware.org/gdb, "Command History": in the folder that it was started in
    other("~/.gdb_history"),
    // duckdb.org, "Files Created by DuckDB"
    other("~/.duckdb_history"),
    // Other projects' settings of PYTHON_HISTORY
    other("~/.local/state/python_history"),
    // Not checked: as some set HISTFILE of zsh.
    other("~/.local/state/zsh/history"),
    other("~/.cache/zsh/history"),
    // Clients of APIs. Postman's help, "How do I recover my data?"
    integration("~/.config/Postman/IndexedDB/*/*.log"),
    // Kong/insomnia, packages/insomnia/src/main/backup.ts; san3jaya/insomnia-mcp, README.md, the folder
    integration("~/.config/Insomnia/backups/*/*.db"),
    // mountain-loop/yaak, crates-tauri/yaak-app-client/tauri.conf.json, the folder; other projects' code that reads
    // db.sqlite in it
    integration("~/.local/share/app.yaak.desktop/*.sqlite"),
    // usebruno/bruno, packages/bruno-electron: package.json and src/store/global-environments.js, the names of the
    // program and of one file; other projects' code that reads preferences.json in this folder
    integration("~/.config/bruno/*.json"),
    // Not checked
    integration("~/.config/HTTPie/*.json"),
    // n8n-io/n8n, packages/@n8n/config/src/configs/database.config.ts; docs.n8n.io, "Specify user folder path"
    integration("~/.n8n/database.sqlite"),
    // Not checked
    integration("~/.n8n/.env"),
    // node-red/node-red, packages/node_modules/node-red/red.js
    integration("~/.node-red/settings.js"),
    // home-assistant/core, homeassistant/config_entries.py and homeassistant/helpers/storage.py, the last two names;
    // mintlify.com/home-assistant/core/configuration, the first
    integration("~/.homeassistant/.storage/core.config_entries"),
    // Assistants. Aider-AI/aider, aider/args.py: at the root of a repository, else in the folder that it was started in
    other("~/.aider.input.history"),
    other("~/.aider.chat.history.md"),
    // openai/codex, codex-rs/core/src/rollout/list.rs
    other("~/.codex/sessions/*/*/*/*.jsonl"),
    // anthropics/claude-code, issue 69427, the folders below the cache; other projects' documentation, the cache
    other("~/.cache/claude-cli-nodejs/*/*/*.jsonl"),
    // Editors. Not checked: jetbrains.com/help/idea names .idea/httpRequests of the project, which is met there.
    other("~/.cache/JetBrains/*/httpRequests/*"),
    // JetBrains/intellij-community, platform/lvcs-impl, LocalHistoryImpl.java, the last folder; other projects' code that
    // reads the file
    other("~/.cache/JetBrains/*/LocalHistory/changes.storageData"),
    // microsoft/vscode, src/vs/platform/storage/electron-main/storageMain.ts, the file's name; fuljo/rofi-vscode-mode,
    // wiki, "How it works", the folders; of the other two other projects' code
    other("~/.config/Code/User/globalStorage/state.vscdb"),
    other("~/.config/VSCodium/User/globalStorage/state.vscdb"),
    other("~/.config/Cursor/User/globalStorage/state.vscdb"),
    // Terminals. gnu.org/software/screen/manual, "Log": in the folder of the window
    other("~/screenlog.*"),
    // tmux-plugins/tmux-resurrect, docs/save_dir.md and scripts/helpers.sh
    other("~/.tmux/resurrect/*"),
    other("~/.local/share/tmux/resurrect/*"),
    // Clipboards. hluk/CopyQ, docs/backup.rst and src/item/itemstore.cpp
    other("~/.config/copyq/copyq_tab_*.dat"),
    // Tudmotu/gnome-shell-extension-clipboard-indicator, registry.js
    other("~/.cache/clipboard-indicator@tudmotu.com/registry.txt"),
    // Not checked: the same file names the folder by the extension's uuid, which this is not.
    other("~/.cache/gnome-shell-extension-clipboard-indicator/registry.txt"),
    // sentriz/cliphist, readme.md, -db-path
    other("~/.cache/cliphist/db"),
    // KDE/plasma-workspace, klipper/kconf_update/plasma6.3-update-clipboard-database-2-to-3.cpp
    other("~/.local/share/klipper/history2.lst"),
    other("~/.local/share/klipper/history3.sqlite"),
    // Services. systemd/systemd, docs/CREDENTIALS.md, "Relevant Paths"
    environment("/etc/credstore/*"),
    environment("/run/credstore/*"),
    environment("/usr/lib/credstore/*"),
    environment("/run/credentials/*/*"),
    // Other projects' documentation of services of a user
    environment("~/.config/credstore/*"),
    // manpages.ubuntu.com, atd(8), "Files"
    script("/var/spool/cron/atjobs/*"),
    // build.opensuse.org, package at, system-user-at.conf
    script("/var/spool/atjobs/*"),
    // archlinux.org, package at, its list of files
    script("/var/spool/atd/*"),
    // Other projects' code that reads queued jobs of Red Hat's kin
    script("/var/spool/at/*"),
];
