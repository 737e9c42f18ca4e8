/** What the service says about a key before something is done with it: asked on opening, and again on request. */
import { useCallback, useEffect, useState } from "react";
import type { AccountId, Commands, KeyRow, UiError } from "../bindings";
import { uiErrorOf, useHost } from "../host/host";

type CardCommand = "delete_card" | "rotate_card" | "browser_rotate_card" | "swap_card";

export interface KeyCard<Card> {
  /** What the service said; none until it has. */
  card: Card | null;
  /** Why there is no card. */
  cardError: UiError | null;
  isAsking: boolean;
  ask: () => void;
  /** Another answer than the one that was asked for: the service said more while something was tried. */
  setCard: (card: Card) => void;
}

export function useKeyCard<N extends CardCommand>(
  command: N,
  account: AccountId,
  key: KeyRow["id"],
): KeyCard<Commands[N]["answer"]> {
  const host = useHost();
  const [card, setCard] = useState<Commands[N]["answer"] | null>(null);
  const [cardError, setCardError] = useState<UiError | null>(null);
  const [isAsking, setAsking] = useState(true);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let isCurrent = true;
    host.call(command, { account, key }).then(
      (answer) => {
        if (!isCurrent) return;
        setCard(answer);
        setAsking(false);
      },
      (thrown: unknown) => {
        if (!isCurrent) return;
        setCardError(uiErrorOf(thrown));
        setAsking(false);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [host, command, account, key, attempt]);

  const ask = useCallback(() => {
    setAsking(true);
    setCard(null);
    setCardError(null);
    setAttempt((count) => count + 1);
  }, []);
  return { card, cardError, isAsking, ask, setCard };
}
