//! What the page is given before it can ask: a script that the web view runs before any of the page's own.
//!
//! It is a script of the app, not of the page, so the page's policy, which allows no inline script, stays as it is. The
//! page takes what it finds and asks for everything anew; without it, it just asks. Left out: what is in it
//! (`pulse_keys_core::view::Handover`, which holds no secret).

use pulse_keys_core::PulseKeys;
use serde::Serialize;

/// Where the page looks for it; `ui/src/host/handover.ts` names it too.
const NAME: &str = "__PULSE_KEYS_HANDOVER__";

/// The script, or an empty one where there is nothing to give.
pub(crate) fn script(core: &PulseKeys) -> String {
    let handover = tauri::async_runtime::block_on(core.handover());
    script_of(&handover).unwrap_or_else(|error| {
        tracing::warn!("the page is given nothing at its start: {error}");
        String::new()
    })
}

/// The data is a text that the page parses, not code: no name in it can mean anything to a script. What could end a
/// line or an element somewhere is escaped.
fn script_of(handover: &impl Serialize) -> serde_json::Result<String> {
    let json = serde_json::to_string(handover)?;
    let text = serde_json::to_string(&json)?
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    Ok(format!(
        "Object.defineProperty(window,\"{NAME}\",{{value:{text},configurable:true}});"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whatever_a_key_is_called_the_script_is_one_line_with_one_text() {
        let name = "</script><script>alert(1)//\u{2028}\u{2029}\n\"');${1}`\\ __proto__";
        let script = script_of(&json!({ "name": name, "__proto__": { "x": 1 } })).unwrap();
        assert!(
            !script.contains(['<', '\n', '\r', '\u{2028}', '\u{2029}']),
            "{script}"
        );
        let text = script.split_once("{value:").unwrap().1;
        let text = text.split_once(",configurable:true}").unwrap().0;
        let json: String = serde_json::from_str(text).unwrap();
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["name"], name);
    }

    #[test]
    fn the_page_looks_for_it_under_the_same_name() {
        let page = include_str!("../../ui/src/host/handover.ts");
        assert!(page.contains(NAME));
    }
}
