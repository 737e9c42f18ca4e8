/**
 * Which keys are selected. By id, so that it survives searching, sorting and refreshing; keys that are gone drop out.
 * Extending selects from an anchor on, and takes back what it went too far; what was selected before stays.
 */
import { useCallback, useMemo, useRef } from "react";
import type { KeyRow } from "../../bindings";
import { noKeys, type KeyIds } from "./listView";

interface Range {
  /** Where it began, and the row that it reaches to. */
  anchor: KeyRow["id"];
  head: KeyRow["id"];
  /** What was selected without it. */
  before: KeyIds;
}

interface SelectionOptions {
  /** Of the account; none while nothing has arrived. */
  all: readonly KeyRow[] | undefined;
  /** Those on screen, in their order. */
  rows: readonly KeyRow[];
  ids: KeyIds;
  onIds: (ids: KeyIds) => void;
}

export interface Selection {
  ids: KeyIds;
  /** Those on screen, in their order: all that anything is done with. */
  shown: readonly KeyRow[];
  toggle: (id: KeyRow["id"]) => void;
  /** On from where it was extended to last, or else from `from`. */
  extend: (from: KeyRow["id"], to: KeyRow["id"]) => void;
  /** All that are on screen, beside what is selected already. */
  selectAll: () => void;
  /** None of those on screen. */
  selectNone: () => void;
  clear: () => void;
}

export function useSelection({ all, rows, ids: chosen, onIds }: SelectionOptions): Selection {
  const range = useRef<Range | null>(null);
  const ids = useMemo(() => {
    if (chosen.size === 0 || all === undefined) return noKeys;
    const here = all.filter(({ id }) => chosen.has(id));
    return here.length === chosen.size ? chosen : new Set(here.map(({ id }) => id));
  }, [chosen, all]);
  const shown = useMemo(() => (ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id))), [ids, rows]);

  const toggle = useCallback(
    (id: KeyRow["id"]) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      range.current = { anchor: id, head: id, before: next };
      onIds(next);
    },
    [ids, onIds],
  );
  const extend = useCallback(
    (from: KeyRow["id"], to: KeyRow["id"]) => {
      const placeOf = (id: KeyRow["id"]) => rows.findIndex((row) => row.id === id);
      const last = range.current;
      const goesOn = last?.head === from && placeOf(last.anchor) !== -1;
      const { anchor, before } = goesOn ? last : { anchor: from, before: ids };
      const [start, end] = [placeOf(anchor), placeOf(to)].sort((a, b) => a - b);
      if (start === undefined || end === undefined || start === -1) return;
      range.current = { anchor, head: to, before };
      onIds(new Set([...before, ...rows.slice(start, end + 1).map(({ id }) => id)]));
    },
    [ids, rows, onIds],
  );
  const selectAll = useCallback(() => {
    range.current = null;
    onIds(new Set([...ids, ...rows.map(({ id }) => id)]));
  }, [ids, rows, onIds]);
  const selectNone = useCallback(() => {
    range.current = null;
    const next = new Set(ids);
    for (const { id } of rows) next.delete(id);
    onIds(next);
  }, [ids, rows, onIds]);
  const clear = useCallback(() => {
    range.current = null;
    onIds(noKeys);
  }, [onIds]);

  return useMemo(
    () => ({ ids, shown, toggle, extend, selectAll, selectNone, clear }),
    [ids, shown, toggle, extend, selectAll, selectNone, clear],
  );
}
