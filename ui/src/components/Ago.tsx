/** How long ago something was, in words that stay true: "12 min ago". */
import { useTime } from "../lib/clock";
import { relative } from "../lib/time";

export function Ago({ at }: { at: string }) {
  return useTime(at, relative);
}
