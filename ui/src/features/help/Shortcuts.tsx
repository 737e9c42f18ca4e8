/** Every key on one page: opened by a key itself, on any screen. */
import { useCallback, useState } from "react";
import type { ActionState } from "../../actions/registry";
import { useAction, useRegistry } from "../../actions/useActions";
import { ModalPart } from "../../components/ModalPart";
import { useAfterClosing } from "../../components/useAfterClosing";
import { part } from "../../lib/part";

const shortcutsDialog = part(() =>
  import("./ShortcutsDialog").then(({ ShortcutsDialog }) => ShortcutsDialog),
);

export function Shortcuts() {
  const registry = useRegistry();
  /** As things were when it opened: under something modal, hardly anything is possible. */
  const [states, setStates] = useState<readonly ActionState[] | null>(null);
  const afterClosing = useAfterClosing(states !== null);
  useAction("help.shortcuts", () => setStates(registry.states()));
  const close = useCallback(() => setStates(null), []);
  if (states === null) return null;
  return (
    <ModalPart part={shortcutsDialog} onDismiss={close}>
      {(ShortcutsDialog) => (
        <ShortcutsDialog
          states={states}
          onPreferences={() => {
            afterClosing(() => registry.run("app.preferences"));
            close();
          }}
          onClose={close}
        />
      )}
    </ModalPart>
  );
}
