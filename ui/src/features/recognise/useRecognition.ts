/**
 * Asks which key a string or a file holds. What is asked for goes straight to the app and is remembered nowhere here,
 * not even by a query; only the answer stays, which has no secret in it. Draws nothing.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import type { Recognised, RecogniseRequest, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

type Looked = Extract<Recognised, { kind: "looked" }>;

export type Answer = ({ kind: "looked" } & Looked) | { kind: "failed"; error: UiError };

interface Recognition {
  /** None before the first question, and while an answer is on its way. */
  answer: Answer | null;
  asking: RecogniseRequest["kind"] | null;
  ask: (request: RecogniseRequest) => void;
}

export function useRecognition(): Recognition {
  const host = useHost();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [asking, setAsking] = useState<Recognition["asking"]>(null);
  /** The last question; answers to those before it come too late. */
  const latest = useRef(0);
  useEffect(
    () => () => {
      latest.current += 1;
    },
    [],
  );

  const ask = useCallback(
    (request: RecogniseRequest) => {
      latest.current += 1;
      const mine = latest.current;
      setAsking(request.kind);
      // While the user chooses, what was found before still stands.
      if (request.kind !== "choose") setAnswer(null);
      const settle = (next: Answer | null) => {
        if (latest.current !== mine) return;
        setAsking(null);
        if (next !== null) setAnswer(next);
      };
      host.call("recognise", request).then(
        (told) => settle(told.kind === "looked" ? told : null),
        (thrown: unknown) => settle({ kind: "failed", error: uiErrorOf(thrown) }),
      );
    },
    [host],
  );
  return { answer, asking, ask };
}
