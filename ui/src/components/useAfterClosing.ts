/**
 * What is chosen in something modal is done once that has closed and has given the focus back: then it finds the row
 * that the user was on.
 */
import { useCallback, useEffect, useRef } from "react";

/** Answers with the way to say what follows; it is done when `isOpen` ends. */
export function useAfterClosing(isOpen: boolean): (what: () => void) => void {
  const wanted = useRef<(() => void) | null>(null);
  useEffect(() => {
    const what = wanted.current;
    if (isOpen || what === null) return;
    wanted.current = null;
    // The focus goes back in a frame that was asked for earlier.
    const frame = requestAnimationFrame(what);
    return () => cancelAnimationFrame(frame);
  }, [isOpen]);
  return useCallback((what) => {
    wanted.current = what;
  }, []);
}
