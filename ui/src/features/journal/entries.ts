/** The journal's rows as the tab works with them: words for what was done, and filters. Local and pure. */
import type { ChainView, JournalRow } from "../../bindings";
import { forDisplay, formatNumber } from "../../lib/text";

/** A row, known by its number as lists want it. */
export interface Entry extends JournalRow {
  id: string;
}

export function entryOf(row: JournalRow): Entry {
  return { ...row, id: String(row.number) };
}

export interface JournalFilter {
  /** As it stands in the journal; all actions if null. */
  action: string | null;
  /** Part of a key's name, last 8 characters or id. */
  key: string;
}

export const noFilter: JournalFilter = { action: null, key: "" };

export function isFiltering({ action, key }: JournalFilter): boolean {
  return action !== null || key.trim() !== "";
}

const haystacks = new WeakMap<Entry, string>();

function haystackOf(entry: Entry): string {
  const known = haystacks.get(entry);
  if (known !== undefined) return known;
  const { keyName, lastEight, keyId } = entry;
  const haystack = [keyName, lastEight, keyId]
    .filter((each) => each !== null)
    .join("\n")
    .toLowerCase();
  haystacks.set(entry, haystack);
  return haystack;
}

/** Rows of the action whose key holds every word of the text. */
export function filterEntries(entries: readonly Entry[], { action, key }: JournalFilter): readonly Entry[] {
  const wanted = key.toLowerCase().split(/\s+/).filter(Boolean);
  if (action === null && wanted.length === 0) return entries;
  return entries.filter(
    (entry) =>
      (action === null || entry.action === action) &&
      wanted.every((word) => haystackOf(entry).includes(word)),
  );
}

/** "delete_key" as "Delete key". An action that a later version wrote reads well without being known here. */
export function actionInWords(action: string): string {
  const words = forDisplay(action.replaceAll("_", " ")).shown;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface ActionCount {
  action: string;
  words: string;
  count: number;
}

/** Which actions there are, by their words. */
export function actionsIn(entries: readonly Entry[]): ActionCount[] {
  const counts = new Map<string, number>();
  for (const { action } of entries) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts]
    .map(([action, count]) => ({ action, words: actionInWords(action), count }))
    .sort((a, b) => a.words.localeCompare(b.words));
}

/** Whether it has to be said which account a row is of. */
export function hasManyAccounts(entries: readonly Entry[]): boolean {
  const first = entries[0]?.accountLabel;
  return entries.some(({ accountLabel }) => accountLabel !== first);
}

/** What the chain says, in words. Newest row first. */
export function chainInWords(entries: readonly Entry[], chain: ChainView): string {
  if (chain.kind === "whole") {
    return entries.length === 1
      ? "Journal verified: its one row is as it was written."
      : `Journal verified: all ${formatNumber(entries.length)} rows are as they were written.`;
  }
  const sound = entries.find(({ number }) => number < chain.at)?.number;
  const changed = `Row ${formatNumber(chain.at)} was changed, or a row before it was removed, outside Pulse Keys.`;
  switch (sound) {
    case undefined:
      return `${changed} No row is known to be as it was written.`;
    case 1:
      return `${changed} Row 1 is as it was written.`;
    default:
      return `${changed} Rows up to ${formatNumber(sound)} are as they were written.`;
  }
}
