//! Which of WebKitGTK's two ways to draw is taken.
//!
//! The newer one shares buffers with the graphics card (DMABUF). Without a card that it can use it is some ten times
//! slower than the older one, and with NVIDIA's own driver windows stay empty (tauri#9304). `WebKit` reads a variable to
//! decide, once, and hands it on to its processes. It is set before this program has a thread of its own: setting one
//! beside a thread that reads is what makes that unsafe. Starting the program again with it cost 70 ms, in which the same
//! hundred and sixty libraries were linked a second time. Left out: everything that is drawn.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::sync::OnceLock;

use gtk::glib;
use pulse_keys_core::view::Renderer;

/// WebKitGTK's switch: `1` takes the older way, `0` the newer one. The man page names it as well.
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Filled where this program has set the switch, not the user.
static CHOSEN: OnceLock<()> = OnceLock::new();

/// How to overrule the choice: for `--help` and the window.
pub(crate) const HINT: &str = "WEBKIT_DISABLE_DMABUF_RENDERER=0 draws with the graphics card, 1 without; when it is not \
                               set, the app chooses";

/// Takes the older way where the newer one would be slow or show nothing, unless the user has chosen one. Call it before
/// this program starts a thread.
pub(crate) fn choose() {
    if std::env::var_os(SWITCH).is_some() || can_share_buffers(Path::new("/")) {
        return;
    }
    match glib::setenv(SWITCH, "1", true) {
        Ok(()) => {
            CHOSEN.get_or_init(|| ());
        }
        // Slow, but it works.
        Err(error) => tracing::warn!("the renderer could not be chosen: {error}"),
    }
}

/// Which way is taken, and how to take the other.
pub(crate) fn in_words() -> Renderer {
    let switch = std::env::var_os(SWITCH);
    Renderer {
        message: message(switch.as_deref(), CHOSEN.get().is_some()).to_owned(),
        hint: format!("In the environment of the app, {HINT}."),
    }
}

/// By the switch, and whether the app has set it.
fn message(switch: Option<&OsStr>, is_chosen_here: bool) -> &'static str {
    // As WebKit reads it: anything but 0 takes the older way.
    let is_older = switch.is_some_and(|value| value != "0");
    match (is_older, is_chosen_here || switch.is_none()) {
        (true, true) => {
            "The window is drawn without the graphics card: there is none that the app may use, or it has NVIDIA’s own \
             driver."
        }
        (true, false) => "The window is drawn without the graphics card, as the environment says.",
        (false, true) => "The window is drawn with the graphics card.",
        (false, false) => "The window is drawn with the graphics card, as the environment says.",
    }
}

/// Whether there is a graphics card that this user may use, with a driver that `WebKit` gets along with.
fn can_share_buffers(root: &Path) -> bool {
    // NVIDIA's own driver makes it, with open kernel modules too; nouveau does not.
    if root.join("proc/driver/nvidia/version").exists() {
        return false;
    }
    let Ok(nodes) = fs::read_dir(root.join("dev/dri")) else {
        return false;
    };
    nodes.flatten().any(|node| {
        let is_render_node = node.file_name().as_encoded_bytes().starts_with(b"renderD");
        is_render_node
            && OpenOptions::new()
                .read(true)
                .write(true)
                .open(node.path())
                .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        root
    }

    #[test]
    fn buffers_are_shared_with_a_card_that_can_be_used_and_no_other() {
        let shares = |files: &[&str]| can_share_buffers(machine(files).path());
        assert!(shares(&["dev/dri/card0", "dev/dri/renderD128"]));
        assert!(!shares(&[]), "a virtual machine");
        assert!(!shares(&["dev/dri/card0"]), "no render node");
        assert!(!shares(&[
            "dev/dri/renderD128",
            "proc/driver/nvidia/version"
        ]));
    }

    #[test]
    fn a_render_node_that_cannot_be_opened_is_none() {
        let root = machine(&[]);
        fs::create_dir_all(root.path().join("dev/dri/renderD128")).unwrap();
        assert!(!can_share_buffers(root.path()));
    }

    #[test]
    fn who_chose_the_way_is_told() {
        let told = |switch: Option<&str>, chosen| message(switch.map(OsStr::new), chosen);
        assert!(told(Some("1"), true).contains("without the graphics card: there is none"));
        assert!(told(Some("1"), false).contains("without the graphics card, as the env"));
        assert!(told(Some("0"), false).contains("with the graphics card, as the env"));
        assert_eq!(
            told(None, false),
            "The window is drawn with the graphics card."
        );
        assert!(HINT.contains(SWITCH));
    }

    #[test]
    fn the_man_page_and_the_help_name_the_switch() {
        use clap::CommandFactory as _;
        let page = include_str!("../linux/pulse-keys.1");
        assert!(page.contains(SWITCH));
        let help = crate::options::Options::command().render_help().to_string();
        assert!(help.contains(SWITCH), "{help}");
    }
}
