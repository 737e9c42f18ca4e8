/** A key of any account, as this machine remembers it: the list on screen first, then what was kept of the last one. */
import { useCallback } from "react";
import type { AccountId, KeyRow } from "../bindings";
import { useHost } from "../host/host";
import { useKeyCache } from "./useKeys";

export function useKeyLookup(): (account: AccountId, id: KeyRow["id"]) => Promise<KeyRow | null> {
  const host = useHost();
  const cache = useKeyCache();
  return useCallback(
    async (account, id) => {
      const listed = cache.row(account, id);
      if (listed !== null) return listed;
      try {
        const { keys } = await host.call("cached_keys", { account });
        return keys.find((row) => row.id === id) ?? null;
      } catch {
        // What can't be read is not remembered.
        return null;
      }
    },
    [host, cache],
  );
}
