/** Dates in words. Times come as RFC 3339 and are told in this machine's zone; the words are English. */
import type { Telling } from "./clock";

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function parse(instant: string): number | null {
  const time = Date.parse(instant);
  return Number.isNaN(time) ? null : time;
}

/** British English writes "Sept", the only month of four letters. */
function dayOf(time: number): string {
  return day.format(time).replace("Sept", "Sep");
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"} ago`;
}

/** "3 Mar 2026" */
export function dateOf(instant: string): string {
  const time = parse(instant);
  return time === null ? "unknown" : dayOf(time);
}

/** "22 Nov 2026, 14:02:51" */
export function exactTime(instant: string): string {
  const time = parse(instant);
  return time === null ? "unknown" : `${dayOf(time)}, ${clock.format(time)}`;
}

/** "14:02:51" */
export function clockTime(instant: string): string {
  const time = parse(instant);
  return time === null ? "unknown" : clock.format(time);
}

/** "12 min ago". A clock that runs ahead of ours reads as "just now". */
export function relativeTime(instant: string, now: number): string {
  const time = parse(instant);
  if (time === null) return "unknown";
  const age = now - time;
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  return count(Math.floor(age / DAY), "day");
}

/** When the words of `relativeTime` are others. */
function nextRelative(instant: string, now: number): number | null {
  const time = parse(instant);
  if (time === null) return null;
  const age = now - time;
  const unit = age < HOUR ? MINUTE : age < DAY ? HOUR : DAY;
  return time + Math.max(1, Math.floor(age / unit) + 1) * unit;
}

export const relative: Telling<string> = { tell: relativeTime, next: nextRelative };

function secondsUntil(instant: string, now: number): number {
  return Math.max(0, Math.ceil(((parse(instant) ?? now) - now) / 1000));
}

/** Whole seconds that are left; 0 when it is over. */
export const countdown: Telling<number> = {
  tell: secondsUntil,
  next: (instant, now) => {
    const left = secondsUntil(instant, now);
    return left === 0 ? null : Date.parse(instant) - (left - 1) * 1000;
  },
};

/** How fresh a use is, from 4 (within the day) by the week, the month and the quarter to 0 (longer ago). */
export function freshness(instant: string, now: number): number {
  const age = now - (parse(instant) ?? 0);
  const limits = [DAY, 7 * DAY, 30 * DAY, 90 * DAY];
  const passed = limits.findIndex((limit) => age < limit);
  return passed === -1 ? 0 : limits.length - passed;
}

/** Its limits are whole days, where the words of a day change too. */
export const fresh: Telling<number> = { tell: freshness, next: nextRelative };
