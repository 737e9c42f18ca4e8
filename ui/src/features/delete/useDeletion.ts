/** What the delete card goes through: asked of the service, answered, deleted or not. Draws nothing. */
import { useCallback, useRef, useState } from "react";
import type { AccountId, DeleteCard, DeleteOutcome, KeyRow, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { useKeyCard, type KeyCard } from "../../state/useKeyCard";
import { newer } from "../usage";

export type Settled = Extract<DeleteOutcome, { kind: "deleted" | "gone_already" }>;

interface Deletion extends Omit<KeyCard<DeleteCard>, "setCard"> {
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
  /** The card as the search of this machine changed it last; none where it did not. */
  searched: DeleteCard | null;
  onSettled: (outcome: Settled) => void;
  /** The user chose to rotate, in the native dialog. */
  onRotate: () => void;
}

export function useDeletion(options: DeletionOptions): Deletion {
  const { account, key, searched, onSettled, onRotate } = options;
  const host = useHost();
  const {
    card: asked,
    cardError,
    isAsking,
    ask: askForCard,
    setCard,
  } = useKeyCard("delete_card", account, key);
  const card = asked === null ? null : newer(asked, searched);
  const [isDeleting, setDeleting] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [changed, setChanged] = useState<string | null>(null);
  const isSending = useRef(false);

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
