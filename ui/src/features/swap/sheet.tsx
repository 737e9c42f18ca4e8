/** Swapping or retiring a key among the sheets: what it is opened with. */
import { part } from "../../lib/part";
import type { OpenSheet } from "../../navigation/registry";
import { SheetPart } from "../../navigation/SheetPart";

const swapKey = part(() => import("./SwapKey").then(({ SwapKey }) => SwapKey));

export const openSwap: OpenSheet<"swap"> = ({ account, key, way }) => ({
  subject: { account, key },
  focus: { account, key, isKept: true },
  draw: (isArriving) => (
    <SheetPart part={swapKey}>
      {(SwapKey) => <SwapKey account={account} id={key} way={way} isArriving={isArriving} />}
    </SheetPart>
  ),
});
