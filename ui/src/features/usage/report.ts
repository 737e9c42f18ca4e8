/** Reading what core says of a search. Knows no host and no words of its own. */
import type { BulkRow, DeleteCard, KeyUsage, OpenCards, UsageReport } from "../../bindings";

/** What a report says of one key. */
export function usageOf(report: UsageReport | null, key: KeyUsage["key"]): KeyUsage | null {
  return report?.keys.find((usage) => usage.key === key) ?? null;
}

/** The cards on screen, as a search changed them last. */
export interface SearchedCards {
  one: DeleteCard | null;
  many: ReadonlyMap<BulkRow["key"]["id"], BulkRow>;
}

export const noCards: SearchedCards = { one: null, many: new Map() };

/** With what arrived since: whole cards and rows, each in place of the one before. */
export function withArrived(cards: SearchedCards, { one, many }: OpenCards): SearchedCards {
  if (one === null && many.length === 0) return cards;
  return {
    one: one ?? cards.one,
    many: new Map([...cards.many, ...many.map((row) => [row.key.id, row] as const)]),
  };
}

/** Of two cards or rows of the same key the newer one: an answer and what a search tells come on two ways. */
export function newer<T extends { number: number; key: { id: string } }>(one: T, other: T | null): T {
  return other?.key.id === one.key.id && other.number > one.number ? other : one;
}
