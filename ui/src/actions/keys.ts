/** Shortcuts as written in the table ("mod+Shift+A"): matching them, and saying them. */

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

interface Chord {
  mod: boolean;
  shift: boolean;
  key: string;
}

function parse(keys: string): Chord {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  return { mod: parts.includes("mod"), shift: parts.includes("Shift"), key: key.toLowerCase() };
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

export function matches(keys: string, event: Pressed): boolean {
  const chord = parse(keys);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (event.altKey || other || mod !== chord.mod) return false;
  // Where a sign needs Shift differs between layouts ("/" on German ones): only letters and named keys mind.
  const minds = /^([a-z]|.{2,})$/.test(chord.key);
  return event.key.toLowerCase() === chord.key && (!minds || event.shiftKey === chord.shift);
}

const symbols: Record<string, string> = isMac ? { mod: "⌘", Shift: "⇧" } : { mod: "Ctrl" };

/** "Ctrl R" or "⌘ R": for people. */
export function sayKeys(keys: string | undefined): string {
  return (keys ?? "")
    .split("+")
    .map((part) => symbols[part] ?? part)
    .join(" ");
}

/** "Control+R": for aria-keyshortcuts. */
export function ariaKeys(keys: readonly string[]): string {
  return keys.map((each) => each.replace("mod", isMac ? "Meta" : "Control")).join(" ");
}

/** Whether letters typed there are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea"))
  );
}
