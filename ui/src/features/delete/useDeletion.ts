/** What the delete card goes through: asked of the service, answered, deleted or not. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { AccountId, DeleteCard, DeleteOutcome, KeyRow, KeyUsage, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { useKeyCard, type KeyCard } from "../../state/useKeyCard";
import { isNews } from "../usage";

export type Settled = Extract<DeleteOutcome, { kind: "deleted" | "gone_already" }>;

interface Deletion extends Omit<KeyCard<DeleteCard>, "setCard" | "askQuietly"> {
  /** The native dialog is open, or the service is at work. */
  isDeleting: boolean;
  /** Why the key is still there, or that nobody knows. */
  failure: UiError | null;
  /** What changed since the card was opened. */
  changed: string | null;
  remove: (typed: string | null) => void;
}

interface DeletionOptions {
  account: AccountId;
  key: KeyRow["id"];
  /** What the search of this machine says of it now; none while it has said nothing. */
  found: KeyUsage | null;
  isSearching: boolean;
  onSettled: (outcome: Settled) => void;
  /** The user chose to rotate, in the native dialog. */
  onRotate: () => void;
}

export function useDeletion(options: DeletionOptions): Deletion {
  const { account, key, found, isSearching, onSettled, onRotate } = options;
  const host = useHost();
  const {
    card,
    cardError,
    isAsking,
    ask: askForCard,
    askQuietly,
    setCard,
  } = useKeyCard("delete_card", account, key);
  const [isDeleting, setDeleting] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [changed, setChanged] = useState<string | null>(null);
  const isSending = useRef(false);
  /** What the card was asked for last, so that a card that sees it otherwise is not asked for ever. */
  const askedFor = useRef("");

  // How much stands before the deletion is core's to say, and it follows what was found.
  useEffect(() => {
    if (card === null || found === null || !isNews(found, card.usage, isSearching)) return;
    const reason = JSON.stringify([isSearching, found]);
    if (askedFor.current === reason) return;
    askedFor.current = reason;
    askQuietly();
  }, [card, found, isSearching, askQuietly]);

  const ask = useCallback(() => {
    askForCard();
    setFailure(null);
    setChanged(null);
  }, [askForCard]);

  const remove = async (typed: string | null) => {
    if (isSending.current) return;
    isSending.current = true;
    setDeleting(true);
    setFailure(null);
    setChanged(null);
    try {
      const outcome = await host.call("delete_key", { account, key, typed });
      switch (outcome.kind) {
        case "deleted":
        case "gone_already":
          onSettled(outcome);
          break;
        case "cancelled":
          break;
        case "rotate_instead":
          onRotate();
          break;
        case "card_changed":
          setCard(outcome.card);
          setChanged(outcome.message);
          break;
        case "not_deleted":
        case "unknown":
          setFailure(outcome.error);
          break;
      }
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setDeleting(false);
    }
  };

  return {
    card,
    cardError,
    isAsking,
    isDeleting,
    failure,
    changed,
    ask,
    remove: (typed) => void remove(typed),
  };
}
