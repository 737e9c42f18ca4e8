/**
 * Keyboards that type something else than what the table is written in. What a layout can type wins. A letter or digit
 * that it can't type, as all are on Russian and Greek layouts and digits on French ones, is read by where its key is on
 * a keyboard of the United States: those letters and digits are printed on such keyboards too.
 */
import type { Pressed } from "./keys";

/** Of the keys that are named for what they type there, those that the table has: alone, and with Shift. */
const signs: Record<string, string> = { Comma: ",<", Slash: "/?" };

/** A character of a script that is not Latin. */
const other = /^[^\p{ASCII}\p{Script=Latin}]$/u;

/** Whether the layout in use types letters that are not Latin: true after such a letter, null after no letter at all. */
export function typesOther(key: string): boolean | null {
  return /^\p{L}$/u.test(key) ? other.test(key) : null;
}

/** The ways to read a press, the first first: by what it types, and by where its key is if that is its due. */
export function readings(event: Pressed, isOther: boolean): Pressed[] {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
  const there = signs[code]?.[shiftKey ? 1 : 0] ?? code.replace(/^(Key|Digit)/, "").toLowerCase();
  const isItsDue = /\d/.test(there) ? !shiftKey : isOther || other.test(key);
  const isRead = isItsDue && key.length === 1 && there.length === 1;
  return isRead ? [event, { key: there, code, ctrlKey, metaKey, altKey, shiftKey }] : [event];
}
