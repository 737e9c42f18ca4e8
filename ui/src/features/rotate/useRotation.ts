/**
 * What the rotate card goes through: asked of the service, answered, rotated or not. A rotation whose sheet was left goes
 * on, and its outcome is told elsewhere. Draws nothing.
 */
import { useCallback, useContext, useRef, useState } from "react";
import type {
  AccountId,
  KeyRow,
  NextStep,
  PlacesWritten,
  RotateCard,
  RotateOutcome,
  RotateReason,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { SentRequestsContext } from "../../state/sentRequests";
import { useKeyCard, type KeyCard } from "../../state/useKeyCard";

interface Lost {
  message: string;
  next: NextStep | null;
}

interface Rotation extends Omit<KeyCard<RotateCard>, "setCard"> {
  /** The native dialog is open, or the service is at work. */
  isRotating: boolean;
  /** The native dialog was answered, and the request has left. */
  isSent: boolean;
  /** Why nothing was rotated, or that nobody knows. */
  failure: UiError | null;
  /** It was rotated, and the new token never arrived. */
  lost: Lost | null;
  /** What changed since the card was opened. */
  changed: string | null;
  /** From now on the outcome is told elsewhere. */
  leave: () => void;
  /** `files`: of the plan, those that get the new token right after. */
  rotate: (reason: RotateReason, files: string[]) => void;
}

interface RotationOptions {
  account: AccountId;
  key: KeyRow["id"];
  /** The key may be another now than the list says. */
  onSent: () => void;
  onRotated: (token: TokenInCustody, trouble: UiError | null, written: PlacesWritten | null) => void;
  onGone: (message: string) => void;
  /** What came of a rotation that was left; an error when the call itself failed. */
  onLate: (outcome: RotateOutcome | UiError) => void;
  /** Nothing was written, and the plan with what was ticked is not the newest any more. */
  onPlanUsed: () => Promise<void>;
}

export function useRotation(options: RotationOptions): Rotation {
  const { account, key, onSent, onRotated, onGone, onLate, onPlanUsed } = options;
  const host = useHost();
  const { card, cardError, isAsking, ask: askForCard, setCard } = useKeyCard("rotate_card", account, key);
  const [isRotating, setRotating] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [lost, setLost] = useState<Lost | null>(null);
  const [changed, setChanged] = useState<string | null>(null);
  const [isSent, setSent] = useState(false);
  const isSending = useRef(false);
  const isLeft = useRef(false);
  const requests = useContext(SentRequestsContext);

  const ask = useCallback(() => {
    askForCard();
    setFailure(null);
    setLost(null);
    setChanged(null);
  }, [askForCard]);

  const rotate = async (reason: RotateReason, files: string[]) => {
    if (isSending.current) return;
    isSending.current = true;
    setRotating(true);
    setFailure(null);
    setChanged(null);
    setSent(false);
    const end = requests.begin(() => setSent(true));
    try {
      const outcome = await host.call("rotate_key", { account, key, reason, files });
      if (isLeft.current) {
        onLate(outcome);
        return;
      }
      if (outcome.kind !== "cancelled") onSent();
      if (outcome.kind !== "rotated" && files.length > 0) void onPlanUsed();
      switch (outcome.kind) {
        case "rotated":
          onRotated(outcome.token, outcome.trouble, outcome.written);
          break;
        case "gone":
          onGone(outcome.message);
          break;
        case "cancelled":
          break;
        case "card_changed":
          setCard(outcome.card);
          setChanged(outcome.message);
          break;
        case "token_lost":
          setLost({ message: outcome.message, next: outcome.next });
          break;
        case "not_rotated":
        case "unknown":
          setFailure(outcome.error);
          break;
      }
    } catch (thrown) {
      if (isLeft.current) {
        onLate(uiErrorOf(thrown));
        return;
      }
      onSent();
      setFailure(uiErrorOf(thrown));
    } finally {
      end();
      isSending.current = false;
      setRotating(false);
    }
  };

  return {
    card,
    cardError,
    isAsking,
    isRotating,
    isSent: isRotating && isSent,
    failure,
    lost,
    changed,
    leave: () => {
      isLeft.current = true;
    },
    ask,
    rotate: (reason, files) => void rotate(reason, files),
  };
}
