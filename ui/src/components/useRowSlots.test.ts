/** Which row takes whose element. */
import { describe, expect, it } from "vitest";
import { slotsFor, type RowSlots } from "./useRowSlots";

const none: RowSlots = new Map();
const three = slotsFor(["a", "b", "c"], null, none);

describe("a row’s element", () => {
  it("stays its own for as long as the row is drawn, wherever it stands", () => {
    const after = slotsFor(["c", "x", "a"], null, three);
    expect([after.get("a"), after.get("c")]).toEqual([three.get("a"), three.get("c")]);
  });

  it("goes to a row that comes when its own has left", () => {
    expect(slotsFor(["b", "c", "d"], null, three).get("d")).toBe(three.get("a"));
    const jumped = slotsFor(["x", "y", "z"], null, three);
    expect([...jumped.values()]).toEqual([...three.values()]);
  });

  it("is never given away with the focus in it, even when its row is gone", () => {
    const after = slotsFor(["b", "c", "d"], "a", three);
    expect([...three.values()]).not.toContain(after.get("d"));
  });

  it("is shared by no two rows, however many there were before", () => {
    const fewer = slotsFor(["c"], null, three);
    const more = slotsFor(["c", "d", "e", "f"], null, fewer);
    expect(new Set(more.values()).size).toBe(4);
  });

  it("needs no new answer while the rows are the same", () => {
    expect(slotsFor(["c", "a", "b"], null, three)).toBe(three);
  });
});
