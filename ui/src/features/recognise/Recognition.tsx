/**
 * "I found this string": opened by its action, or by dropping a file anywhere on the window. What is chosen in it is
 * done once it has closed.
 */
import { useCallback, useState } from "react";
import { useAction, useRegistry } from "../../actions/useActions";
import type { AccountId, KeyRow } from "../../bindings";
import { ModalPart } from "../../components/ModalPart";
import { useToast } from "../../components/Toasts";
import { useAfterClosing } from "../../components/useAfterClosing";
import { part } from "../../lib/part";
import { forDisplay } from "../../lib/text";
import { useDrops } from "../../navigation/drops";
import { useSheets } from "../../navigation/sheets";

const recogniseDialog = part(() =>
  import("./RecogniseDialog").then(({ RecogniseDialog }) => RecogniseDialog),
);

/** Counts the files, so that the same one can be dropped again. */
interface Opened {
  drops: number;
}

export function Recognition() {
  const registry = useRegistry();
  const sheets = useSheets();
  const toast = useToast();
  const [opened, setOpened] = useState<Opened | null>(null);
  const afterClosing = useAfterClosing(opened !== null);
  useAction("usage.recognise", () => setOpened({ drops: 0 }));

  useDrops((name) => {
    const { obstacle } = registry.state("usage.recognise");
    if (opened === null && obstacle !== null)
      toast({ message: obstacle, detail: `Then drop “${forDisplay(name).shown}” again.` });
    else setOpened((now) => ({ drops: (now?.drops ?? 0) + 1 }));
  });

  const close = useCallback(() => setOpened(null), []);
  if (opened === null) return null;
  return (
    <ModalPart part={recogniseDialog} onDismiss={close}>
      {(RecogniseDialog) => (
        <RecogniseDialog
          drops={opened.drops}
          onChoose={(kind: "details" | "rotate" | "delete", account: AccountId, key: KeyRow["id"]) => {
            afterClosing(() => sheets.open({ kind, account, key }));
            close();
          }}
          onClose={close}
        />
      )}
    </ModalPart>
  );
}
