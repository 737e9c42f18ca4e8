/** What the menu of filters offers, beside those that are always the same. Pure. */
import type { KeyRow } from "../../bindings";
import { dayOf } from "../../lib/notes";
import { instant } from "./order";

/** Every ability that some key has, in alphabetical order. */
export function abilitiesIn(rows: readonly KeyRow[]): string[] {
  const all = new Set<string>();
  for (const row of rows) for (const ability of row.abilities) all.add(ability);
  return [...all].sort((a, b) => a.localeCompare(b));
}

/** Days that tell the keys apart by age: some while ago, and the turns of the latest years. */
export function daysIn(rows: readonly KeyRow[], now: number): { day: string; words: string | null }[] {
  const ago = (months: number) => {
    const date = new Date(now);
    date.setMonth(date.getMonth() - months);
    return dayOf(date.getTime());
  };
  const years = new Set<number>();
  for (const { createdAt } of rows) {
    if (createdAt !== null) years.add(new Date(instant(createdAt)).getFullYear() + 1);
  }
  const thisYear = new Date(now).getFullYear();
  const turns = [...years].filter((year) => year <= thisYear).sort((a, b) => b - a);
  return [
    { day: ago(1), words: "A month ago" },
    { day: ago(6), words: "Half a year ago" },
    { day: ago(12), words: "A year ago" },
    ...turns.slice(0, 5).map((year) => ({ day: `${year}-01-01`, words: null })),
  ];
}
