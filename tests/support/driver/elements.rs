//! Finding elements of the page, by CSS or as a screen reader names them.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::Value;

use super::App;

/// How WebDriver names an element in JSON.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What matches a CSS selector and can be seen.
const VISIBLE: &str = "
const [css] = arguments;
const isSeen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getClientRects().length > 0;
const visible = [...document.querySelectorAll(css)].filter(isSeen);";

/// Of it what has the role and the name, and is not hidden from assistive technology. Roles first: names take longer.
const NAMED: &str = "
const [, role, name] = arguments;
const isTold = (element) => element.closest('[inert]') === null && !isInaccessible(element);
const named = visible.filter((element) =>
    getRole(element) === role && computeAccessibleName(element) === name && isTold(element));";

/// Of either what is not off. What changes something is off for a moment after the start: a user would wait, too.
const ENABLED: &str = ".filter((element) => !element.matches(':disabled, [aria-disabled=true]'))";

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
        self.visible(css).await.ok()?.into_iter().next()
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
        self.first_named(role, name, "").await
    }

    /// The same that can be used now.
    pub(super) async fn look_for_enabled(&self, role: &str, name: &str) -> Option<Element> {
        self.first_named(role, name, ENABLED).await.ok()?
    }

    /// The first visible element that matches a CSS selector and can be used now.
    pub(super) async fn look_for_enabled_css(&self, css: &str) -> Option<Element> {
        let script = format!("{VISIBLE} return visible{ENABLED}");
        let found = self.client.execute(&script, vec![css.into()]).await.ok()?;
        self.elements(&found).next()
    }

    async fn first_named(
        &self,
        role: &str,
        name: &str,
        filter: &str,
    ) -> Result<Option<Element>, CmdError> {
        let script = format!("{VISIBLE} {NAMED} return named{filter}");
        let arguments = [candidates(role).into(), role.into(), name.into()];
        let found = self.ask_by_name(&script, &arguments).await?;
        Ok(self.elements(&found).next())
    }

    /// The visible elements that match a CSS selector.
    async fn visible(&self, css: &str) -> Result<Vec<Element>, CmdError> {
        let script = format!("{VISIBLE} return visible");
        let found = self.client.execute(&script, vec![css.into()]).await?;
        Ok(self.elements(&found).collect())
    }

    /// Those in a script's answer.
    fn elements(&self, answer: &Value) -> impl Iterator<Item = Element> {
        let elements = answer.as_array().into_iter().flatten();
        let ids = elements.filter_map(|element| element.get(ELEMENT_KEY)?.as_str());
        ids.map(|id| Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned())))
    }

    /// Waits until nothing visible matches a CSS selector.
    ///
    /// # Panics
    /// When something stays.
    pub async fn wait_until_gone(&self, css: &str) {
        self.until(&format!("{css} is gone"), async || {
            let visible = self.visible(css).await.ok()?;
            visible.is_empty().then_some(())
        })
        .await;
    }

    /// The accessible name of what has the focus in the page.
    pub async fn focused(&self) -> Option<String> {
        let script = "return computeAccessibleName(document.activeElement)";
        let name = self.ask_by_name(script, &[]).await.ok()?;
        name.as_str().map(str::to_owned)
    }
}

/// A CSS selector for everything that can have an ARIA role.
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
