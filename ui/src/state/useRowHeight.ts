/** How tall a row of one line is, by the preference for density. */
import { usePreferences } from "./usePreferences";

const compact = 2;

/** In rem; `comfortable` is what the list has by itself. */
export function useRowHeight(comfortable: number): number {
  return usePreferences().density === "compact" ? compact : comfortable;
}
