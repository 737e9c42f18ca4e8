/** The sheets about notes, one part together: each by itself would cost the first screen's script more. */
import type { AccountId, KeyRow } from "../../bindings";
import { EditNote } from "./EditNote";
import { ImportNotes } from "./ImportNotes";

export type NotesSheetProps = { kind: "edit"; account: AccountId; row: KeyRow } | { kind: "import" };

export function NotesSheet(props: NotesSheetProps) {
  return props.kind === "edit" ? <EditNote {...props} /> : <ImportNotes />;
}
