/** What the delete card goes through: asked of the service, answered, deleted or not; what follows. Draws nothing. */
import { useCallback, useContext, useRef, useState } from "react";
import type { AccountId, DeleteCard, DeleteOutcome, KeyRow, TokenSource, UiError } from "../../bindings";
import { useToast, type ToastContent } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { clockTime } from "../../lib/time";
import { verificationInWords } from "../../lib/verification";
import { useSheetControls } from "../../navigation/registry";
import { DeletionStepsContext } from "../../state/deletionSteps";
import { useSetAppState } from "../../state/useAppState";
import { useKeyCard, type KeyCard } from "../../state/useKeyCard";
import { useKeyCache } from "../../state/useKeys";
import { newer } from "../usage";

type Settled = Extract<DeleteOutcome, { kind: "deleted" | "gone_already" }>;

interface Deletion extends Omit<KeyCard<DeleteCard>, "setCard"> {
  /** The native dialog is open, or the service is at work. */
  isDeleting: boolean;
  /** The user has said yes: the service is at work. */
  isConfirmed: boolean;
  /** Why the key is still there, or that nobody knows. */
  failure: UiError | null;
  /** What changed since the card was opened. */
  changed: string | null;
  /** `inBrowser`: the service has no endpoint for it. */
  remove: (typed: string | null, inBrowser: boolean) => void;
  /** The way to the browser is open, and which token can show that the key is gone. */
  browser: { source: TokenSource | null } | null;
  /** From there back to the card; another one, and why, where the key is not what it showed. */
  backToCard: (card: DeleteCard | null, message: string | null) => void;
}

interface DeletionOptions {
  account: AccountId;
  key: KeyRow["id"];
  /** The card as the search of this machine changed it last; none where it did not. */
  searched: DeleteCard | null;
  /** The user chose to rotate, in the native dialog. */
  onRotate: () => void;
}

function toastOf(outcome: Settled): ToastContent {
  if (outcome.kind === "gone_already") return { message: outcome.message, tone: "plain" };
  const { message, at, verification } = outcome;
  // Only a 401 that was seen shows that it is revoked.
  const what = verification === "token_refused" ? "Revoked" : "Deleted";
  return {
    message,
    detail: `${what} ${clockTime(at)} · ${verificationInWords[verification]}`,
    tone: verification === "token_accepted" ? "plain" : "success",
  };
}

/** The key is gone: says so, and lets its row go unless it `hasLeft`. */
function useSettle(account: AccountId, key: KeyRow["id"]): (outcome: Settled, hasLeft: boolean) => void {
  const { drop, leave } = useSheetControls();
  const toast = useToast();
  const cache = useKeyCache();
  const setState = useSetAppState();
  return (outcome, hasLeft) => {
    toast(toastOf(outcome));
    if (outcome.signedOut === null) {
      if (!hasLeft) leave(account, [key]);
      return;
    }
    // It was the app's own key: its account is gone.
    drop();
    cache.remove(account, key);
    setState(outcome.signedOut);
  };
}

export function useDeletion(options: DeletionOptions): Deletion {
  const { account, key, searched, onRotate } = options;
  const settle = useSettle(account, key);
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
  const [isConfirmed, setConfirmed] = useState(false);
  const isSending = useRef(false);
  const steps = useContext(DeletionStepsContext);
  const { leave, markDeleting } = useSheetControls();
  const toast = useToast();
  const cache = useKeyCache();
  const isOwn = card?.key.own === true;

  const ask = useCallback(() => {
    askForCard();
    setFailure(null);
    setChanged(null);
  }, [askForCard]);

  const [browser, setBrowser] = useState<Deletion["browser"]>(null);
  const backToCard = (now: DeleteCard | null, message: string | null) => {
    setBrowser(null);
    if (now !== null) setCard(now);
    setChanged(message);
  };

  const begin = async (typed: string | null) => {
    const outcome = await host.call("begin_guided_deletion", { account, key, typed });
    if (outcome.kind === "open") setBrowser({ source: outcome.source });
    else backToCard(outcome.card, outcome.message);
  };

  const remove = async (typed: string | null, inBrowser: boolean) => {
    if (isSending.current) return;
    isSending.current = true;
    setDeleting(true);
    setFailure(null);
    setChanged(null);
    // The service's yes lets the row go. What the proof shows then is told, and brings the row back where it is none.
    const row = { hasLeft: false };
    const forget = steps.watch(account, key, (step) => {
      setConfirmed(true);
      if (step === "confirmed") markDeleting(account, key);
      // With the app's own key its account may go.
      else if (!isOwn && !row.hasLeft) {
        row.hasLeft = true;
        leave(account, [key]);
      }
    });
    const fail = (error: UiError) => {
      if (!row.hasLeft) setFailure(error);
      else {
        cache.bringBack(account, key);
        toast({ message: error.message, detail: error.hint });
      }
    };
    try {
      if (inBrowser) {
        await begin(typed);
        return;
      }
      const outcome = await host.call("delete_key", { account, key, typed });
      switch (outcome.kind) {
        case "deleted":
        case "gone_already":
          settle(outcome, row.hasLeft);
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
          fail(outcome.error);
          break;
      }
    } catch (thrown) {
      fail(uiErrorOf(thrown));
    } finally {
      forget();
      if (!row.hasLeft) markDeleting(account, null);
      setConfirmed(false);
      isSending.current = false;
      setDeleting(false);
    }
  };

  return {
    card,
    cardError,
    isAsking,
    isDeleting,
    isConfirmed,
    failure,
    changed,
    ask,
    remove: (typed, inBrowser) => void remove(typed, inBrowser),
    browser,
    backToCard,
  };
}
