/**
 * Whether the service of an account can be reached, as its list was told last. While it can't, what is remembered stays
 * readable, and what would change something is off. It is asked again when the network changes, when the user comes
 * back to the window, and on request; never by a timer.
 */
import { skipToken, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { AccountId } from "../bindings";
import { uiErrorOf } from "../host/host";
import { listKey, offlineKey } from "./queryKeys";

const WORDS = "Off while PulseAPI can’t be reached.";

/** It answered, whatever it said. */
export function noteReached(client: QueryClient, account: AccountId): void {
  client.setQueryData<boolean>(offlineKey(account), false);
}

/** What the list was told instead of itself. */
export function noteFailure(client: QueryClient, account: AccountId, thrown: unknown): void {
  client.setQueryData<boolean>(offlineKey(account), uiErrorOf(thrown).code === "offline");
}

function useIsOffline(account: AccountId | null): boolean {
  const { data = false } = useQuery<boolean>({
    queryKey: offlineKey(account ?? ""),
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data;
}

/** Why nothing of this account can be changed now; none when it can. */
export function useOffline(account: AccountId | null): string | null {
  return useIsOffline(account) ? WORDS : null;
}

/** For the account in use: asks again when the service may be there again. */
export function useReconnection(account: AccountId): void {
  const isOffline = useIsOffline(account);
  const client = useQueryClient();
  useEffect(() => {
    if (!isOffline) return;
    // On other tabs too, where nothing shows the list.
    const ask = () =>
      void client.refetchQueries({ queryKey: listKey(account), exact: true }, { cancelRefetch: false });
    window.addEventListener("online", ask);
    window.addEventListener("focus", ask);
    return () => {
      window.removeEventListener("online", ask);
      window.removeEventListener("focus", ask);
    };
  }, [isOffline, account, client]);
}
