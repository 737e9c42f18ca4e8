/** The keys of an account as the window knows them already. Opening the palette asks the service for none that it has. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import type { AccountId, AccountView, KeyRow } from "../../bindings";
import { useKeyCache, useKeys } from "../../state/useKeys";
import styles from "./Palette.module.css";

const none: readonly KeyRow[] = [];

export function useKnownRows(account: AccountId): readonly KeyRow[] {
  const client = useQueryClient();
  const cache = useKeyCache();
  const subscribe = useCallback(
    (listener: () => void) => client.getQueryCache().subscribe(listener),
    [client],
  );
  return useSyncExternalStore(subscribe, () => {
    const rows = cache.rows(account);
    return rows.length === 0 ? none : rows;
  });
}

/** Where there are none: nobody may have looked at the list of this account yet, so that it is asked for. */
export function KeysOnTheirWay({ account }: { account: AccountView }) {
  const { isRefreshing } = useKeys(account);
  return isRefreshing ? <p className={styles.note}>Keys are on their way…</p> : null;
}
