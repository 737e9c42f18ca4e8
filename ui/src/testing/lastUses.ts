/** Uses of a key as a machine comes to know of them: a look now and then, and fewer the further back. */
import type { LastUses } from "../bindings";
import { daysAgo } from "./samples";

export function lastUses(amount: number, now = Date.now()): LastUses {
  return {
    uses: Array.from({ length: amount }, (_, place) => {
      const days = place * (1 + place / 6) + (place % 3) * 0.7 + 0.01;
      return { usedAt: daysAgo(days, now), seenAt: daysAgo(Math.max(days - 0.4, 0), now) };
    }),
  };
}
