//! Links to a key, `pulsekeys://key/ID`: handed over by a second start, given to the first one, or sent by macOS.
//!
//! A link only ever opens: the page shows the key, if there is one. Any website can offer one, so nothing but the one
//! form is taken, and what was not taken is not even logged. Not through the deep link plugin: it finds the same
//! argument in the same places, tells every listener of the page, and for a scheme that is written in the configuration
//! the bundler makes the system's entries without it. Left out: those entries, which come with the bundles.

use pulse_keys_core::view::WindowEvent;
use tauri::{AppHandle, Manager as _};

use crate::window_events::Page;

const SCHEME: &str = "pulsekeys:";
const KEY: &str = "//key/";

/// The longest record id that a link may name.
const MAX_LINK_BYTES: usize = 64;

/// Opens a link, if there is one.
pub(crate) fn open(app: &AppHandle, link: Option<&str>) {
    let Some(link) = link else {
        return;
    };
    match key(link) {
        Some(key) => app.state::<Page>().tell(WindowEvent::Link {
            key: key.to_owned(),
        }),
        None => tracing::warn!("a link was not opened: it does not lead to a key"),
    }
}

fn key(link: &str) -> Option<&str> {
    let id = link.strip_prefix(SCHEME)?.strip_prefix(KEY)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_id = (1..=MAX_LINK_BYTES).contains(&id.len()) && id.bytes().all(is_plain);
    is_id.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_key() {
        assert_eq!(key("pulsekeys://key/42"), Some("42"));
        assert_eq!(key("pulsekeys://key/01J_x-9"), Some("01J_x-9"));
    }

    #[test]
    fn and_nowhere_else() {
        let long = format!("pulsekeys://key/{}", "7".repeat(65));
        for other in [
            "pulsekeys://key/",
            "pulsekeys://key/..",
            "pulsekeys://key/42/rotate",
            "pulsekeys://key/42?delete=1",
            "pulsekeys://key/42#x",
            "pulsekeys://key/4%32",
            "pulsekeys://key/ 42",
            "pulsekeys://key/42\n",
            "pulsekeys://KEY/42",
            "pulsekeys://delete/42",
            "pulsekeys:key/42",
            "https://key/42",
            "--sandbox",
            "",
            &long,
        ] {
            assert_eq!(key(other), None, "{other:?}");
        }
    }
}
