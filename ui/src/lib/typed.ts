/** Whether what was typed is what was asked for, as core will judge it: see `as_typed` in its `base/text.rs`. */

const asTyped = (text: string) => text.normalize("NFKC").replace(/\s+/g, " ").trim();

/** The same letters, however they are stored: composed or not, full-width or not, ligatures or not. */
export function isTyped(typed: string, phrase: string): boolean {
  return asTyped(typed) === asTyped(phrase);
}
