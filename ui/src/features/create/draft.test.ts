import { describe, expect, it } from "vitest";
import { keyRow } from "../../testing/samples";
import { createForm } from "../../testing/sheetSamples";
import { draftLike, isSameDraft, lengthOf, presetOf, searchGroups } from "./draft";

describe("a copy’s name", () => {
  it.each([
    ["CI", [], "CI copy"],
    ["CI", ["CI copy"], "CI copy 2"],
    ["CI", ["CI copy", "CI copy 2"], "CI copy 3"],
    ["", [], "copy"],
    ["x".repeat(255), [], `${"x".repeat(250)} copy`],
  ])("of %s beside %j", (name, names, copy) => {
    const draft = draftLike(keyRow({ name }), names, 255);
    expect(draft.name).toBe(copy);
    expect(lengthOf(draft.name)).toBeLessThanOrEqual(255);
  });

  it("comes with the abilities", () => {
    const row = keyRow();
    expect([...draftLike(row, [], 255).abilities]).toEqual(row.abilities);
  });
});

it("counts characters, not code units, without the spaces around", () => {
  expect(lengthOf("  🚀🚀 ")).toBe(2);
});

it("knows a draft that says the same", () => {
  const draft = { name: "CI", abilities: new Set(["a", "b"]) };
  expect(isSameDraft(draft, { name: " CI ", abilities: new Set(["b", "a"]) })).toBe(true);
  expect(isSameDraft(draft, { name: "CI", abilities: new Set(["a"]) })).toBe(false);
});

it("finds the preset that makes a choice, in any order", () => {
  expect(presetOf(createForm(), new Set(["checks:run", "monitors:read"]))?.title).toBe("CI");
  expect(presetOf(createForm(), new Set(["checks:run"]))).toBeNull();
});

it.each([
  ["write", ["monitors:write", "alerts:write", "team:write"]],
  ["check HISTORY", ["monitors:read"]],
  ["api keys", ["api-keys:manage"]],
  ["nothing like it", []],
])("searches names, meanings and titles for %s", (search, found) => {
  const names = searchGroups(createForm(), search).flatMap(({ abilities }) =>
    abilities.map(({ name }) => name),
  );
  expect(names).toEqual(found);
});
