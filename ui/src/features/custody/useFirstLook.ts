/** Opens the token that waits when the app starts: once, not on every screen that comes after. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { CustodyId } from "../../bindings";
import type { Sheet } from "../../navigation/sheets";

const looked = new WeakSet<QueryClient>();

/** `isKnown`: nothing more can be found of what an earlier run left; a token that is there already need not wait for that. */
export function useFirstLook(newest: CustodyId | null, isKnown: boolean, open: (sheet: Sheet) => void): void {
  const client = useQueryClient();
  useEffect(() => {
    if (looked.has(client) || (newest === null && !isKnown)) return;
    looked.add(client);
    if (newest !== null) open({ kind: "reveal", token: newest });
  }, [client, newest, isKnown, open]);
}
