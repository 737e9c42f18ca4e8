/**
 * A new token that is pasted out of the browser: sent, refused, doubted or taken. Its text stays in the field, and is
 * wiped once it was taken and when the sheet goes. Draws nothing.
 */
import { useEffect, useRef, useState, type RefObject } from "react";
import type {
  AccountId,
  CachedKeys,
  MadeInBrowser,
  PasteField,
  PasteProblem,
  TokenInCustody,
  TokenTest,
  UiError,
} from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

interface Taken {
  token: TokenInCustody;
  tested: TokenTest;
  trouble: UiError | null;
  list: CachedKeys;
}

interface PastedTokenOptions {
  account: AccountId;
  field: RefObject<HTMLInputElement | null>;
  onTaken: (taken: Taken) => void;
}

export interface PastedToken {
  isBusy: boolean;
  errorAt: (field: PasteField) => UiError | null;
  /** What speaks against it, until the user goes on or pastes something else. */
  doubt: string | null;
  failure: UiError | null;
  send: (made: MadeInBrowser, despiteDoubt: boolean) => Promise<void>;
  changed: () => void;
}

export function usePastedToken(options: PastedTokenOptions): PastedToken {
  const { account, field, onTaken } = options;
  const host = useHost();
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [problems, setProblems] = useState<readonly PasteProblem[]>([]);
  const [doubt, setDoubt] = useState<string | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  useEffect(() => {
    const input = field.current;
    return () => {
      input?.form?.reset();
    };
  }, [field]);

  const send = async (made: MadeInBrowser, despiteDoubt: boolean) => {
    const input = field.current;
    if (isSending.current || input === null) return;
    isSending.current = true;
    setBusy(true);
    setFailure(null);
    setProblems([]);
    setDoubt(null);
    try {
      const outcome = await host.call("paste_token", { account, made, token: input.value, despiteDoubt });
      switch (outcome.kind) {
        case "refused":
          setProblems(outcome.problems);
          if (outcome.problems.every((problem) => problem.field === "token")) input.focus();
          break;
        case "in_doubt":
          setDoubt(outcome.message);
          break;
        case "taken":
          input.form?.reset();
          onTaken(outcome);
          break;
      }
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  return {
    isBusy,
    errorAt: (at) => {
      const found = problems.find((problem) => problem.field === at);
      return found === undefined ? null : { code: "other", message: found.message, hint: "" };
    },
    doubt,
    failure,
    send,
    changed: () => {
      setDoubt(null);
      setProblems((now) => now.filter((problem) => problem.field !== "token"));
    },
  };
}
