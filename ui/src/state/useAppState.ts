/** The app's state as Rust tells it: accounts, keychain, version. Every change comes back as a whole. */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { AccountId, AccountView, AppState } from "../bindings";
import { useHost } from "../host/host";
import { appStateKey, journalKey, listsKey } from "./queryKeys";

export function useAppState() {
  const host = useHost();
  return useQuery({
    queryKey: appStateKey,
    queryFn: () => host.call("first_state", null),
    staleTime: Infinity,
  });
}

/** An account as the state knows it; none where it does not. */
export function accountOf(client: QueryClient, id: AccountId): AccountView | undefined {
  return client.getQueryData<AppState>(appStateKey)?.accounts.find((account) => account.id === id);
}

/** Takes over a state that a command answered with, and forgets the lists of accounts that are gone. */
export function useSetAppState(): (state: AppState) => void {
  const client = useQueryClient();
  return useCallback(
    (state: AppState) => {
      const ids = new Set(state.accounts.map(({ id }) => id));
      client.setQueryData<AppState>(appStateKey, state);
      // Signing in and out, renaming: each is written down.
      void client.invalidateQueries({ queryKey: journalKey });
      client.removeQueries({
        predicate: ({ queryKey: [noun, id] }) =>
          noun === listsKey[0] && typeof id === "string" && !ids.has(id),
      });
    },
    [client],
  );
}
