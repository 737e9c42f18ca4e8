/** Shortcuts as written in the table ("mod+Shift+A"): matching them, reading them from a key press, saying them. */

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

interface Chord {
  mod: boolean;
  shift: boolean;
  alt: boolean;
  key: string;
}

export type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

const named: Record<string, string> = { Space: " " };

/** "mod++" is the plus sign with the modifier. */
function partsOf(keys: string): { held: string[]; key: string } {
  const held = keys.split("+");
  const key = keys.endsWith("+") ? "+" : (held.at(-1) ?? "");
  return { held: held.slice(0, -1), key };
}

/** As parsed before: a press is held against all of them. */
const chords = new Map<string, Chord>();

function parse(keys: string): Chord {
  const known = chords.get(keys);
  if (known !== undefined) return known;
  const { held, key } = partsOf(keys);
  const chord = {
    mod: held.includes("mod"),
    shift: held.includes("Shift"),
    alt: held.includes("Alt"),
    key: (named[key] ?? key).toLowerCase(),
  };
  chords.set(keys, chord);
  return chord;
}

/** Where a sign needs Shift differs between layouts ("/" on German ones): only letters and named keys mind. */
function mindsShift(key: string): boolean {
  return /^(\p{L}|\s|.{2,})$/u.test(key);
}

export function matches(keys: string, event: Pressed): boolean {
  const chord = parse(keys);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (other || mod !== chord.mod || event.altKey !== chord.alt) return false;
  return event.key.toLowerCase() === chord.key && (!mindsShift(chord.key) || event.shiftKey === chord.shift);
}

/** The chord that a press stands for, as the table writes it; none for a modifier alone. */
export function chordOf(event: Pressed): string | null {
  const { key } = event;
  if (["Control", "Meta", "Shift", "Alt", "AltGraph", "Dead", "Unidentified"].includes(key)) return null;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (other) return null;
  const name = key === " " ? "Space" : key.length === 1 && mod ? key.toUpperCase() : key;
  return [
    mod ? "mod" : null,
    event.altKey ? "Alt" : null,
    event.shiftKey && mindsShift(key.toLowerCase()) ? "Shift" : null,
    name,
  ]
    .filter((part) => part !== null)
    .join("+");
}

/** Whether it has a modifier or is a function key: such a chord is never text. */
export function isChord(event: Pressed): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key);
}

/** Chords that edit text wherever there is some. */
export const editingKeys = ["mod+A", "mod+C", "mod+X", "mod+V", "mod+Z", "mod+Shift+Z", "mod+Y"];

/** Two ways to write the same chord are the same. */
export function isSameChord(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  return a.mod === b.mod && a.alt === b.alt && a.key === b.key && (!mindsShift(a.key) || a.shift === b.shift);
}

const symbols: Record<string, string> = isMac
  ? { mod: "⌘", Shift: "⇧", Alt: "⌥", Escape: "Esc" }
  : { mod: "Ctrl", Escape: "Esc", ContextMenu: "Menu" };

/** "Ctrl R" or "⌘ R": for people. */
export function sayKeys(keys: string | undefined): string {
  if (keys === undefined) return "";
  const { held, key } = partsOf(keys);
  return [...held.filter(Boolean), key].map((part) => symbols[part] ?? part).join(" ");
}

/** "Control+R": for aria-keyshortcuts. None where there is none. */
export function ariaKeys(keys: readonly string[]): string | undefined {
  if (keys.length === 0) return undefined;
  return keys
    .map((each) => {
      const { held, key } = partsOf(each);
      const main = key === "+" ? "Plus" : key;
      return [...held.filter(Boolean), main]
        .map((part) => (part === "mod" ? (isMac ? "Meta" : "Control") : part))
        .join("+");
    })
    .join(" ");
}

/** Whether letters typed there are text, or look for an item of a menu. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=checkbox], [type=radio]), textarea") ||
      target.closest("[role=menu], [role=listbox]") !== null)
  );
}

/** Whether Enter and Space press what has the focus. */
export function isPressing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, input, select, [role=button]") !== null;
}
