/** The list as the page holds it, and how what arrives is merged into it. Pure. */
import { replaceEqualDeep } from "@tanstack/react-query";
import type { CachedKeys, KeyRow } from "../bindings";

export interface KeyList {
  rows: readonly KeyRow[];
  /** When the whole list was last fetched; none while it arrives for the first time. */
  fetchedAt: string | null;
  /** How many the service says there are, while they arrive. */
  total: number | null;
  /** Why keys may be missing, in words; none if the list was whole when it was last fetched. */
  incomplete: string | null;
  /** These are only the first rows of a list of so many, as it is sorted; none where they are all. */
  beginningOf: number | null;
  /** Deleted here: a page that was on its way meanwhile doesn't bring them back. Ids are not used twice. */
  gone: ReadonlySet<string>;
}

export const nothingYet: KeyList = {
  rows: [],
  fetchedAt: null,
  total: null,
  incomplete: null,
  beginningOf: null,
  gone: new Set(),
};

/** A list as this machine remembers it. */
export function listOf({ keys: rows, fetchedAt, incomplete }: CachedKeys): KeyList {
  return { ...nothingYet, rows: rows.map(held), fetchedAt, incomplete };
}

type Shared = Pick<KeyRow, "abilities" | "team">;

const shared = new Map<string, Shared>();

/** Of so many combinations the first are remembered; what comes after them is not shared. */
const MAX_SHARED = 1000;

/** A row as it is held: most of a long list have abilities and a team like others, which are then the same objects. */
function held(row: KeyRow): KeyRow {
  const { abilities, team } = row;
  const content = JSON.stringify([abilities, team]);
  const known = shared.get(content);
  if (known === undefined) {
    if (shared.size < MAX_SHARED) shared.set(content, { abilities, team });
    return row;
  }
  return { ...row, ...known };
}

/** Rows by id: known ones stay where they are (and the same object if nothing changed), new ones come after. */
export function mergeRows(list: KeyList, arrived: readonly KeyRow[], total: number | null): KeyList {
  const fresh = new Map<string, KeyRow>();
  for (const row of arrived) if (!list.gone.has(row.id)) fresh.set(row.id, row);
  const rows = list.rows.map((row) => {
    const update = fresh.get(row.id);
    if (update === undefined) return row;
    fresh.delete(row.id);
    const merged = replaceEqualDeep(row, update);
    return merged === row ? row : held(merged);
  });
  for (const row of fresh.values()) rows.push(held(row));
  return { ...list, rows, total };
}

/** The whole list has arrived: what was in no page is gone. */
export function completeRows(list: KeyList, seen: ReadonlySet<string>, fetchedAt: string): KeyList {
  const rows = list.rows.filter(({ id }) => seen.has(id));
  return { ...list, rows, fetchedAt, total: null, incomplete: null, beginningOf: null };
}

/** What has arrived is not the whole list: no row is gone because it was in no page, and the list stays as old as it is. */
export function incompleteRows(list: KeyList, why: string): KeyList {
  return { ...list, total: null, incomplete: why };
}

export function withoutKeys(list: KeyList, ids: readonly string[]): KeyList {
  const gone = new Set([...list.gone, ...ids]);
  return { ...list, rows: list.rows.filter(({ id }) => !gone.has(id)), gone };
}

/** It was thought to be gone, and is not known to be: the next answer of the service may have it again. */
export function withKeyBack(list: KeyList, id: string): KeyList {
  return { ...list, gone: new Set([...list.gone].filter((each) => each !== id)) };
}

/** One key as the service described it elsewhere, a delete card for instance. */
export function withKey(list: KeyList, row: KeyRow): KeyList {
  return list.rows.some(({ id }) => id === row.id) ? mergeRows(list, [row], list.total) : list;
}
