import { expect, it } from "vitest";
import { isTyped } from "./typed";

// As in core's `base/text.rs`: decomposed Hangul, an accent of its own, a ligature, full-width letters, half-width
// Katakana, a space that does not break.
const names = [
  ["\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"],
  ["Cafe\u0301", "Café"],
  ["o\ufb03ce \ufb01le", "office file"],
  ["ＣＩ\u3000ｄｅｐｌｏｙ", "CI deploy"],
  ["ﾊﾞｯｸｱｯﾌﾟ", "バックアップ"],
  [" CI\u00a0\t pipeline ", "CI pipeline"],
] as const;

it.each(names)("%s can be typed as %s", (stored, typed) => {
  expect(isTyped(typed, stored)).toBe(true);
  expect(isTyped(stored, stored)).toBe(true);
});

it("case and accents count", () => {
  expect(isTyped("ci", "CI")).toBe(false);
  expect(isTyped("Cafe", "Café")).toBe(false);
});
