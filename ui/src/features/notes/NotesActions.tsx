/** Offers what can be done with all notes, wherever the window is: the table of them, and their column in the list. */
import { useAction } from "../../actions/useActions";
import type { AccountId } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { countOf } from "../../lib/text";
import { useSheets } from "../../navigation/sheets";
import { useChangePreferences } from "../../state/usePreferences";

export function NotesActions({ account }: { account: AccountId }) {
  const { open } = useSheets();
  const host = useHost();
  const toast = useToast();
  const change = useChangePreferences();
  const exportAll = async () => {
    try {
      const outcome = await host.call("export_notes", null);
      if (outcome.kind === "cancelled") return;
      const message = `Exported ${countOf(outcome.rows, "key")} with your notes.`;
      toast({ message, detail: outcome.path, tone: "success" });
    } catch (thrown) {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    }
  };
  useAction("notes.export", () => void exportAll());
  useAction("notes.import", () => open({ kind: "import_notes", account }));
  useAction("list.notes", () => change(({ notesInList }) => ({ notesInList: !notesInList })));
  return null;
}
