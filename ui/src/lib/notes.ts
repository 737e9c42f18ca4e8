/** When the user's notes are due for a look. Pure; small, since the first screen's list goes by it. */
import type { KeyNote } from "../bindings";

/** A day of this machine's calendar: "2026-11-22". */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whether the day has come on which the user wanted to look at the key again. */
export function isDue({ reviewOn }: Pick<KeyNote, "reviewOn">, now: number): boolean {
  return reviewOn !== null && reviewOn <= dayOf(now);
}
