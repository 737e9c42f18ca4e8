/** What was found out about writes that an earlier run left open. Asked once, and again when more may be known. */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Notice } from "../../bindings";
import { useHost } from "../../host/host";
import { custodyKey } from "../custody/useCustody";
import { journalKey } from "../journal/useJournal";

export const outcomesKey = ["outcomes_reconcile"] as const;

interface Outcomes {
  notices: readonly Notice[];
  /** False until it was asked for the first time, with or without success. */
  isAsked: boolean;
}

export function useOutcomes(): Outcomes {
  const host = useHost();
  const client = useQueryClient();
  // Where the service can't be asked now, the outcomes stay open and the next start asks again.
  const { data, isFetched } = useQuery({
    queryKey: outcomesKey,
    queryFn: async () => {
      const found = await host.call("outcomes_reconcile", null);
      // A token that an interrupted request brought is on record from now on.
      await client.invalidateQueries({ queryKey: custodyKey });
      // One of the deletions may have been of the app's own key: then an account is gone.
      if (found.length > 0) await client.invalidateQueries({ queryKey: ["app_state"] });
      void client.invalidateQueries({ queryKey: journalKey });
      return found;
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return { notices: data ?? [], isAsked: isFetched };
}

/** Something was done that a notice may have advised: what is left to read is asked for again. */
export function askAgain(client: QueryClient): void {
  const notices = client.getQueryData<readonly Notice[]>(outcomesKey) ?? [];
  if (notices.some(({ next }) => next !== null)) void client.invalidateQueries({ queryKey: outcomesKey });
}
