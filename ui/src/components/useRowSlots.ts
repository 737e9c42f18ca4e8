/**
 * Which element of the page a row is drawn in. A row that comes into sight takes the element of one that has left:
 * changing the words in an element costs the engine half of what a new one does, and in a jump all rows are new.
 */
import { useState } from "react";

/** By the ids of the rows that are drawn. */
export type RowSlots = ReadonlyMap<string, number>;

const none: RowSlots = new Map();

/**
 * Rows that are still there stay where they are. The element of the row with the focus is never given to another one:
 * the focus would go along without anybody being told.
 */
export function slotsFor(ids: readonly string[], focused: string | null, before: RowSlots): RowSlots {
  if (ids.length === before.size && ids.every((id) => before.has(id))) return before;
  const staying = new Set(ids);
  if (focused !== null) staying.add(focused);
  const free = [...before].filter(([id]) => !staying.has(id)).map(([, slot]) => slot);
  let unused = Math.max(-1, ...before.values());
  return new Map(ids.map((id) => [id, before.get(id) ?? free.shift() ?? (unused += 1)]));
}

/** The slots are the rows' keys for React. */
export function useRowSlots(ids: readonly string[], focused: string | null): RowSlots {
  const [before, setBefore] = useState(none);
  const slots = slotsFor(ids, focused, before);
  if (slots !== before) setBefore(slots);
  return slots;
}
