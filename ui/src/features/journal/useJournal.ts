/** The journal, read and verified anew each time it is looked at. What was read last stays in sight meanwhile. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { ChainView, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { entryOf, type Entry } from "./entries";

/** Where the journal is remembered; whoever writes to it in between makes it stale. */
export const journalKey = ["journal"] as const;

interface ReadJournal {
  /** Newest first. */
  entries: readonly Entry[];
  chain: ChainView;
}

interface Journal {
  journal: ReadJournal | undefined;
  /** When it was read, RFC 3339. */
  readAt: string;
  isReading: boolean;
  error: UiError | null;
  read: () => void;
}

export function useJournal(): Journal {
  const host = useHost();
  const { data, dataUpdatedAt, error, isFetching, refetch } = useQuery({
    queryKey: journalKey,
    queryFn: async (): Promise<ReadJournal> => {
      const { rows, chain } = await host.call("journal_read", null);
      return { entries: rows.map(entryOf), chain };
    },
    // Comparing twenty thousand rows with those before takes longer than drawing the thirty in sight.
    structuralSharing: false,
  });
  const read = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const shownError = useMemo(() => (error === null ? null : uiErrorOf(error)), [error]);
  return {
    journal: data,
    readAt: new Date(dataUpdatedAt).toISOString(),
    isReading: isFetching,
    error: shownError,
    read,
  };
}
