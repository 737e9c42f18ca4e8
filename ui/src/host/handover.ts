/** What the app gave the page along with its document: see src-tauri/src/handover.rs. Without it the page just asks. */
import type { Handover } from "../bindings";

/** Takes it, once. */
export function takeHandover(): Handover | null {
  const element = document.getElementById("handover");
  if (element === null) return null;
  element.remove();
  try {
    return JSON.parse(element.textContent) as Handover;
  } catch {
    return null;
  }
}
