/** Writing the journal to a file, one at a time. The native dialog asks where; a file that was written is a toast. */
import { useCallback, useRef, useState } from "react";
import type { JournalFormat, UiError } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { countOf } from "../../lib/text";

export interface Export {
  /** The format that is being written. */
  busy: JournalFormat | null;
  error: UiError | null;
  start: (format: JournalFormat) => void;
  dismiss: () => void;
}

export function useExport(): Export {
  const host = useHost();
  const toast = useToast();
  const isSending = useRef(false);
  const [busy, setBusy] = useState<JournalFormat | null>(null);
  const [error, setError] = useState<UiError | null>(null);

  const start = async (format: JournalFormat) => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(format);
    setError(null);
    try {
      const outcome = await host.call("export_journal", { format });
      if (outcome.kind === "saved") {
        toast({
          message: `Exported ${countOf(outcome.rows, "row")} as ${format.toUpperCase()}.`,
          detail: outcome.path,
          tone: "success",
        });
      }
    } catch (thrown) {
      setError(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setBusy(null);
    }
  };

  return {
    busy,
    error,
    start: (format) => void start(format),
    dismiss: useCallback(() => setError(null), []),
  };
}
