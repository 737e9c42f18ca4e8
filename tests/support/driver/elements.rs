//! Finding elements of the page, and asking what a screen reader would say of them.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::Value;

use super::{App, wire};

/// How WebDriver names an element in JSON.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What matches the first argument and can be seen, where each word of the second is in the text, in a label or in what
/// is shown instead of them.
const VISIBLE: &str = r#"
const [css, name] = arguments;
const words = name.split(/\s+/);
const isSeen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getClientRects().length > 0;
const told = (element) => [
    element.textContent,
    element.placeholder,
    ...(element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent),
    ...[...(element.labels ?? [])].map((label) => label.textContent),
    ...[element, ...element.querySelectorAll("[aria-label], [title], [alt]")].flatMap((each) =>
        ["aria-label", "title", "alt", "value"].map((attribute) => each.getAttribute(attribute))),
].join(" ");
const matches = (element) => {
    const text = name === "" ? "" : told(element);
    return words.every((word) => text.includes(word)) && isSeen(element);
};
return [...document.querySelectorAll(css)].filter(matches);
"#;

impl App<'_> {
    /// Waits for the first visible element that matches a CSS selector.
    ///
    /// # Panics
    /// When it doesn't appear.
    pub async fn find(&self, css: &str) -> Element {
        self.until(&format!("{css} is visible"), async || {
            self.look_for(css).await
        })
        .await
    }

    /// The first visible element that matches a CSS selector, if it is there now.
    pub async fn look_for(&self, css: &str) -> Option<Element> {
        self.visible(css, "").await.ok()?.into_iter().next()
    }

    /// Waits for the first visible element of an ARIA role whose accessible name is `name`.
    ///
    /// # Panics
    /// When it doesn't appear.
    pub async fn find_by_role(&self, role: &str, name: &str) -> Element {
        self.until(&format!("{role} {name:?} is visible"), async || {
            self.look_for_role(role, name).await.ok()?
        })
        .await
    }

    /// The first visible element of an ARIA role with this accessible name, if it is there now.
    ///
    /// # Errors
    /// When the page changed while it was searched.
    pub async fn look_for_role(&self, role: &str, name: &str) -> Result<Option<Element>, CmdError> {
        let elements = self.visible(&candidates(role), name).await?;
        let found = elements.into_iter().find(|element| {
            self.label_of(element).as_deref() == Some(name)
                && self.role_of(element).as_deref() == Some(role)
        });
        Ok(found)
    }

    /// The visible elements that match a CSS selector, and where each word of `name` can be read. Asked in one call: the
    /// page is looked at again and again, and asking for each element by itself takes longer than what is waited for.
    async fn visible(&self, css: &str, name: &str) -> Result<Vec<Element>, CmdError> {
        let found = self.client.execute(VISIBLE, vec![css.into(), name.into()]);
        let found = found.await?;
        let ids = found.as_array().into_iter().flatten();
        let ids = ids.filter_map(|element| element.get(ELEMENT_KEY)?.as_str());
        let elements = ids.map(|id| {
            Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))
        });
        Ok(elements.collect())
    }

    /// Waits until nothing visible matches a CSS selector.
    ///
    /// # Panics
    /// When something stays.
    pub async fn wait_until_gone(&self, css: &str) {
        self.until(&format!("{css} is gone"), async || {
            let visible = self.visible(css, "").await.ok()?;
            visible.is_empty().then_some(())
        })
        .await;
    }

    /// The accessible name that a screen reader would say.
    #[must_use]
    pub fn label_of(&self, element: &Element) -> Option<String> {
        self.computed(element, "computedlabel")
    }

    /// The role that a screen reader would say.
    #[must_use]
    pub fn role_of(&self, element: &Element) -> Option<String> {
        self.computed(element, "computedrole")
    }

    fn computed(&self, element: &Element, what: &str) -> Option<String> {
        let (session, id) = (&self.session, element.element_id());
        let path = format!("/session/{session}/element/{id}/{what}");
        match wire::request(self.port, "GET", &path)? {
            Value::String(value) => Some(value),
            _ => None,
        }
    }
}

/// A CSS selector for everything that can have an ARIA role; `find_by_role` then asks each.
fn candidates(role: &str) -> String {
    let native = match role {
        "button" => "button, summary, input[type=button], input[type=submit]",
        "textbox" => "input, textarea, [contenteditable]",
        "searchbox" => "input[type=search]",
        "checkbox" => "input[type=checkbox]",
        "radio" => "input[type=radio]",
        "link" => "a[href]",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "dialog" => "dialog",
        "list" => "ul, ol",
        "listitem" => "li",
        "table" => "table",
        "row" => "tr",
        "combobox" => "select",
        "img" => "img, svg",
        _ => return format!("[role={role}]"),
    };
    format!("[role={role}], {native}")
}
