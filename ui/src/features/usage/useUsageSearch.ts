/**
 * A search of this machine for keys: what is known of an earlier one at once, then what this one finds, as it finds it.
 * Ends when nobody looks any more. What was found until a search was stopped, or broke, stays. Draws nothing.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import type { AccountId, KeyRow, SearchTier, UiError, UsageReport } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { noCards, type SearchedCards, withArrived } from "./report";

type KeyId = KeyRow["id"];

/** How far a search goes that nobody asked for: the places that are known to hold keys, then the search folders. */
const USUAL: SearchTier = "folders";

export interface UsageSearch {
  /** What is known now: what this search said last, before its first word what an earlier one did. */
  report: UsageReport | null;
  /** What this search said last; none until it has. */
  latest: UsageReport | null;
  /** The cards before a deletion, as this search changed them. */
  cards: SearchedCards;
  /** Where it looks now; empty while nobody knows. */
  folder: string;
  isRunning: boolean;
  /** Why it broke off. */
  error: UiError | null;
  search: (tier: SearchTier) => void;
  cancel: () => void;
}

interface UsageSearchOptions {
  account: AccountId;
  /** None for every key of the list. */
  keys: readonly KeyId[];
  startsByItself: boolean;
}

interface State {
  /** Which keys of whom it is about. */
  about: string;
  before: UsageReport | null;
  latest: UsageReport | null;
  cards: SearchedCards;
  folder: string;
  isRunning: boolean;
  error: UiError | null;
}

function initial(about: string, isRunning: boolean): State {
  return { about, before: null, latest: null, cards: noCards, folder: "", isRunning, error: null };
}

/** A search that ended without its own word for it. */
function brokenOff(report: UsageReport | null): UsageReport | null {
  return report === null ? null : { ...report, state: "stopped", incomplete: true };
}

export function useUsageSearch({ account, keys, startsByItself }: UsageSearchOptions): UsageSearch {
  const host = useHost();
  // By what they are and not by which array they came in: a new array of the same keys is no reason to search again.
  const about = JSON.stringify([account, ...keys]);
  const [kept, setState] = useState(() => initial(about, startsByItself));
  const state = kept.about === about ? kept : initial(about, startsByItself);
  /** Changes when what is under way is not wanted any more. */
  const turn = useRef(0);
  const isSearching = useRef(false);

  const change = useCallback(
    (to: (now: State) => Partial<State>) =>
      setState((kept) => {
        const now = kept.about === about ? kept : initial(about, false);
        return { ...now, ...to(now) };
      }),
    [about],
  );

  const stop = useCallback(async () => {
    const [of, ...asked] = JSON.parse(about) as [AccountId, ...KeyId[]];
    await host.call("usage_cancel", { account: of, keys: asked });
  }, [host, about]);

  const begin = useCallback(
    async (tier: SearchTier) => {
      const [of, ...asked] = JSON.parse(about) as [AccountId, ...KeyId[]];
      turn.current += 1;
      const mine = turn.current;
      isSearching.current = true;
      /** A snapshot that comes after the end is older than it. */
      let isOver = false;
      change(({ before, latest }) => ({
        before: latest ?? before,
        latest: null,
        folder: "",
        isRunning: true,
        error: null,
      }));
      try {
        const answer = await host.call("usage_search", { account: of, keys: asked, tier }, (progress) => {
          if (turn.current === mine && !isOver) {
            change(({ cards }) => ({
              latest: progress.report,
              cards: withArrived(cards, progress.cards),
              folder: progress.folder,
            }));
          }
        });
        isOver = true;
        if (turn.current === mine) {
          change(({ cards }) => ({ latest: answer.report, cards: withArrived(cards, answer.cards) }));
        }
      } catch (thrown) {
        isOver = true;
        if (turn.current === mine) {
          change(({ latest }) => ({ latest: brokenOff(latest), error: uiErrorOf(thrown) }));
        }
      }
      if (turn.current === mine) {
        isSearching.current = false;
        change(() => ({ isRunning: false, folder: "" }));
      }
    },
    [host, about, change],
  );

  useEffect(() => {
    let isThere = true;
    const [of, ...asked] = JSON.parse(about) as [AccountId, ...KeyId[]];
    const open = async () => {
      const [only, ...others] = asked;
      if (only !== undefined && others.length === 0) {
        try {
          const last = await host.call("usage_last", { account: of, key: only });
          if (isThere) change(() => ({ before: last }));
        } catch {
          // What was found earlier only fills the time until this search finds it again.
        }
      }
      if (isThere && startsByItself) await begin(USUAL);
    };
    void open();
    return () => {
      isThere = false;
      turn.current += 1;
      if (!isSearching.current) return;
      isSearching.current = false;
      // Nobody is there to be told that it could not be stopped.
      stop().catch(() => undefined);
    };
  }, [host, about, startsByItself, begin, stop, change]);

  const cancel = () => {
    stop().catch((thrown: unknown) => change(() => ({ error: uiErrorOf(thrown) })));
  };

  return {
    report: state.latest ?? state.before,
    latest: state.latest,
    cards: state.cards,
    folder: state.folder,
    isRunning: state.isRunning,
    error: state.error,
    search: (tier) => void begin(tier),
    cancel,
  };
}
