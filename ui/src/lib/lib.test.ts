import { expect, it } from "vitest";
import { forDisplay } from "./text";
import { dateOf, freshness, relativeTime } from "./time";

const now = Date.parse("2026-11-22T14:03:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

it.each([
  [-5, "just now"],
  [59, "just now"],
  [60, "1 min ago"],
  [3599, "59 min ago"],
  [3600, "1 h ago"],
  [86_400, "1 day ago"],
  [86_400 * 211, "211 days ago"],
])("tells %s seconds as %s", (seconds, words) => {
  expect(relativeTime(ago(seconds), now)).toBe(words);
});

it("survives a time that is none", () => {
  expect(relativeTime("soon", now)).toBe("unknown");
  expect(dateOf("soon")).toBe("unknown");
});

it("writes dates short", () => {
  expect(dateOf("2025-09-21T12:00:00Z")).toBe("21 Sep 2025");
});

it("loses freshness with age", () => {
  const levels = [60, 86_400 * 3, 86_400 * 20, 86_400 * 60, 86_400 * 100].map((age) =>
    freshness(ago(age), now),
  );
  expect(levels).toEqual([4, 3, 2, 1, 0]);
});

it("cuts at 80 characters as people count them", () => {
  const family = "👩‍👩‍👧‍👦";
  expect(forDisplay(family.repeat(80))).toMatchObject({ isCut: false });
  expect(forDisplay(family.repeat(81)).shown).toBe(`${family.repeat(80)}…`);
});

it("drops control and direction characters", () => {
  expect(forDisplay("a\u202Eb\u0000c\nd").whole).toBe("abcd");
});
