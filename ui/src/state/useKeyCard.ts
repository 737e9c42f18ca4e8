/** What the service says about a key before something is done with it: asked on opening, and again on request. */
import { useCallback, useEffect, useState } from "react";
import type { AccountId, Commands, KeyRow, UiError } from "../bindings";
import { uiErrorOf, useHost } from "../host/host";

type CardCommand = "delete_card" | "rotate_card";

export interface KeyCard<Card> {
  /** What the service said; none until it has. */
  card: Card | null;
  /** Why there is no card. */
  cardError: UiError | null;
  isAsking: boolean;
  ask: () => void;
  /** The same, with the card that is there in its place until the new one comes, or for good where none does. */
  askQuietly: () => void;
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
  const [attempt, setAttempt] = useState({ count: 0, isQuiet: false });

  useEffect(() => {
    let isCurrent = true;
    host.call(command, { account, key }).then(
      (answer) => {
        if (!isCurrent) return;
        setCard(answer);
        setAsking(false);
      },
      (thrown: unknown) => {
        if (!isCurrent || attempt.isQuiet) return;
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
    setAttempt(({ count }) => ({ count: count + 1, isQuiet: false }));
  }, []);
  const askQuietly = useCallback(() => setAttempt(({ count }) => ({ count: count + 1, isQuiet: true })), []);
  return { card, cardError, isAsking, ask, askQuietly, setCard };
}
