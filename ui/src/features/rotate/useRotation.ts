/** What the rotate card goes through: asked of the service, answered, rotated or not. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
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

interface Lost {
  message: string;
  next: NextStep | null;
}

interface Rotation {
  /** What the service said about the key; none until it has. */
  card: RotateCard | null;
  /** Why there is no card. */
  cardError: UiError | null;
  isAsking: boolean;
  /** The native dialog is open, or the service is at work. */
  isRotating: boolean;
  /** Why nothing was rotated, or that nobody knows. */
  failure: UiError | null;
  /** It was rotated, and the new token never arrived. */
  lost: Lost | null;
  ask: () => void;
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
  const [card, setCard] = useState<RotateCard | null>(null);
  const [cardError, setCardError] = useState<UiError | null>(null);
  const [isAsking, setAsking] = useState(true);
  const [isRotating, setRotating] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [lost, setLost] = useState<Lost | null>(null);
  const isSending = useRef(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let isCurrent = true;
    host.call("key_rotate_card", { account, key }).then(
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
  }, [host, account, key, attempt]);

  const ask = useCallback(() => {
    setAsking(true);
    setCard(null);
    setCardError(null);
    setFailure(null);
    setLost(null);
    setAttempt((count) => count + 1);
  }, []);

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
