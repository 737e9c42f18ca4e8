//! What the page is given before it can ask: an element of its document with a text in it.
//!
//! The web view takes hundreds of milliseconds to come about, and asks for its document when it has. What the document
//! brings along is read meanwhile, so the document waits for it, hardly ever for long. The element is data, not a script,
//! so the page's policy, which allows no inline script, stays as it is. The page takes what it finds and asks for
//! everything anew; without it, as after a reload, it just asks. Left out: what is in it
//! (`pulse_keys_core::view::Handover`, which holds no secret).

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use pulse_keys_core::PulseKeys;
use serde::Serialize;
use tauri::http::Response;
use tauri::http::header::CONTENT_TYPE;

/// Where the page looks for it; `ui/src/host/handover.ts` names it too.
const ID: &str = "handover";

/// Gives what was read to the page. Dropped without, it says that there will be nothing to show.
pub(crate) struct Giver(Sender<String>);

/// Puts what is given into the page's document.
pub(crate) struct Handover(Mutex<Option<Receiver<String>>>);

/// Both ends of it.
pub(crate) fn begin() -> (Giver, Handover) {
    let (sender, receiver) = channel();
    (Giver(sender), Handover(Mutex::new(Some(receiver))))
}

impl Giver {
    /// Reads what the first screen shows, and gives it.
    pub(crate) fn give(&self, core: &PulseKeys) {
        let handover = tauri::async_runtime::block_on(core.handover());
        let element = element(&handover).unwrap_or_else(|error| {
            tracing::warn!("the page is given nothing at its start: {error}");
            String::new()
        });
        // The window may be closed already.
        let _ = self.0.send(element);
    }
}

impl Handover {
    /// Looks at each answer to the page. Its first document gets what is given, and waits for it; where the app can't
    /// start, that document stays empty.
    pub(crate) fn put_into(&self, response: &mut Response<std::borrow::Cow<'static, [u8]>>) {
        let is_document = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !is_document {
            return;
        }
        // The change under the lock is one assignment, so what a panicking thread leaves behind is sound.
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A later document is for a page that asks.
        let Some(given) = given else { return };
        let document = response.body_mut();
        *document = match given.recv() {
            Ok(element) => with_element(document, &element).into(),
            Err(_) => Vec::new().into(),
        };
        tracing::debug!("the page has its document");
    }
}

/// The element is the last thing in the document, where it moves nothing.
fn with_element(document: &[u8], element: &str) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let end = document.windows(END.len()).rposition(|part| part == END);
    let (before, after) = document.split_at(end.unwrap_or(document.len()));
    [before, element.as_bytes(), after].concat()
}

/// Nothing in a text can end the element: `<` stands in JSON's strings only, and is escaped there.
fn element(handover: &impl Serialize) -> serde_json::Result<String> {
    let json = serde_json::to_string(handover)?.replace('<', "\\u003c");
    Ok(format!(
        "<script type=\"application/json\" id=\"{ID}\">{json}</script>"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(kind: &str) -> Response<std::borrow::Cow<'static, [u8]>> {
        Response::builder()
            .header(CONTENT_TYPE, kind)
            .body(b"<body><p></p></body>".as_slice().into())
            .unwrap()
    }

    fn body(handover: &Handover, kind: &str) -> String {
        let mut response = document(kind);
        handover.put_into(&mut response);
        String::from_utf8(response.into_body().into_owned()).unwrap()
    }

    #[test]
    fn whatever_a_key_is_called_the_element_ends_where_it_should() {
        let name = "</script><script>alert(1)<!--\u{2028}\u{2029}\n\"');${1}`\\ __proto__ </body>";
        let element = element(&json!({ "name": name, "__proto__": { "x": 1 } })).unwrap();
        let json = element.strip_prefix("<script type=\"application/json\" id=\"handover\">");
        let json = json.unwrap().strip_suffix("</script>").unwrap();
        assert!(!json.contains('<'), "{json}");
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(value["name"], name);
    }

    #[test]
    fn the_first_document_gets_it_and_no_other_answer() {
        let (giver, handover) = begin();
        giver.0.send("<i>{}</i>".to_owned()).unwrap();
        assert_eq!(body(&handover, "text/javascript"), "<body><p></p></body>");
        let first = body(&handover, "text/html; charset=utf-8");
        assert_eq!(first, "<body><p></p><i>{}</i></body>");
        assert_eq!(body(&handover, "text/html"), "<body><p></p></body>");
    }

    #[test]
    fn where_the_app_can_not_start_there_is_no_page() {
        let (giver, handover) = begin();
        drop(giver);
        assert_eq!(body(&handover, "text/html"), "");
    }

    #[test]
    fn the_page_looks_for_it_under_the_same_name() {
        let page = include_str!("../../ui/src/host/handover.ts");
        assert!(page.contains(&format!("\"{ID}\"")));
    }
}
