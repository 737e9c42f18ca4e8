/** The sheets about the user's notes: what they are opened with. */
import { part } from "../../lib/part";
import type { OpenSheet } from "../../navigation/registry";
import { SheetPart } from "../../navigation/SheetPart";
import type { NotesSheetProps } from "./NotesSheet";

const notesSheet = part(() => import("./NotesSheet").then(({ NotesSheet }) => NotesSheet));

function draw(props: NotesSheetProps) {
  return <SheetPart part={notesSheet}>{(NotesSheet) => <NotesSheet {...props} />}</SheetPart>;
}

export const openEditNote: OpenSheet<"edit_note"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  if (known === null) return null;
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: () => draw({ kind: "edit", account, row: known }),
  };
};

export const openImportNotes: OpenSheet<"import_notes"> = ({ account }) => ({
  subject: null,
  focus: { account, key: null, isKept: false },
  draw: () => draw({ kind: "import" }),
});
