/**
 * Loads what the first paint did without, once that is done: when the list was painted or, on a screen without one,
 * after a moment. From then on no key has to wait for code.
 */
import { useEffect } from "react";
import { loadParts } from "../lib/part";
import { whenPainted } from "../lib/painted";

/** For screens without a list, and lists that take long: in milliseconds. */
const MAX_WAIT = 1000;

/** Between two parts whatever the user did meanwhile has its turn. Engines differ in knowing when they are idle. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve));

/** At the root, while a screen is shown. */
export function useIdleLoading(): void {
  useEffect(() => {
    let isStarted = false;
    const start = () => {
      if (isStarted) return;
      isStarted = true;
      void loadParts(pause);
    };
    const timer = setTimeout(start, MAX_WAIT);
    const forget = whenPainted("list", start);
    return () => {
      isStarted = true;
      clearTimeout(timer);
      forget();
    };
  }, []);
}
