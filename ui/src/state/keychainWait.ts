/**
 * The keychain's first answer. Until it is there, nothing is asked for that needs it, and what would change something is
 * off. It may be asking for its password, in a window of its own, and take as long as the user does.
 */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef } from "react";
import type { AppState } from "../bindings";
import { useHost } from "../host/host";
import { appStateKey, custodyKey, listsKey } from "./queryKeys";

const WORDS = "Waiting for the keychain…";

interface KeychainWait {
  /** From the first moment. */
  isWaiting: boolean;
  /** Why something can't be done now; none while the wait is too short to be told. */
  reason: string | null;
}

const notWaiting: KeychainWait = { isWaiting: false, reason: null };

export const KeychainWaitContext = createContext<KeychainWait>(notWaiting);

export function useKeychainWait(): KeychainWait {
  return useContext(KeychainWaitContext);
}

/** The wait as it is told once it has lasted. */
export function keychainWait(isWaiting: boolean, isLate: boolean): KeychainWait {
  return isWaiting ? { isWaiting, reason: isLate ? WORDS : null } : notWaiting;
}

/** The same for whoever asks for something outside of React. */
export function isKeychainWaiting(client: QueryClient): boolean {
  return client.getQueryData<AppState>(appStateKey)?.keychain.kind === "waiting";
}

/** At the root: waits for the answer, and goes on with what was left alone until then. */
export function useKeychainAnswer(isWaiting: boolean, onState: (state: AppState) => void): void {
  const host = useHost();
  const client = useQueryClient();
  const latest = useRef(onState);
  useEffect(() => {
    latest.current = onState;
  });
  useEffect(() => {
    if (!isWaiting) return;
    let isCurrent = true;
    const answered = (state: AppState) => {
      if (!isCurrent) return;
      latest.current(state);
      for (const queryKey of [listsKey, custodyKey]) {
        void client.invalidateQueries({ queryKey }, { cancelRefetch: false });
      }
    };
    // It answers with a state whatever the keychain says; only an app that is ending doesn't.
    host.call("state", null).then(answered, () => undefined);
    return () => {
      isCurrent = false;
    };
  }, [isWaiting, host, client]);
}
