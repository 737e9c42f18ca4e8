/**
 * What a form sends, once at a time: while an answer is awaited, another press does nothing. What went wrong stays until
 * the next time.
 */
import { useRef, useState } from "react";
import type { UiError } from "../bindings";
import { uiErrorOf } from "../host/host";

interface Submission {
  isBusy: boolean;
  failure: UiError | null;
  /** A failure that an answer tells, rather than an error. */
  fail: (failure: UiError) => void;
  send: (work: () => Promise<void>) => void;
}

export function useSubmission(): Submission {
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);

  const run = async (work: () => Promise<void>) => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  return { isBusy, failure, fail: setFailure, send: (work) => void run(work) };
}
