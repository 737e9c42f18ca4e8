/**
 * What was found out about writes that an earlier run left open, or whose answer was lost. Asked once, and again when
 * more may be known. Most of it the app tells once: it is remembered here until the window closes.
 */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Custody, Notice } from "../bindings";
import { useHost } from "../host/host";
import { useKeychainWait } from "./keychainWait";
import { appStateKey, custodyKey, journalKey, outcomesKey } from "./queryKeys";

interface Heard {
  notice: Notice;
  /** It was told in more than one answer: then it is told for as long as it is so. */
  isRepeated: boolean;
}

interface Outcomes {
  notices: readonly Notice[];
  /** False until it was asked for the first time, with or without success. */
  isAsked: boolean;
}

const heardBefore = (client: QueryClient) => client.getQueryData<readonly Heard[]>(outcomesKey) ?? [];

/** The same words about the same request. */
export function isSame(one: Notice, other: Notice): boolean {
  return one.id === other.id && one.message === other.message;
}

/** An answer, and what was told once before it. */
function withRemembered(
  found: readonly Notice[],
  before: readonly Heard[],
  custody: Custody | undefined,
): Heard[] {
  const now = found.map((notice) => ({
    notice,
    isRepeated: before.some((each) => isSame(each.notice, notice)),
  }));
  // A request has the id of the token that it brings: one that has come answers every question about it.
  const isAnswered = (id: string) =>
    found.some((each) => each.id === id) || (custody?.tokens.some((token) => token.id === id) ?? false);
  // What advises something is told until it is done or put away.
  const once = before.filter(
    ({ notice, isRepeated }) => !isRepeated && notice.next === null && !isAnswered(notice.id),
  );
  return [...now, ...once];
}

export function useOutcomes(): Outcomes {
  const host = useHost();
  const client = useQueryClient();
  // Where the service can't be asked now, the outcomes stay open and the next start asks again.
  const { isWaiting } = useKeychainWait();
  const { data, isFetched } = useQuery({
    queryKey: outcomesKey,
    queryFn: async () => {
      const found = await host.call("reconcile", null);
      // A token that an interrupted request brought is on record from now on.
      await client.invalidateQueries({ queryKey: custodyKey });
      // One of the deletions may have been of the app's own key: then an account is gone.
      if (found.length > 0) await client.invalidateQueries({ queryKey: appStateKey });
      void client.invalidateQueries({ queryKey: journalKey });
      return withRemembered(found, heardBefore(client), client.getQueryData<Custody>(custodyKey));
    },
    // What the keychain holds settles most of them: nothing is told as lost before it has answered.
    enabled: !isWaiting,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const notices = useMemo(() => data?.map(({ notice }) => notice) ?? [], [data]);
  return { notices, isAsked: isFetched };
}

/** Asks for them again. An answer that is on its way is waited for: what it tells once would be lost with it. */
export function askForOutcomes(client: QueryClient): void {
  const isAsking = client.isFetching({ queryKey: outcomesKey }) > 0;
  const ask = () => client.invalidateQueries({ queryKey: outcomesKey }, { cancelRefetch: false });
  void ask().then(() => (isAsking ? ask() : undefined));
}

/** Something was done that a notice may have advised: what is left to read is asked for again. */
export function askAgain(client: QueryClient): void {
  if (heardBefore(client).some(({ notice }) => notice.next !== null)) askForOutcomes(client);
}

/** Tells what the page itself learned when nobody was looking any more, until it is put away. */
export function addNotice(client: QueryClient, message: string): void {
  const notice: Notice = { id: crypto.randomUUID(), needsAttention: true, message, next: null };
  client.setQueryData<readonly Heard[]>(outcomesKey, (now) => [
    { notice, isRepeated: false },
    ...(now ?? []),
  ]);
}
