/** What the rotate card goes through: asked of the service, answered, rotated or not. Draws nothing. */
import { useCallback, useRef, useState } from "react";
import type {
  AccountId,
  KeyRow,
  NextStep,
  RotateCard,
  RotateReason,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { useKeyCard, type KeyCard } from "../keys/useKeyCard";

interface Lost {
  message: string;
  next: NextStep | null;
}

interface Rotation extends Omit<KeyCard<RotateCard>, "setCard" | "askQuietly"> {
  /** The native dialog is open, or the service is at work. */
  isRotating: boolean;
  /** Why nothing was rotated, or that nobody knows. */
  failure: UiError | null;
  /** It was rotated, and the new token never arrived. */
  lost: Lost | null;
  rotate: (reason: RotateReason) => void;
}

interface RotationOptions {
  account: AccountId;
  key: KeyRow["id"];
  /** The key may be another now than the list says. */
  onSent: () => void;
  onRotated: (token: TokenInCustody, trouble: UiError | null) => void;
  onGone: (message: string) => void;
}

export function useRotation({ account, key, onSent, onRotated, onGone }: RotationOptions): Rotation {
  const host = useHost();
  const { card, cardError, isAsking, ask: askForCard } = useKeyCard("key_rotate_card", account, key);
  const [isRotating, setRotating] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [lost, setLost] = useState<Lost | null>(null);
  const isSending = useRef(false);

  const ask = useCallback(() => {
    askForCard();
    setFailure(null);
    setLost(null);
  }, [askForCard]);

  const rotate = async (reason: RotateReason) => {
    if (isSending.current) return;
    isSending.current = true;
    setRotating(true);
    setFailure(null);
    try {
      const outcome = await host.call("key_rotate", { account, key, reason });
      if (outcome.kind !== "cancelled") onSent();
      switch (outcome.kind) {
        case "rotated":
          onRotated(outcome.token, outcome.trouble);
          break;
        case "gone":
          onGone(outcome.message);
          break;
        case "cancelled":
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
      onSent();
      setFailure(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setRotating(false);
    }
  };

  return {
    card,
    cardError,
    isAsking,
    isRotating,
    failure,
    lost,
    ask,
    rotate: (reason) => void rotate(reason),
  };
}
