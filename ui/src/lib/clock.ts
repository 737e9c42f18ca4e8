/** One clock for everything that ages on screen; it runs only while someone looks. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const notify of listeners) notify();
    }, 1000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** Now, in milliseconds since 1970, moving in steps of `seconds`. Renders again only when it moves. */
export function useNow(seconds = 1): number {
  const step = seconds * 1000;
  return useSyncExternalStore(subscribe, () => (step === 1000 ? now : Math.ceil(now / step) * step));
}
