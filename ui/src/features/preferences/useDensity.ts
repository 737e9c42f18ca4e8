/** How tall rows of one line are, as the person wants them. */
import { usePreferences } from "./usePreferences";

const compact = 2;

/** In rem; `comfortable` is what the list has by itself. */
export function useRowHeight(comfortable: number): number {
  return usePreferences().density === "compact" ? compact : comfortable;
}
