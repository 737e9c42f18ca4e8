/** The tokens that the app looks after, without their text. Every change comes back as a whole. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { AccountId, Custody, KeyRow, TokenInCustody, UiError } from "../bindings";
import { uiErrorOf, useHost } from "../host/host";
import { custodyKey } from "./queryKeys";

interface CustodyQuery {
  /** Those that wait first, newest first; none until they are known. */
  tokens: readonly TokenInCustody[] | undefined;
  error: UiError | null;
  isAsking: boolean;
  ask: () => void;
}

export function useCustody(): CustodyQuery {
  const host = useHost();
  const query = useQuery({
    queryKey: custodyKey,
    queryFn: () => host.call("custody", null),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const { data, error, isFetching, refetch } = query;
  return {
    tokens: data?.tokens,
    error: error === null ? null : uiErrorOf(error),
    isAsking: isFetching,
    ask: () => void refetch(),
  };
}

/** Takes over what a command answered with, and a token that has just arrived. */
export function useSetCustody() {
  const client = useQueryClient();
  const set = useCallback((custody: Custody) => client.setQueryData<Custody>(custodyKey, custody), [client]);
  const add = useCallback(
    (token: TokenInCustody) =>
      client.setQueryData<Custody>(custodyKey, (now) => ({
        tokens: [token, ...(now?.tokens ?? []).filter(({ id }) => id !== token.id)],
      })),
    [client],
  );
  return useMemo(() => ({ set, add }), [set, add]);
}

export function waitingIn(tokens: readonly TokenInCustody[] | undefined): readonly TokenInCustody[] {
  return tokens?.filter(({ state }) => state === "waiting") ?? [];
}

/** The token in custody for each key of an account: the one that works now, where there are several. */
export function tokensByKey(
  tokens: readonly TokenInCustody[] | undefined,
  account: AccountId,
): ReadonlyMap<KeyRow["id"], TokenInCustody> {
  const found = new Map<string, TokenInCustody>();
  for (const token of tokens ?? []) {
    if (token.account !== account || token.key === null) continue;
    const other = found.get(token.key);
    if (other === undefined || other.arrivedAt < token.arrivedAt) found.set(token.key, token);
  }
  return found;
}
