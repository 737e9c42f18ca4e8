/** Marks in the page's own timeline of when something could be seen first, and what waits for that. */

import { useCallback, useSyncExternalStore } from "react";

const marked = new Set<string>();
const waiting = new Map<string, Set<() => void>>();

/** Once in the life of the page: what is on screen now has been painted when the mark is set. */
export function markPainted(what: string): void {
  if (marked.has(what)) return;
  marked.add(what);
  requestAnimationFrame(() => {
    // A message posted in a frame arrives after the frame was handed over for painting.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      performance.mark(what);
      for (const each of waiting.get(what) ?? []) each();
      waiting.delete(what);
    };
    port2.postMessage(null);
  });
}

/** Calls it when that mark is set, unless the answer is called before. */
export function whenPainted(what: string, then: () => void): () => void {
  const others = waiting.get(what) ?? new Set();
  waiting.set(what, others.add(then));
  return () => void others.delete(then);
}

const isPainted = (what: string) => performance.getEntriesByName(what).length > 0;

/** Whether that mark is set. */
export function useIsPainted(what: string): boolean {
  const subscribe = useCallback((listener: () => void) => whenPainted(what, listener), [what]);
  return useSyncExternalStore(subscribe, () => isPainted(what));
}

/** Done when that mark is set, or after so many milliseconds without it. */
export function painted(what: string, timeout: number): Promise<void> {
  if (isPainted(what)) return Promise.resolve();
  return new Promise((done) => {
    const forget = whenPainted(what, () => {
      clearTimeout(timer);
      done();
    });
    const timer = setTimeout(() => {
      forget();
      done();
    }, timeout);
  });
}
