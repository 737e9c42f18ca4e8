/** Which rows are shown, and in which order. Local and pure. */
import type { KeyNote, KeyRow } from "../../bindings";
import { isDue } from "../../lib/notes";

/** A key with what the user wrote about it. */
export interface ListRow extends KeyRow {
  note?: KeyNote;
  /** The day has come on which the user wanted to look at it again. */
  isReviewDue?: boolean;
}

export type Column = "name" | "token" | "abilities" | "team" | "lastUsed" | "created" | "note";

export interface Order {
  column: Column;
  direction: "ascending" | "descending";
}

export const firstOrder: Order = { column: "lastUsed", direction: "descending" };

const columns: readonly string[] = [
  "name",
  "token",
  "abilities",
  "team",
  "lastUsed",
  "created",
  "note",
] satisfies Column[];

export function isColumn(name: string): name is Column {
  return columns.includes(name);
}

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

type Compare = (a: ListRow, b: ListRow) => number;

/** What isn't known has no place in the order: it comes last, whichever way that goes. */
const isUnknown: Partial<Record<Column, (row: ListRow) => boolean>> = {
  lastUsed: ({ lastUsedAt, lastUseKnown }) => lastUsedAt === null && !lastUseKnown,
  created: ({ createdAt }) => createdAt === null,
  note: ({ note }) => note === undefined,
};

type TimeColumn = "lastUsed" | "created";

const instants = new Map<string, number>();

/** Two columns of 100,000 rows, and some more; then all are forgotten. */
const MAX_INSTANTS = 250_000;

/** Milliseconds since 1970. Remembered, because filters ask at each letter of a search. */
export function instant(time: string | null): number {
  if (time === null) return -Infinity;
  const known = instants.get(time);
  if (known !== undefined) return known;
  if (instants.size >= MAX_INSTANTS) instants.clear();
  const parsed = Date.parse(time);
  instants.set(time, parsed);
  return parsed;
}

/** Columns of times. Never used is older than any use. */
const times: Record<TimeColumn, (row: ListRow) => string | null> = {
  lastUsed: ({ lastUsedAt }) => lastUsedAt,
  created: ({ createdAt }) => createdAt,
};

/**
 * The time of each row is looked up once, not at each comparison, and no object is made for it: a long list is sorted
 * whenever a page of it arrives.
 */
function sortByTime(
  rows: readonly ListRow[],
  timeOf: (row: ListRow) => string | null,
  direction: Order["direction"],
): ListRow[] {
  const sign = direction === "ascending" ? 1 : -1;
  const at = Float64Array.from(rows, (row) => sign * instant(timeOf(row)));
  const order = Uint32Array.from(rows, (_, place) => place);
  order.sort((a, b) => {
    const first = at[a] ?? 0;
    const second = at[b] ?? 0;
    return first < second ? -1 : first > second ? 1 : a - b;
  });
  const sorted: ListRow[] = [];
  for (const place of order) {
    const row = rows[place];
    if (row !== undefined) sorted.push(row);
  }
  return sorted;
}

const compare: Record<Exclude<Column, TimeColumn>, Compare> = {
  name: (a, b) => words.compare(a.name, b.name),
  token: (a, b) => (a.lastEight < b.lastEight ? -1 : a.lastEight > b.lastEight ? 1 : 0),
  abilities: (a, b) => words.compare(a.abilities.join(), b.abilities.join()),
  team: (a, b) => words.compare(a.team?.name ?? "", b.team?.name ?? ""),
  note: (a, b) => words.compare(wordsOf(a), wordsOf(b)),
};

/** What a note says, the most telling part first. */
export function textsOf({ purpose, owner, storedIn }: KeyNote): string[] {
  return [purpose, owner && `Owner: ${owner}`, storedIn && `Kept in: ${storedIn}`].filter(Boolean);
}

function wordsOf({ note }: ListRow): string {
  return note === undefined ? "" : textsOf(note).join();
}

/** The rows with their notes. Those without one stay the same objects: much is remembered by them. */
export function withNotes(
  rows: readonly KeyRow[],
  notes: ReadonlyMap<KeyRow["id"], KeyNote>,
  now: number,
): readonly ListRow[] {
  if (notes.size === 0) return rows;
  return rows.map((row) => {
    const note = notes.get(row.id);
    return note === undefined ? row : { ...row, note, isReviewDue: isDue(note, now) };
  });
}

function sortAll(rows: readonly ListRow[], column: Column, direction: Order["direction"]): ListRow[] {
  if (column === "lastUsed" || column === "created") return sortByTime(rows, times[column], direction);
  const by = compare[column];
  return rows.toSorted(direction === "ascending" ? by : (a, b) => by(b, a));
}

export function sortRows(rows: readonly ListRow[], { column, direction }: Order): ListRow[] {
  const sorted = sortAll(rows, column, direction);
  const unknown = isUnknown[column];
  if (unknown === undefined || !sorted.some(unknown)) return sorted;
  return [...sorted.filter((row) => !unknown(row)), ...sorted.filter(unknown)];
}

/** As letters are compared: without case, accents and what else is set on them. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  // Most are plain, and folding ten thousand names would be felt at the first key.
  return /^[ -~\n]*$/.test(lower) ? lower : lower.normalize("NFD").replace(/\p{M}/gu, "");
}

const haystacks = new WeakMap<ListRow, string>();

function haystackOf(row: ListRow): string {
  const known = haystacks.get(row);
  if (known !== undefined) return known;
  const { note } = row;
  const noted = note === undefined ? [] : [note.purpose, note.owner, note.storedIn];
  const parts = [row.name, row.lastEight, ...row.abilities, row.team?.name ?? "", ...noted];
  const haystack = folded(parts.join("\n"));
  haystacks.set(row, haystack);
  return haystack;
}

/** What a search looks through, row by row. Worked out when rows come, not at the first letter. */
export function haystacksOf(rows: readonly ListRow[]): readonly string[] {
  return rows.map(haystackOf);
}

/** Rows whose name, last 8 characters, abilities, team and note hold every word of the search. */
export function searchRows(
  rows: readonly ListRow[],
  haystacks: readonly string[],
  search: string,
): readonly ListRow[] {
  const wanted = folded(search).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((_, at) => wanted.every((word) => haystacks[at]?.includes(word)));
}

export function ofTeam(rows: readonly ListRow[], team: string | null): readonly ListRow[] {
  return team === null ? rows : rows.filter((row) => row.team?.id === team);
}
