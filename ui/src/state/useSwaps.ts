/** The keys that are to go once they have been quiet, and how far each is. Every change comes back as a whole. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { AccountId, KeyRow, Swaps, SwapView } from "../bindings";
import { useHost } from "../host/host";
import { journalKey, swapsKey } from "./queryKeys";

const none: readonly SwapView[] = [];

interface SwapsQuery {
  swaps: readonly SwapView[];
  /** They are known. */
  isKnown: boolean;
  ask: () => void;
}

export function useSwaps(): SwapsQuery {
  const host = useHost();
  const { data, refetch } = useQuery({
    queryKey: swapsKey,
    queryFn: () => host.call("swaps", null),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const ask = useCallback(() => void refetch(), [refetch]);
  return { swaps: data?.swaps ?? none, isKnown: data !== undefined, ask };
}

/** Takes over what a command answered with; all of them are rows of the journal too. */
export function useSetSwaps(): (swaps: Swaps) => void {
  const client = useQueryClient();
  return useCallback(
    (swaps) => {
      client.setQueryData<Swaps>(swapsKey, swaps);
      void client.invalidateQueries({ queryKey: journalKey });
    },
    [client],
  );
}

/** The swap that a key has a part in: as the one that goes, or as the one that comes. */
export function swapOf(
  swaps: readonly SwapView[],
  account: AccountId,
  key: KeyRow["id"],
): SwapView | undefined {
  const ofAccount = swaps.filter((swap) => swap.account === account);
  return ofAccount.find((swap) => swap.key === key) ?? ofAccount.find(({ sibling }) => sibling?.key === key);
}

/** The same for every key of an account that has a part in one. */
export function useSwapsByKey(account: AccountId): ReadonlyMap<KeyRow["id"], SwapView> {
  const { swaps } = useSwaps();
  return useMemo(() => {
    const found = new Map<string, SwapView>();
    for (const swap of swaps) {
      if (swap.account !== account) continue;
      if (swap.sibling !== null && !found.has(swap.sibling.key)) found.set(swap.sibling.key, swap);
      found.set(swap.key, swap);
    }
    return found;
  }, [swaps, account]);
}
