/** The journal's rows as the tab works with them: words for what was done, and filters. Local and pure. */
import type {
  ActionRows,
  ChainView,
  EndView,
  JournalRow,
  JournalVerified,
  NotCheckedView,
} from "../../bindings";
import { actionInWords } from "../../lib/journalAction";
import { countOf, formatNumber } from "../../lib/text";
import { exactTime } from "../../lib/time";

/** A row, known by its number as lists want it. */
export interface Entry extends JournalRow {
  id: string;
}

export function entryOf(row: JournalRow): Entry {
  return { ...row, id: String(row.number) };
}

export interface ActionCount {
  action: string;
  words: string;
  /** Not known yet, as long as the journal is being verified. */
  count: number | null;
}

/** Which actions there are, by their words: all of them once the journal was gone through, until then those in sight. */
export function actionsIn(
  entries: readonly Entry[],
  counted: readonly ActionRows[] | undefined,
): ActionCount[] {
  const counts =
    counted === undefined
      ? new Map(entries.map(({ action }) => [action, null]))
      : new Map(counted.map(({ action, rows }) => [action, rows]));
  return [...counts]
    .map(([action, count]) => ({ action, words: actionInWords(action), count }))
    .sort((a, b) => a.words.localeCompare(b.words));
}

/** Whether it has to be said which account a row is of. */
export function hasManyAccounts(entries: readonly Entry[]): boolean {
  const first = entries[0]?.accountLabel;
  return entries.some(({ accountLabel }) => accountLabel !== first);
}

/** What the chain says, in words. */
export function chainInWords(rows: number, chain: ChainView): string {
  if (chain.kind === "whole") {
    return rows === 1
      ? "Journal verified: its 1 row is unchanged."
      : `Journal verified: all ${formatNumber(rows)} rows are unchanged.`;
  }
  const changed = `Row ${formatNumber(chain.at)} was changed, or a row before it was removed, outside Pulse Keys.`;
  switch (chain.sound) {
    case 0:
      return `${changed} No row is known to be unchanged.`;
    case 1:
      return `${changed} Row 1 is unchanged.`;
    default:
      return `${changed} Rows up to ${formatNumber(chain.sound)} are unchanged.`;
  }
}

const notChecked: Record<NotCheckedView, string> = {
  session_only: "this session goes without one.",
  locked: "it is locked. Unlock it, then refresh.",
  unavailable: "it can’t be asked now.",
  unreadable: "what it holds about this journal can’t be read by this version.",
};

/** Whether rows are missing at the end, in words. */
export function endInWords(end: EndView): string {
  switch (end.kind) {
    case "as_noted":
      return end.rowsThen === 0
        ? "The keychain confirms that none is missing at the end."
        : `None is missing of those that the keychain knows of. It knows them since ${exactTime(end.since)}, when there were ${countOf(end.rowsThen, "row")}: whether others had been removed before, it can’t tell.`;
    case "lost":
      return end.losses
        .map(
          ({ rows, left, noticedAt }) =>
            `Row ${formatNumber(rows)} was the newest one that the keychain knew of; it was removed or replaced outside Pulse Keys, or an old copy of the database was put back. Noticed ${exactTime(noticedAt)}, when there were ${countOf(left, "row")}.`,
        )
        .join(" ");
    case "not_checked":
      return `Whether rows are missing at the end is not verified against the keychain: ${notChecked[end.why]}`;
  }
}

/** Whether something is wrong with the journal. */
export function isWrong({ chain, end }: JournalVerified): boolean {
  return chain.kind === "broken" || end.kind === "lost";
}
