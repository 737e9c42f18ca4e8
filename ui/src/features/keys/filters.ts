/**
 * The filters of the list: what each lets through, how they combine, how many keys each would show, and how they are
 * written down. Pure. Left out: the search, which is never remembered, and the team that is chosen in the sidebar.
 */
import { instant, type ListRow } from "./order";

export type Filter =
  | { kind: "never-used" }
  | { kind: "idle"; days: number }
  /** A day of this machine's calendar: "2026-01-01". */
  | { kind: "created-before"; day: string }
  | { kind: "ability"; ability: string }
  | { kind: "team"; team: string }
  | { kind: "own" }
  /** What the user wrote: nothing, or that it is time to look at the key again. */
  | { kind: "note"; is: "none" | "due" };

type Kind = Filter["kind"];

/** Always in sight where there is room. */
export const usual: readonly Filter[] = [
  { kind: "never-used" },
  { kind: "idle", days: 30 },
  { kind: "idle", days: 90 },
];

const DAY = 86_400_000;

/** As many, and as long ones, as the preferences take. */
const MOST = 20;
const LONGEST = 120;

/** As it is remembered; the same for the same filter. */
export function codeOf(filter: Filter): string {
  switch (filter.kind) {
    case "never-used":
    case "own":
      return filter.kind;
    case "idle":
      return `idle:${filter.days}`;
    case "created-before":
      return `created-before:${filter.day}`;
    case "ability":
      return `ability:${filter.ability}`;
    case "team":
      return `team:${filter.team}`;
    case "note":
      return `note:${filter.is}`;
  }
}

/** What was remembered, by whichever version; none for what this one doesn't know. */
export function filterOf(code: string): Filter | null {
  const colon = code.indexOf(":");
  const [kind, value] = colon === -1 ? [code, ""] : [code.slice(0, colon), code.slice(colon + 1)];
  switch (kind) {
    case "never-used":
    case "own":
      return value === "" ? { kind } : null;
    case "idle":
      return /^[1-9]\d{0,3}$/.test(value) ? { kind, days: Number(value) } : null;
    case "created-before":
      return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(midnight(value)) ? { kind, day: value } : null;
    case "ability":
      return value === "" ? null : { kind, ability: value };
    case "team":
      return value === "" ? null : { kind, team: value };
    case "note":
      return value === "none" || value === "due" ? { kind, is: value } : null;
    default:
      return null;
  }
}

/** Those that are understood, each once. */
export function filtersOf(codes: readonly string[]): Filter[] {
  const seen = new Map<string, Filter>();
  for (const code of codes) {
    const filter = filterOf(code);
    if (filter !== null) seen.set(codeOf(filter), filter);
  }
  return [...seen.values()];
}

/** Whether it can be remembered, and so can be on. */
export function isStorable(filter: Filter): boolean {
  return codeOf(filter).length <= LONGEST;
}

export function isOn(filters: readonly Filter[], filter: Filter): boolean {
  const code = codeOf(filter);
  return filters.some((each) => codeOf(each) === code);
}

/** Two dates, or two spans of idleness, say no more than the stricter one. */
const isOneOfItsKind: Record<Kind, boolean> = {
  "never-used": true,
  idle: true,
  "created-before": true,
  ability: false,
  team: false,
  own: true,
  note: false,
};

/** On if it was off, off if it was on. */
export function toggled(filters: readonly Filter[], filter: Filter): Filter[] {
  const code = codeOf(filter);
  if (isOn(filters, filter)) return filters.filter((each) => codeOf(each) !== code);
  const others = isOneOfItsKind[filter.kind] ? filters.filter(({ kind }) => kind !== filter.kind) : filters;
  return others.length < MOST ? [...others, filter] : [...others];
}

/** When a day of this machine's calendar begins, in milliseconds since 1970. */
function midnight(day: string): number {
  return new Date(`${day}T00:00:00`).getTime();
}

type Test = (row: ListRow) => boolean;

function testOf(filter: Filter, now: number): Test {
  switch (filter.kind) {
    case "never-used":
      return (row) => row.lastUsedAt === null && row.lastUseKnown;
    case "idle": {
      // A key that was made yesterday and not used since is not idle; where use isn't known, neither is idleness.
      const limit = now - filter.days * DAY;
      return (row) => {
        const last = row.lastUsedAt ?? (row.lastUseKnown ? row.createdAt : null);
        return last !== null && instant(last) < limit;
      };
    }
    case "created-before": {
      const limit = midnight(filter.day);
      return ({ createdAt }) => createdAt !== null && instant(createdAt) < limit;
    }
    case "ability":
      return (row) => row.abilities.includes(filter.ability);
    case "team":
      return (row) => row.team?.id === filter.team;
    case "own":
      return (row) => row.own;
    case "note":
      return filter.is === "none"
        ? ({ note }) => note === undefined
        : ({ isReviewDue = false }) => isReviewDue;
  }
}

interface Group {
  kind: Kind;
  tests: Test[];
}

/** Filters of one kind are alternatives; kinds narrow each other. */
function groupsOf(filters: readonly Filter[], now: number): Group[] {
  const groups = new Map<Kind, Group>();
  for (const filter of filters) {
    const group = groups.get(filter.kind) ?? { kind: filter.kind, tests: [] };
    group.tests.push(testOf(filter, now));
    groups.set(filter.kind, group);
  }
  return [...groups.values()];
}

export function filterRows(
  rows: readonly ListRow[],
  filters: readonly Filter[],
  now: number,
): readonly ListRow[] {
  if (filters.length === 0) return rows;
  const groups = groupsOf(filters, now);
  return rows.filter((row) => groups.every(({ tests }) => tests.some((test) => test(row))));
}

/** How many of the rows each candidate would show, with the filters of other kinds as they are. By code. */
export function countEach(
  rows: readonly ListRow[],
  filters: readonly Filter[],
  candidates: readonly Filter[],
  now: number,
): ReadonlyMap<string, number> {
  const groups = groupsOf(filters, now);
  const counts = candidates.map((filter) => ({ filter, test: testOf(filter, now), count: 0 }));
  const keepsOut = ({ tests }: Group, row: ListRow) => !tests.some((test) => test(row));
  for (const row of rows) {
    const first = groups.find((group) => keepsOut(group, row));
    // What only its own kind keeps out, another one of that kind would let in.
    if (first !== undefined && groups.some((group) => group !== first && keepsOut(group, row))) continue;
    for (const each of counts) {
      if ((first === undefined || first.kind === each.filter.kind) && each.test(row)) each.count += 1;
    }
  }
  return new Map(counts.map(({ filter, count }) => [codeOf(filter), count]));
}
