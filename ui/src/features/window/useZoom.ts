/** The size of the whole page, by key and menu. */
import { useAction } from "../../actions/useActions";
import { useChangePreferences } from "../preferences/usePreferences";

/** In percent, as core takes them. */
const smallest = 50;
const largest = 200;
const step = 10;

export function useZoom(zoom: number): void {
  const change = useChangePreferences();
  const to = (percent: number) => change(() => ({ zoom: Math.max(smallest, Math.min(percent, largest)) }));
  useAction("zoom.in", zoom < largest ? () => to(zoom + step) : "It is as large as it gets.");
  useAction("zoom.out", zoom > smallest ? () => to(zoom - step) : "It is as small as it gets.");
  useAction("zoom.reset", zoom !== 100 ? () => to(100) : "It has its actual size.");
}
