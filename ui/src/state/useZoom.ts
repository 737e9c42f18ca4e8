/** The size of the whole page, by key and menu. */
import { useAction } from "../actions/useActions";
import { useChangePreferences } from "./usePreferences";

/** In percent, as core takes them. */
export const smallestZoom = 50;
export const largestZoom = 200;
export const zoomStep = 10;

export function useZoom(zoom: number): void {
  const change = useChangePreferences();
  // From what it is by then: a key that is held is pressed again before the page is drawn.
  const by = (percent: number) =>
    change((now) => ({ zoom: Math.max(smallestZoom, Math.min(now.zoom + percent, largestZoom)) }));
  useAction("zoom.in", zoom < largestZoom ? () => by(zoomStep) : "It is as large as it gets.");
  useAction("zoom.out", zoom > smallestZoom ? () => by(-zoomStep) : "It is as small as it gets.");
  useAction("zoom.reset", zoom !== 100 ? () => change(() => ({ zoom: 100 })) : "It has its actual size.");
}
