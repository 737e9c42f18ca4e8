//! Programs' own stores.

use super::form::{Forms, write};
use crate::packing::gzip;

pub(super) fn add(forms: &mut Forms) {
    forms.kind = "stores";
    forms.file("sqlite, in a page", ".config/app/state.vscdb", |token| {
        sqlite(token.whole().as_bytes(), 1000)
    });
    forms.file(
        "sqlite, over two pages",
        ".config/app/state.vscdb",
        |token| sqlite(token.whole().as_bytes(), 4092 - 20),
    );
    forms.file(
        "sqlite, the last 8 over two pages",
        ".config/app/h.db",
        |token| {
            let whole = token.whole();
            sqlite(whole.as_bytes(), 4092 - (whole.len() - 3))
        },
    );
    forms.file(
        "leveldb, a log",
        ".config/Postman/Local Storage/leveldb/000003.log",
        |token| {
            [
                &[0x12, 0x34, 0, 0, 80, 0, 1],
                token.whole().as_bytes(),
                &[0, 1, 2],
            ]
            .concat()
        },
    );
    for (form, place, text) in [
        (
            "zsh history",
            ".zsh_history",
            ": 1700000000:0;curl -H 'Authorization: Bearer {}' x\n",
        ),
        (
            "fish history",
            ".local/share/fish/fish_history",
            "- cmd: set -x K {}\n  when: 1\n",
        ),
        (
            "powershell history",
            ".local/share/powershell/PSReadLine/ConsoleHost_history.txt",
            "$k='{}'\n",
        ),
        (
            "nushell history",
            ".config/nushell/history.txt",
            "$env.K = '{}'\n",
        ),
        ("python history", ".python_history", "k = '{}'\n"),
        ("less history", ".lesshst", ".less-history-file:\n\"{}\n"),
        ("vim's registers", ".viminfo", "\"1\tLINE\t0\n\t{}\n"),
        ("neovim's undo", ".local/state/nvim/undo/x", "\u{0}{}\u{0}"),
        (
            "tmux's capture",
            ".tmux/resurrect/pane_contents/pane-1",
            "$ echo {}\n",
        ),
        ("screen's log", "screenlog.0", "$ echo {}\r\n"),
        (
            "postman's export",
            "api.postman_collection.json",
            "{\"auth\":{\"bearer\":[{\"value\":\"{}\"}]}}",
        ),
        (
            "insomnia's store",
            ".config/Insomnia/insomnia.Environment.db",
            "{\"data\":{\"k\":\"{}\"}}\n",
        ),
        (
            "bruno's environment",
            "api/environments/prod.bru",
            "vars {\n  k: {}\n}\n",
        ),
        (
            "http file",
            "api/a.http",
            "GET https://x\nAuthorization: Bearer {}\n",
        ),
        (
            "n8n's export",
            "n8n/workflow.json",
            "{\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer {}\"}]}",
        ),
        (
            "node-red's flows",
            ".node-red/flows_cred.json",
            "{\"k\":\"{}\"}",
        ),
        (
            "home assistant's secrets",
            "homeassistant/secrets.yaml",
            "pulse: {}\n",
        ),
        (
            "assistant's transcript",
            ".claude/projects/x/1.jsonl",
            "{\"text\":\"use {} please\"}\n",
        ),
        (
            "assistant's history",
            ".codex/history.jsonl",
            "{\"text\":\"{}\"}\n",
        ),
        (
            "editor's workspace",
            ".config/JetBrains/IDE/options/other.xml",
            "<option value=\"{}\"/>",
        ),
        (
            "editor's local history",
            ".config/Code/User/History/x/a.env",
            "K={}\n",
        ),
        (
            "clipboard manager",
            ".local/share/klipper/history2.lst",
            "\u{0}{}\u{0}",
        ),
        ("clipman", ".local/share/clipman.json", "[\"{}\"]"),
        (
            "password manager's export",
            "bitwarden_export.json",
            "{\"items\":[{\"login\":{\"password\":\"{}\"}}]}",
        ),
        (
            "chrome's exported passwords",
            "Chrome Passwords.csv",
            "name,url,u,p\nx,y,z,{}\n",
        ),
        (
            "container's settings",
            "inspect.json",
            "[{\"Config\":{\"Env\":[\"K={}\"]}}]",
        ),
        (
            "terraform's state",
            "infra/terraform.tfstate",
            "{\"attributes\":{\"value\":\"{}\"}}",
        ),
        ("core dump", "core.1234", "\u{7f}ELF\u{2}\u{0}K={}\u{0}"),
        (
            "swap file of vim",
            ".a.env.swp",
            "b0VIM 8.2\u{0}\u{0}K={}\u{0}",
        ),
        ("crash report", "reports/crash.dmp", "MDMP\u{0}{}\u{0}"),
    ] {
        forms.text(form, place, text);
    }
    forms.file("log, rotated", "var/log/app.log.2.gz", |token| {
        gzip(format!("GET /?key={} 200\n", token.whole()).as_bytes())
    });
    forms.act(
        "an assistant's cache",
        ".cache/assistant/1.json",
        |home, token| {
            let text = format!("{{\"text\":\"{}\"}}", token.whole());
            write(home, ".cache/assistant/1.json", text.as_bytes());
        },
    );
}

/// A database of one table with one long value, `before` bytes of which stand before the key: as `sqlite3` writes it
/// on a page of its own and those that follow.
fn sqlite(key: &[u8], before: usize) -> Vec<u8> {
    const PAGE: usize = 4096;
    let mut value = vec![b'.'; before];
    value.extend_from_slice(key);
    value.resize(PAGE * 2, b'.');
    let mut file = vec![0; PAGE];
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..18].copy_from_slice(&[0x10, 0]);
    file[18..24].copy_from_slice(&[1, 1, 0, 64, 32, 32]);
    // The pages that a value runs over each begin with the number of the next.
    let parts: Vec<_> = value.chunks(PAGE - 4).collect();
    for (number, part) in parts.iter().enumerate() {
        let next = if number + 1 == parts.len() {
            0
        } else {
            u32::try_from(number + 3).unwrap()
        };
        file.extend(next.to_be_bytes());
        file.extend_from_slice(part);
        file.resize(file.len().next_multiple_of(PAGE), 0);
    }
    file
}
