/**
 * The journal, a page at a time, newest row first: filtered by the app, which has all of it. And its verification, which
 * runs beside it. Both are done anew each time it is looked at; what was read last stays in sight meanwhile.
 */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { JournalPage, JournalVerified, JournalVerifying, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { journalKey } from "../../state/queryKeys";
import { entryOf, type Entry } from "./entries";
import type { JournalFilter } from "./filter";

/** Rows that are asked for at once: some screens full. */
const PAGE = 200;

interface ReadJournal {
  /** Newest first, as far as they were read. */
  entries: readonly Entry[];
  /** Whether there are older ones that fit the filter. */
  hasMore: boolean;
  /** How many rows there are, whatever the filter. */
  total: number;
}

interface Journal {
  journal: ReadJournal | undefined;
  /** When it was read, RFC 3339. */
  readAt: string;
  isReading: boolean;
  error: UiError | null;
  read: () => void;
  /** Reads the next page, where there is one. */
  readMore: () => void;
}

/** The rows that fit, from the newest on, or from the one below `before`. */
export function useJournal({ action, key }: JournalFilter, before: number | null): Journal {
  const host = useHost();
  const text = key.trim().toLowerCase();
  const query = useInfiniteQuery({
    queryKey: [...journalKey, "rows", action, text, before],
    initialPageParam: before,
    queryFn: ({ pageParam }): Promise<JournalPage> =>
      host.call("journal_page", { before: pageParam, limit: PAGE, action, text, ofKey: null }),
    getNextPageParam: ({ rows, hasMore }) => (hasMore ? (rows.at(-1)?.number ?? null) : null),
    placeholderData: keepPreviousData,
    // Comparing rows with those before takes longer than drawing the thirty in sight.
    structuralSharing: false,
  });
  const { data, dataUpdatedAt, error, isFetching, isFetchingNextPage, hasNextPage, isPlaceholderData } =
    query;
  const { refetch, fetchNextPage } = query;

  const journal = useMemo((): ReadJournal | undefined => {
    const last = data?.pages.at(-1);
    if (data === undefined || last === undefined) return undefined;
    return {
      entries: data.pages.flatMap(({ rows }) => rows.map(entryOf)),
      hasMore: last.hasMore,
      total: data.pages[0]?.newest ?? 0,
    };
  }, [data]);
  const read = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const mayReadMore = hasNextPage && !isFetching && !isPlaceholderData;
  const readMore = useCallback(() => {
    if (mayReadMore) void fetchNextPage();
  }, [mayReadMore, fetchNextPage]);
  const shownError = useMemo(() => (error === null ? null : uiErrorOf(error)), [error]);
  return {
    journal,
    readAt: new Date(dataUpdatedAt).toISOString(),
    isReading: isFetching && !isFetchingNextPage,
    error: shownError,
    read,
    readMore,
  };
}

interface Verification {
  verified: JournalVerified | undefined;
  /** How far it is, while it takes long enough to be told. */
  progress: JournalVerifying | null;
  error: UiError | null;
  verify: () => void;
}

/** Whether the journal is as it was written. Only what came since the last time is looked at. */
export function useVerification(): Verification {
  const host = useHost();
  const [progress, setProgress] = useState<JournalVerifying | null>(null);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [...journalKey, "verified"],
    queryFn: () => host.call("verify_journal", null, setProgress),
    structuralSharing: false,
  });
  const verify = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const shownError = useMemo(() => (error === null ? null : uiErrorOf(error)), [error]);
  return { verified: data, progress: isFetching ? progress : null, error: shownError, verify };
}
