/** What the app gave the page before its first line ran: see src-tauri/src/handover.rs. Without it the page just asks. */
import type { Handover } from "../bindings";

const NAME = "__PULSE_KEYS_HANDOVER__";

/** Whether this page is there for the second time. What the app gave is as old as its start. */
function isReloaded(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry !== undefined && "type" in entry && entry.type === "reload";
}

/** Takes it, once: what is there later was not for this page. */
export function takeHandover(): Handover | null {
  const given: unknown = Reflect.get(window, NAME);
  Reflect.deleteProperty(window, NAME);
  if (typeof given !== "string" || isReloaded()) return null;
  try {
    return JSON.parse(given) as Handover;
  } catch {
    return null;
  }
}
