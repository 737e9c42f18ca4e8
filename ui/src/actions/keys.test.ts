import { expect, it } from "vitest";
import { ariaKeys, chordOf, isSameChord, matches, sayKeys } from "./keys";
import { conflictsOf } from "./shortcuts";
import { actionIds } from "./table";

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  code: "",
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
  expect(matches("Space", press(" "))).toBe(true);
  expect(matches("mod++", press("+", { ctrlKey: true, shiftKey: true }))).toBe(true);
});

it("takes a sign however the layout makes it", () => {
  expect(matches("/", press("/", { shiftKey: true }))).toBe(true);
});

it("writes a press as the table does, and reads it back", () => {
  const presses = [
    press("n", { ctrlKey: true }),
    press("R", { ctrlKey: true, shiftKey: true }),
    press("+", { ctrlKey: true, shiftKey: true }),
    press("F10", { shiftKey: true }),
    press(" "),
    press("?", { shiftKey: true }),
    press("x", { ctrlKey: true, altKey: true }),
  ];
  expect(presses.map(chordOf)).toEqual([
    "mod+N",
    "mod+Shift+R",
    "mod++",
    "Shift+F10",
    "Space",
    "?",
    "mod+Alt+X",
  ]);
  for (const each of presses) expect(matches(chordOf(each) ?? "", each)).toBe(true);
  expect(chordOf(press("Control", { ctrlKey: true }))).toBeNull();
});

it("says keys to people and to assistive technology", () => {
  expect(sayKeys("mod+R")).toBe("Ctrl R");
  expect(sayKeys("mod++")).toBe("Ctrl +");
  expect(ariaKeys(["mod+R", "F5"])).toBe("Control+R F5");
  expect(ariaKeys(["mod++"])).toBe("Control+Plus");
  expect(ariaKeys([])).toBeUndefined();
});

it("gives each key to one action only", () => {
  expect(actionIds.filter((id) => conflictsOf({}, id).length > 0)).toEqual([]);
});

it("finds where two actions share a chord, however it is written", () => {
  expect(isSameChord("mod+Shift+?", "mod+?")).toBe(true);
  expect(conflictsOf({ "keys.create": ["mod+K"] }, "keys.create")).toEqual(["app.palette"]);
  expect(conflictsOf({ "keys.create": ["mod+K"], "app.palette": [] }, "keys.create")).toEqual([]);
});
