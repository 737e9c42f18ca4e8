/**
 * What jsdom lacks of a browser, and a clean page between tests. Run before each file, while the page and the modules
 * stay for all files of a worker: whatever is done here must bear being done again.
 */
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { answerFromInlineStyles } from "./computedStyle";
import { refuseCustomProperties } from "./customProperties";
import { leaveOutOwnerStacks } from "./ownerStacks";

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
leaveOutOwnerStacks();
refuseCustomProperties();

Element.prototype.scrollIntoView = () => undefined;

window.CSS = { ...window.CSS, escape: (text: string) => text.replace(/["\\]/g, "\\$&") };

// Whole screens on a busy machine; nothing waits for this long when it works.
configure({ asyncUtilTimeout: 30_000 });

// What modules of the app remember needs no reset: caches of pure functions, by key row or by query client, and a clock
// that starts anew with the first component that reads it.
afterEach(() => {
  cleanup();
  // Spies first: one on a timer that is not real would put that one back afterwards, for all tests to come.
  vi.restoreAllMocks();
  vi.useRealTimers();
  const page = document.documentElement;
  for (const name of page.getAttributeNames()) page.removeAttribute(name);
});
