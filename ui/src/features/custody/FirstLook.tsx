/** Opens the token that waits when the app starts: once, not on every screen that comes after. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useSheets } from "../../navigation/sheets";
import { useKeychainWait } from "../../state/keychainWait";
import { useCustody, waitingIn } from "../../state/useCustody";
import { useOutcomes } from "../../state/useOutcomes";

const looked = new WeakSet<QueryClient>();

export function FirstLook() {
  const client = useQueryClient();
  const { open } = useSheets();
  const { tokens } = useCustody();
  const { isAsked } = useOutcomes();
  const { isWaiting } = useKeychainWait();
  const newest = waitingIn(tokens)[0]?.id ?? null;
  // Nothing more can be found of what an earlier run left; a token that is there already need not wait for that.
  const isKnown = tokens !== undefined && isAsked;
  useEffect(() => {
    // Its sheet is for what the keychain holds.
    if (isWaiting || looked.has(client) || (newest === null && !isKnown)) return;
    looked.add(client);
    if (newest !== null) open({ kind: "reveal", token: newest });
  }, [client, isWaiting, newest, isKnown, open]);
  return null;
}
