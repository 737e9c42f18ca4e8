/** Sizes that depend on the person's text size. */
import { useCallback, useSyncExternalStore, type RefObject } from "react";

function measureRem(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

function onResize(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

/** Pixels per rem. */
export function useRem(): number {
  return useSyncExternalStore(onResize, measureRem);
}

/** An element's width in rem; everything fits until it is known. */
export function useWidthInRem(element: RefObject<HTMLElement | null>, rem: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const observer = new ResizeObserver(listener);
      if (element.current !== null) observer.observe(element.current);
      return () => observer.disconnect();
    },
    [element],
  );
  return useSyncExternalStore(
    subscribe,
    () => Math.round((element.current?.clientWidth ?? 0) / rem) || Infinity,
  );
}
