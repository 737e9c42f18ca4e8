/**
 * An account's keys: what this machine remembers at once, then what the service says, page by page. One query per
 * account; a failed refresh leaves what was shown where it is.
 */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { AccountId, AccountView, CachedKeys, KeyRow, UiError } from "../bindings";
import { uiErrorOf, useHost, type Host } from "../host/host";
import { painted } from "../lib/painted";
import {
  completeRows,
  incompleteRows,
  listOf,
  mergeRows,
  nothingYet,
  withKey,
  withKeyBack,
  withoutKeys,
  type KeyList,
} from "./keyList";
import { isKeychainWaiting } from "./keychainWait";
import { noteFailure, noteReached } from "./offline";
import { listKey } from "./queryKeys";
import { askForOutcomes } from "./useOutcomes";

/** How long a list counts as fresh when it is looked at again, in milliseconds. */
const FRESH = 30_000;
/** How long what is known of a list waits to be painted before the rest of it is asked for, in milliseconds. */
const MAX_PAINT_WAIT = 250;
/** Pages are shown at most this often, in milliseconds: a big list arrives faster than it can be drawn. */
const BETWEEN_PAGES = 250;

/** Whose keys: where the service has no endpoints for them, the list is the user's own, and nobody is asked for it. */
type ListOwner = Pick<AccountView, "id" | "keys">;

async function load(
  host: Host,
  client: QueryClient,
  { id: account, keys: access }: ListOwner,
): Promise<KeyList> {
  const key = listKey(account);
  const current = () => client.getQueryData<KeyList>(key) ?? nothingYet;
  const known = client.getQueryData<KeyList>(key);
  if (known?.beginningOf !== null) {
    // What is on screen already is painted before thousands of rows arrive.
    if (known !== undefined) await painted("list", MAX_PAINT_WAIT);
    try {
      const cached = await host.call("cached_keys", { account });
      if (cached.fetchedAt !== null || cached.keys.length > 0 || cached.incomplete !== null) {
        const { gone } = current();
        const rows = cached.keys.filter(({ id }) => !gone.has(id));
        client.setQueryData<KeyList>(key, { ...listOf(cached), rows, gone });
      }
    } catch {
      // Nothing remembered is no failure: the service is asked next.
    }
  }
  if (access === "guided") return current();
  // Asked for anew when it has answered.
  if (isKeychainWaiting(client)) return current();

  const seen = new Set<string>();
  let waiting: KeyRow[] = [];
  let total: number | null = null;
  let loaded = 0;
  let shownAt = 0;
  const show = () => {
    client.setQueryData<KeyList>(key, mergeRows(current(), waiting, total));
    waiting = [];
    shownAt = performance.now();
  };
  const done = await host
    .call("refresh_keys", { account }, (page) => {
      for (const row of page.keys) seen.add(row.id);
      waiting.push(...page.keys);
      total = page.total;
      loaded = page.loaded;
      if (shownAt === 0 || performance.now() - shownAt > BETWEEN_PAGES) show();
    })
    .catch((thrown: unknown) => {
      noteFailure(client, account, thrown);
      throw thrown;
    });
  noteReached(client, account);
  // What an interrupted request had left open is answered now: the notices say how.
  if (done.settled) askForOutcomes(client);
  if (loaded < done.total || done.readTwice) {
    // Large pages may still be on their way when the answer is here, and those of a second reading are not told; the app
    // has the list by now.
    const cached = await host.call("cached_keys", { account });
    seen.clear();
    for (const row of cached.keys) seen.add(row.id);
    waiting.push(...cached.keys);
  }
  const merged = mergeRows(current(), waiting, null);
  return done.incomplete
    ? incompleteRows(merged, done.incomplete)
    : completeRows(merged, seen, done.fetchedAt);
}

export interface Keys {
  list: KeyList | undefined;
  isRefreshing: boolean;
  error: UiError | null;
  refresh: () => void;
}

export function useKeys(account: ListOwner): Keys {
  const host = useHost();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: listKey(account.id),
    queryFn: () => load(host, client, account),
    staleTime: FRESH,
    gcTime: Infinity,
    structuralSharing: false,
  });
  const { refetch } = query;
  const refresh = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const { error, data, isFetching } = query;
  // While it is tried again, the old failure is over: a banner that stays would deny the attempt.
  const shownError = useMemo(() => (error === null ? null : uiErrorOf(error)), [error]);
  return { list: data, isRefreshing: isFetching, error: shownError, refresh };
}

/** What sheets know and change of any account's list, on screen or not. */
export interface KeyCache {
  rows: (account: AccountId) => readonly KeyRow[];
  row: (account: AccountId, id: KeyRow["id"]) => KeyRow | null;
  update: (account: AccountId, row: KeyRow) => void;
  remove: (account: AccountId, ...ids: KeyRow["id"][]) => void;
  /** A key that was removed may be there after all: the service says. */
  bringBack: (account: AccountId, id: KeyRow["id"]) => void;
  /** The user's own list, as it was just written down. */
  take: (list: CachedKeys) => void;
  /** Asks anew, even if an answer is on its way: that one may not know yet what has just been done. */
  refresh: (account: AccountId) => void;
}

export function useKeyCache(): KeyCache {
  const client = useQueryClient();
  return useMemo(() => {
    const rows = (account: AccountId) => client.getQueryData<KeyList>(listKey(account))?.rows ?? [];
    const change = (account: AccountId, by: (list: KeyList) => KeyList) =>
      client.setQueryData<KeyList>(listKey(account), (list) => (list === undefined ? list : by(list)));
    return {
      rows,
      row: (account, id) => rows(account).find((each) => each.id === id) ?? null,
      update: (account, row) => change(account, (list) => withKey(list, row)),
      remove: (account, ...ids) => change(account, (list) => withoutKeys(list, ids)),
      bringBack: (account, id) => {
        change(account, (list) => withKeyBack(list, id));
        void client.invalidateQueries({ queryKey: listKey(account) });
      },
      take: (list) => client.setQueryData<KeyList>(listKey(list.account), listOf(list)),
      refresh: (account) => void client.invalidateQueries({ queryKey: listKey(account) }),
    };
  }, [client]);
}
