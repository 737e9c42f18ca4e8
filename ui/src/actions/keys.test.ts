import { expect, it } from "vitest";
import { listActions, windowActions } from "./actions";
import { ariaKeys, matches, sayKeys } from "./keys";

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

it("knows plain keys, chords and named keys apart", () => {
  expect(matches("mod+F", press("f", { ctrlKey: true }))).toBe(true);
  expect(matches("mod+F", press("f"))).toBe(false);
  expect(matches("mod+Shift+A", press("A", { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(matches("mod+R", press("R", { ctrlKey: true, shiftKey: true }))).toBe(false);
  expect(matches("j", press("j", { altKey: true }))).toBe(false);
  expect(matches("Shift+F10", press("F10", { shiftKey: true }))).toBe(true);
  expect(matches("F10", press("F10", { shiftKey: true }))).toBe(false);
});

it("takes a sign however the layout makes it", () => {
  expect(matches("/", press("/", { shiftKey: true }))).toBe(true);
});

it("says keys to people and to assistive technology", () => {
  expect(sayKeys("mod+R")).toBe("Ctrl R");
  expect(ariaKeys(["mod+R", "F5"])).toBe("Control+R F5");
});

it("gives each key to one action only", () => {
  const keys = [...Object.values(windowActions), ...Object.values(listActions)].flatMap(
    (action) => action.keys,
  );
  expect(new Set(keys).size).toBe(keys.length);
});
