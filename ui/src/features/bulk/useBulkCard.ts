/**
 * What the service and this machine know of several keys before they are deleted, and which ones are ticked. The card
 * is asked for again when the search has found something: which keys are risky is core's to say. What the user has
 * ticked stays as it is. Draws nothing.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import type { AccountId, BulkCard, KeyRow, UiError, UsageReport } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { countOf } from "../../lib/text";
import { isNews, usageOf, type UsageSearch, useUsageSearch } from "../usage";

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

function tickedIn({ rows }: BulkCard): ReadonlySet<KeyId> {
  return new Set(rows.filter(({ ticked }) => ticked).map(({ key }) => key.id));
}

/** Whether a search has said something about any key that its card does not know. */
function hasNews({ rows }: BulkCard, latest: UsageReport, isSearching: boolean): boolean {
  return rows.some(({ key, usage }) => {
    const found = usageOf(latest, key.id);
    return found !== null && isNews(found, usage, isSearching);
  });
}

/** How many keys became risky between two cards. */
function newsOf(before: BulkCard | null, { rows }: BulkCard): string {
  const risky = new Set(before?.rows.filter((row) => row.risky).map(({ key }) => key.id));
  const more = rows.filter((row) => row.risky && !risky.has(row.key.id)).length;
  return before === null || more === 0 ? "" : `Found ${countOf(more, "more key")} that may still be in use.`;
}

export function useBulkCard({ account, asked, isChoosing }: BulkCardOptions): BulkChoice {
  const host = useHost();
  const [attempt, setAttempt] = useState({ count: 0, isQuiet: false });
  const [card, setCard] = useState<BulkCard | null>(null);
  const [cardError, setCardError] = useState<UiError | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<KeyId>>(new Set());
  const [news, setNews] = useState("");
  const search = useUsageSearch({ account, keys: asked, startsByItself: true });
  const { latest, isRunning: isSearching } = search;
  /** The card on screen, to compare the next one with. */
  const shown = useRef<BulkCard | null>(null);
  /** Which ones the user has ticked or unticked: there a new card changes nothing. */
  const touched = useRef<ReadonlySet<KeyId>>(new Set());
  /** What the card was asked for last, so that a card that sees it otherwise is not asked for ever. */
  const askedFor = useRef("");

  useEffect(() => {
    let isCurrent = true;
    host.call("bulk_card", { account, keys: [...asked] }).then(
      (answer) => {
        if (!isCurrent) return;
        const [chosen, own] = [tickedIn(answer), touched.current];
        const mayBe = answer.rows.filter(({ obstacle }) => obstacle === null).map(({ key }) => key.id);
        setNews(newsOf(shown.current, answer));
        setCard(answer);
        setTicked((now) => new Set(mayBe.filter((id) => (own.has(id) ? now.has(id) : chosen.has(id)))));
        shown.current = answer;
      },
      (thrown: unknown) => {
        if (isCurrent && !attempt.isQuiet) setCardError(uiErrorOf(thrown));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [host, account, asked, attempt]);

  useEffect(() => {
    if (card === null || latest === null || !isChoosing || !hasNews(card, latest, isSearching)) return;
    const reason = JSON.stringify([isSearching, latest.keys]);
    if (askedFor.current === reason) return;
    askedFor.current = reason;
    setAttempt(({ count }) => ({ count: count + 1, isQuiet: true }));
  }, [card, latest, isSearching, isChoosing]);

  const ask = useCallback(() => {
    setCard(null);
    setCardError(null);
    setNews("");
    setTicked(new Set());
    shown.current = null;
    touched.current = new Set();
    setAttempt(({ count }) => ({ count: count + 1, isQuiet: false }));
  }, []);

  const replace = useCallback((answer: BulkCard) => {
    setCard(answer);
    setTicked(tickedIn(answer));
    shown.current = answer;
  }, []);

  const tick = useCallback((id: KeyId, isTicked: boolean) => {
    touched.current = new Set([...touched.current, id]);
    setTicked((now) => {
      const next = new Set(now);
      if (isTicked) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);

  const tickOnly = useCallback(
    (ids: readonly KeyId[]) => {
      touched.current = new Set(asked);
      setTicked(new Set(ids));
    },
    [asked],
  );

  return { card, cardError, ticked, search, news, ask, replace, tick, tickOnly };
}
