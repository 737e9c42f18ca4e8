import { expect, it } from "vitest";
import { acme, daysAgo, keyRow, labs } from "../../testing/samples";
import { abilitiesIn, daysIn } from "./filterChoices";
import { codeOf, countEach, filterRows, filtersOf, toggled, type Filter } from "./filters";
import { haystacksOf, searchRows } from "./order";

const now = Date.parse("2026-11-22T14:03:00Z");

const rows = [
  keyRow({ id: "fresh", abilities: ["monitors:read"], lastUsedAt: daysAgo(1), own: true }),
  keyRow({ id: "idle", abilities: ["monitors:read", "alerts:read"], lastUsedAt: daysAgo(45), team: labs }),
  keyRow({ id: "old", abilities: ["*"], lastUsedAt: daysAgo(200), createdAt: "2023-06-17T09:00:00Z" }),
  keyRow({ id: "new", abilities: [], lastUsedAt: null, createdAt: daysAgo(2) }),
  keyRow({ id: "never", abilities: ["alerts:read"], lastUsedAt: null, createdAt: daysAgo(400) }),
  keyRow({ id: "unknown", abilities: [], lastUsedAt: null, lastUseKnown: false, createdAt: daysAgo(400) }),
];

const shown = (...codes: string[]) => filterRows(rows, filtersOf(codes), now).map(({ id }) => id);

it("lets through what each says", () => {
  expect(shown()).toHaveLength(rows.length);
  expect(shown("never-used")).toEqual(["new", "never"]);
  // Neither what was made lately nor what nobody knows of is idle.
  expect(shown("idle:30")).toEqual(["idle", "old", "never"]);
  expect(shown("idle:90")).toEqual(["old", "never"]);
  expect(shown("created-before:2024-01-01")).toEqual(["old"]);
  expect(shown("ability:alerts:read")).toEqual(["idle", "never"]);
  expect(shown("team:2")).toEqual(["idle"]);
  expect(shown("own")).toEqual(["fresh"]);
});

it("takes abilities and teams as alternatives, and narrows by all else", () => {
  expect(shown("ability:alerts:read", "ability:*")).toEqual(["idle", "old", "never"]);
  expect(shown("ability:alerts:read", "ability:*", "idle:90")).toEqual(["old", "never"]);
  expect(shown("team:1", "team:2")).toHaveLength(rows.length);
  expect(shown("never-used", "own")).toEqual([]);
});

it("remembers filters as short texts, and passes over those that it doesn’t know", () => {
  const codes = [
    "never-used",
    "idle:90",
    "created-before:2026-01-01",
    "ability:monitors:read",
    "team:2",
    "own",
  ];
  expect(filtersOf(codes).map(codeOf)).toEqual(codes);
  const odd = ["", "idle:", "idle:-3", "idle:99999", "created-before:soon", "created-before:2026-13-01"];
  expect(filtersOf([...odd, "ability:", "team:", "own:1", "colour:red", "own", "own"]).map(codeOf)).toEqual([
    "own",
  ]);
});

it("puts one span of idleness in place of another, and takes back what was on", () => {
  const idle: Filter = { kind: "idle", days: 90 };
  expect(toggled(filtersOf(["idle:30", "own"]), idle).map(codeOf)).toEqual(["own", "idle:90"]);
  expect(toggled(filtersOf(["idle:90", "own"]), idle).map(codeOf)).toEqual(["own"]);
  expect(toggled(filtersOf(["ability:a"]), { kind: "ability", ability: "b" }).map(codeOf)).toEqual([
    "ability:a",
    "ability:b",
  ]);
});

it("never has more on than the preferences take", () => {
  const many = Array.from({ length: 20 }, (_, place): Filter => ({ kind: "ability", ability: `a${place}` }));
  expect(toggled(many, { kind: "own" })).toHaveLength(20);
});

it("counts what each would show, with the other kinds as they are", () => {
  const candidates = filtersOf(["never-used", "idle:30", "idle:90", "ability:alerts:read", "own"]);
  const counts = (...on: string[]) => Object.fromEntries(countEach(rows, filtersOf(on), candidates, now));
  expect(counts()).toEqual({ "never-used": 2, "idle:30": 3, "idle:90": 2, "ability:alerts:read": 2, own: 1 });
  expect(counts("idle:90")).toEqual({
    "never-used": 1,
    "idle:30": 3,
    "idle:90": 2,
    "ability:alerts:read": 1,
    own: 0,
  });
});

it("offers what tells the keys apart", () => {
  expect(abilitiesIn(rows)).toEqual(["*", "alerts:read", "monitors:read"]);
  expect(daysIn(rows, now).map(({ day }) => day)).toEqual([
    "2026-10-22",
    "2026-05-22",
    "2025-11-22",
    "2026-01-01",
    "2024-01-01",
  ]);
});

it("finds words in name, tail, abilities and team, with or without accents", () => {
  const all = [
    keyRow({
      id: "a",
      name: "Détection Zürich",
      lastEight: "ab12cd34",
      abilities: ["checks:run"],
      team: acme,
    }),
    keyRow({ id: "b", name: "Контроль", lastEight: "ffff0000", abilities: [], team: labs }),
  ];
  const found = (search: string) => searchRows(all, haystacksOf(all), search).map(({ id }) => id);
  expect(found("detection zurich")).toEqual(["a"]);
  expect(found("ZÜRICH 12cd run ops")).toEqual(["a"]);
  expect(found("контроль labs")).toEqual(["b"]);
  expect(found("acme")).toEqual(["a", "b"]);
  expect(found("zurich labs")).toEqual([]);
});
