//! Whether everything that can be pressed on a screen can be come by: for small windows and large text.
//!
//! Each control is scrolled into view as the Tab key would, and must then be inside the window with its middle covered by
//! nothing. Left out: whether words are cut off, which eyes see on the pictures.

use serde_json::Value;

use crate::driver::App;

/// Gives a line for each thing that is lost. Controls that are there for assistive technology alone (a pixel in size)
/// are passed over; of a radio button whose input is such a one, the label is looked at.
const LOST: &str = "
    const lost = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth) lost.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
    const isTiny = (box) => box.width <= 2 || box.height <= 2;
    const place = (element) => {
      element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      return element.getBoundingClientRect();
    };
    // Such as React Aria's button that closes a sheet for screen readers: clipped to nothing by what it stands in.
    const isClipped = (element) => element !== null
      && (element.clientWidth <= 2 && getComputedStyle(element).overflow === 'hidden' || isClipped(element.parentElement));
    const seen = new Set();
    for (const control of document.querySelectorAll(
        'button, a[href], input, textarea, select, [role=tab], [role=menuitem], [role=option]')) {
      if (control.matches(':disabled, [aria-disabled=true]') || control.closest('[inert], [aria-hidden=true]')) continue;
      if (!control.checkVisibility({ visibilityProperty: true })) continue;
      let target = control;
      if (isClipped(control) || isTiny(control.getBoundingClientRect()) || getComputedStyle(control).opacity === '0') {
        target = control.closest('label');
      }
      if (target === null || seen.has(target)) continue;
      seen.add(target);
      const box = place(target);
      if (isTiny(box)) continue;
      const name = control.getAttribute('aria-label') ?? control.innerText ?? control.name ?? '';
      const what = `${control.tagName.toLowerCase()} ${JSON.stringify(name.slice(0, 60))}`;
      const isInside = box.left >= -1 && box.right <= innerWidth + 1
        && box.top >= -1 && (box.bottom <= innerHeight + 1 || box.height > innerHeight);
      if (!isInside) {
        const sides = [box.left, box.top, box.right, box.bottom].map(Math.round).join(' ');
        lost.push(`${what} at ${sides} is outside of ${innerWidth}x${innerHeight}`);
        continue;
      }
      const hit = document.elementFromPoint((box.left + box.right) / 2,
        Math.min((box.top + box.bottom) / 2, innerHeight - 2));
      if (hit !== null && (target.contains(hit) || hit.contains(target) && hit.closest('label, button') !== null)) continue;
      // A toast goes by itself, and can be closed.
      if (hit?.closest('section[aria-label=Notifications]')) continue;
      const over = hit === null ? 'nothing' : hit.outerHTML.slice(0, 120);
      lost.push(`${what} is covered by ${over}`);
    }
    return { lost, looked: seen.size };";

impl App<'_> {
    /// What of the page as it is now can't be come by, in words; empty when all can.
    ///
    /// # Panics
    /// When the app has ended, or there is nothing to press at all.
    pub async fn lost(&self) -> Vec<String> {
        let answer = self.page().execute(LOST, vec![]).await;
        let answer = answer.expect("the app is running");
        assert!(
            answer["looked"].as_u64() > Some(0),
            "nothing on the page can be pressed"
        );
        let lost = answer["lost"].as_array().into_iter().flatten();
        lost.filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
