/**
 * What the service and this machine know of several keys before they are deleted, and which ones are ticked. The card
 * follows what the search finds: which keys are risky is core's to say. What the user has ticked stays as it is. Draws nothing.
 */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { AccountId, BulkCard, KeyRow, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { countOf } from "../../lib/text";
import { newer, type UsageSearch, useUsageSearch } from "../usage";

type KeyId = KeyRow["id"];

export interface BulkChoice {
  /** What the service said; none until it has. */
  card: BulkCard | null;
  /** Why there is no card. */
  cardError: UiError | null;
  ticked: ReadonlySet<KeyId>;
  search: UsageSearch;
  /** What the search changed about the card, for those who hear it. */
  news: string;
  ask: () => void;
  /** Another card than the one that was asked for. */
  replace: (card: BulkCard) => void;
  tick: (id: KeyId, isTicked: boolean) => void;
  tickOnly: (ids: readonly KeyId[]) => void;
}

interface BulkCardOptions {
  account: AccountId;
  asked: readonly KeyId[];
  /** Nothing changes under a native dialog or a run. */
  isChoosing: boolean;
}

/** How many keys a search has shown to be risky since the service was asked. */
function newsOf(asked: BulkCard | null, now: BulkCard | null): string {
  const risky = new Set(asked?.rows.filter((row) => row.risky).map(({ key }) => key.id));
  const more = now?.rows.filter((row) => row.risky && !risky.has(row.key.id)).length ?? 0;
  return more === 0 ? "" : `Found ${countOf(more, "more key")} that may still be in use.`;
}

export function useBulkCard({ account, asked, isChoosing }: BulkCardOptions): BulkChoice {
  const host = useHost();
  const [attempt, setAttempt] = useState(0);
  /** As the service was asked for it, or as it is after an attempt to delete. */
  const [answered, setAnswered] = useState<BulkCard | null>(null);
  const [cardError, setCardError] = useState<UiError | null>(null);
  /** What the user has ticked or unticked: there a search changes nothing. */
  const [touched, setTouched] = useState<ReadonlyMap<KeyId, boolean>>(new Map());
  const search = useUsageSearch({ account, keys: asked, startsByItself: true });
  /** As of when the user could still choose. */
  const [searched, setSearched] = useState(search.cards);
  if (isChoosing && searched !== search.cards) setSearched(search.cards);

  const card = useMemo(
    () =>
      answered === null
        ? null
        : {
            ...answered,
            rows: answered.rows.map((row) => newer(row, searched.many.get(row.key.id) ?? null)),
          },
    [answered, searched],
  );
  const ticked = useMemo(() => {
    const rows = card?.rows.filter(({ obstacle }) => obstacle === null) ?? [];
    return new Set(rows.filter((row) => touched.get(row.key.id) ?? row.ticked).map(({ key }) => key.id));
  }, [card, touched]);

  useEffect(() => {
    let isCurrent = true;
    host.call("bulk_card", { account, keys: [...asked] }).then(
      (answer) => {
        if (isCurrent) setAnswered(answer);
      },
      (thrown: unknown) => {
        if (isCurrent) setCardError(uiErrorOf(thrown));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [host, account, asked, attempt]);

  const ask = useCallback(() => {
    setAnswered(null);
    setCardError(null);
    setTouched(new Map());
    setAttempt((count) => count + 1);
  }, []);

  const replace = useCallback((answer: BulkCard) => {
    setAnswered(answer);
    // Core has taken away what may not stay ticked.
    const now = new Map(answer.rows.map((row) => [row.key.id, row.ticked]));
    setTouched((before) => new Map([...before.keys()].map((id) => [id, now.get(id) ?? false])));
  }, []);

  const tick = useCallback((id: KeyId, isTicked: boolean) => {
    setTouched((before) => new Map([...before, [id, isTicked]]));
  }, []);

  const tickOnly = useCallback(
    (ids: readonly KeyId[]) => setTouched(new Map(asked.map((id) => [id, ids.includes(id)]))),
    [asked],
  );

  return { card, cardError, ticked, search, news: newsOf(answered, card), ask, replace, tick, tickOnly };
}
