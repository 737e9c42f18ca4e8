/** Sizes that depend on the user's text size. */
import { useLayoutEffect, useState, useSyncExternalStore, type RefObject } from "react";

function measure(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** Kept: asking makes the engine work out every style of the page, and tables ask at each key. */
let pixels: number | null = null;

/** As wide as a rem is: text may grow without the window doing so. */
function addRuler(): HTMLElement {
  const ruler = document.createElement("div");
  ruler.ariaHidden = "true";
  Object.assign(ruler.style, { position: "absolute", visibility: "hidden", width: "1rem", height: "0" });
  return document.body.appendChild(ruler);
}

function onChange(listener: () => void): () => void {
  const ruler = addRuler();
  const observer = new ResizeObserver(() => {
    pixels = measure();
    listener();
  });
  observer.observe(ruler);
  return () => {
    observer.disconnect();
    ruler.remove();
  };
}

/** Pixels per rem. */
export function useRem(): number {
  return useSyncExternalStore(onChange, () => (pixels ??= measure()));
}

/** How much of the window a table is likely to take, either way: guessed right, it is drawn once. */
export const LIKELY_PART = 0.75;

/** A wide element's width in rem; likely before it is known, and where there is no layout everything fits. */
export function useWidthInRem(element: RefObject<HTMLElement | null>, rem: number): number {
  const [width, setWidth] = useState(() => window.innerWidth * LIKELY_PART);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const look = () => setWidth(measured.clientWidth || Infinity);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return Math.round(width / rem);
}
