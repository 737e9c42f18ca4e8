/** The tokens of deleted keys that did not get 401 yet: core tries them, here it is followed. Draws nothing. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { AppState, Revocation, RevocationConfirmed } from "../bindings";
import { useToast } from "../components/Toasts";
import { useHost } from "../host/host";
import { clockTime } from "../lib/time";
import { custodyKey, journalKey, revocationsKey } from "./queryKeys";
import { useKeyCache } from "./useKeys";

interface Watched {
  open: readonly Revocation[];
  /** Those that got 401 since the page was opened. */
  confirmed: readonly RevocationConfirmed[];
}

const none: Watched = { open: [], confirmed: [] };

/** What is known of them now. */
export function useRevocations(): Watched {
  const { data } = useQuery<Watched>({
    queryKey: revocationsKey,
    queryFn: () => none,
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data ?? none;
}

/**
 * At the root: has them tried for as long as the page is there, and says when one is dead at last. Not before the
 * keychain, which holds most of them, has answered.
 */
export function useRevocationWatch(isWaiting: boolean, onState: (state: AppState) => void): void {
  const host = useHost();
  const client = useQueryClient();
  const toast = useToast();
  const { confirmed } = useRevocations();
  const cache = useKeyCache();
  const told = useRef(0);
  // After the sheet about it, which says where the list goes on. Each once: a key may be noted again.
  useEffect(() => {
    for (const { account, key, inBrowser } of confirmed.slice(told.current)) {
      if (inBrowser) cache.remove(account, key);
    }
    told.current = confirmed.length;
  }, [confirmed, cache]);
  const latest = useRef({ onState, toast });
  useEffect(() => {
    latest.current = { onState, toast };
  });
  useEffect(() => {
    if (isWaiting) return;
    let isFollowed = true;
    const watched = host.call("watch_revocations", null, ({ open, confirmed }) => {
      if (!isFollowed) return;
      const before = client.getQueryData<Watched>(revocationsKey) ?? none;
      client.setQueryData<Watched>(revocationsKey, {
        open,
        confirmed: [...before.confirmed, ...confirmed],
      });
      if (open.length === 0 && before.open.length === 0 && confirmed.length === 0) return;
      // Each try is a row of the journal, and a dead token leaves custody.
      void client.invalidateQueries({ queryKey: journalKey });
      void client.invalidateQueries({ queryKey: custodyKey });
      for (const { message, at, signedOut } of confirmed) {
        latest.current.toast({ message, detail: `401 confirmed ${clockTime(at)}`, tone: "success" });
        if (signedOut !== null) latest.current.onState(signedOut);
      }
    });
    // What is open stays open, and is tried at the next start.
    watched.catch(() => undefined);
    return () => {
      isFollowed = false;
    };
  }, [isWaiting, host, client]);
}
