/** What jsdom lacks of a browser, and a clean page between tests. */
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { answerFromInlineStyles } from "./computedStyle";

// The queries of the layout: a wide window, no preference.
window.matchMedia = (query: string) =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });

class ResizeObserverOfNothing implements ResizeObserver {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
}
window.ResizeObserver = ResizeObserverOfNothing;

answerFromInlineStyles(window);

Element.prototype.scrollIntoView = () => undefined;

window.CSS = { ...window.CSS, escape: (text: string) => text.replace(/["\\]/g, "\\$&") };

// Whole screens on a busy machine; nothing waits for this long when it works.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
