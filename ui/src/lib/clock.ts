/**
 * The one clock for everything that ages or runs down on screen. It wakes when the next words change, not by the second,
 * and stands still while nobody can see the page: no timer runs then, and all is told anew when the page is back.
 */
import { useCallback, useSyncExternalStore } from "react";

/** How the time since or until an instant is told: as what, and when that changes next; never, if null. */
export interface Telling<T extends string | number> {
  tell: (instant: string, now: number) => T;
  next: (instant: string, now: number) => number | null;
}

interface Reader {
  notify: () => void;
  next: (now: number) => number | null;
}

/** A computer that sleeps stops the timers, not the time: after so long, in milliseconds, it is looked again. */
const MAX_WAIT = 60_000;

const readers = new Set<Reader>();
let timer: ReturnType<typeof setTimeout> | undefined;
/** When the timer ends; none while there is none. */
let wakesAt = Infinity;

function stop(): void {
  clearTimeout(timer);
  wakesAt = Infinity;
}

function wakeFor(reader: Reader): void {
  if (document.visibilityState === "hidden") return;
  const now = Date.now();
  const next = reader.next(now);
  if (next === null) return;
  const due = Math.min(next, now + MAX_WAIT);
  if (due >= wakesAt) return;
  clearTimeout(timer);
  wakesAt = due;
  timer = setTimeout(wake, Math.max(0, due - now));
}

function wake(): void {
  stop();
  for (const { notify } of readers) notify();
  for (const reader of readers) wakeFor(reader);
}

function onVisibility(): void {
  if (document.visibilityState === "hidden") stop();
  else wake();
}

function attach(reader: Reader): () => void {
  if (readers.size === 0) document.addEventListener("visibilitychange", onVisibility);
  readers.add(reader);
  wakeFor(reader);
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    stop();
    document.removeEventListener("visibilitychange", onVisibility);
  };
}

/** The time since or until an instant as it is told now. Renders again only when that changes. */
export function useTime<T extends string | number>(instant: string, { tell, next }: Telling<T>): T {
  const subscribe = useCallback(
    (notify: () => void) => attach({ notify, next: (now) => next(instant, now) }),
    [instant, next],
  );
  return useSyncExternalStore(subscribe, () => tell(instant, Date.now()));
}
