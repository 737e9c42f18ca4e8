/** Sizes that depend on the person's text size. */
import { useLayoutEffect, useState, useSyncExternalStore, type RefObject } from "react";

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
  const [pixels, setPixels] = useState(Infinity);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const measure = () => setPixels(measured.clientWidth || Infinity);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return Math.round(pixels / rem);
}
