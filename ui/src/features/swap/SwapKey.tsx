/** A key that is to go: how to begin, as long as nothing has, and then how far it is. */
import { useEffect, useRef } from "react";
import type { AccountId, KeyRow, SwapWay } from "../../bindings";
import { useSheets } from "../../navigation/sheets";
import { swapOf, useSwaps } from "../../state/useSwaps";
import { BeginSheet } from "./BeginSheet";
import { SwapSheet } from "./SwapSheet";

interface SwapKeyProps {
  account: AccountId;
  id: KeyRow["id"];
  /** How it is to begin. */
  way: SwapWay;
  isArriving: boolean;
}

export function SwapKey({ account, id, way, isArriving }: SwapKeyProps) {
  const { swaps, ask } = useSwaps();
  const { current } = useSheets();
  const isOnTop = current === "swap";
  // Deleting the key, or storing the token, is done in a sheet over this one.
  const wasCovered = useRef(false);
  useEffect(() => {
    if (!isOnTop) wasCovered.current = true;
    else if (wasCovered.current) {
      wasCovered.current = false;
      ask();
    }
  }, [isOnTop, ask]);
  useEffect(ask, [ask]);
  const swap = swapOf(swaps, account, id);
  // The sibling of one may go itself: where that is asked for, it begins.
  const isOther = swap !== undefined && swap.key !== id && way === "retire";
  return swap === undefined || isOther ? (
    <BeginSheet account={account} id={id} way={way} isArriving={isArriving} />
  ) : (
    <SwapSheet key={swap.key} swap={swap} isArriving={isArriving} />
  );
}
