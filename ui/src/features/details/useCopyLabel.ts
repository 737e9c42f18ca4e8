/** Copies what a key is called, for a ticket or a message; never its token. */
import { useState } from "react";
import type { AccountId, KeyRow, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

interface CopyLabel {
  /** What was copied, in words. */
  copied: string | null;
  failure: UiError | null;
  copy: () => void;
}

export function useCopyLabel(account: AccountId, key: KeyRow["id"]): CopyLabel {
  const host = useHost();
  const [copied, setCopied] = useState<string | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const copy = async () => {
    try {
      const { message } = await host.call("copy_labels", { account, keys: [key] });
      setFailure(null);
      setCopied(message);
    } catch (thrown) {
      setCopied(null);
      setFailure(uiErrorOf(thrown));
    }
  };
  return { copied, failure, copy: () => void copy() };
}
