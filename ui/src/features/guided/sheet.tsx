/** The sheets about the user's own list: what they are opened with. */
import { part } from "../../lib/part";
import type { OpenSheet } from "../../navigation/registry";
import { SheetPart } from "../../navigation/SheetPart";

const noteKey = part(() => import("./NoteKey").then(({ NoteKey }) => NoteKey));
const findKeys = part(() => import("./FindKeys").then(({ FindKeys }) => FindKeys));
const pasteKeys = part(() => import("./PasteKeys").then(({ PasteKeys }) => PasteKeys));

export const openNoteKey: OpenSheet<"note_key"> = ({ account: id, row }, { account }) => {
  if (account?.id !== id) return null;
  return {
    subject: row === undefined ? null : { account: id, key: row.id },
    focus: { account: id, key: row?.id ?? null, isKept: false },
    draw: () => (
      <SheetPart part={noteKey}>{(NoteKey) => <NoteKey account={account} row={row ?? null} />}</SheetPart>
    ),
  };
};

export const openPasteKeys: OpenSheet<"paste_keys"> = ({ account: id }) => ({
  subject: null,
  focus: { account: id, key: null, isKept: false },
  draw: () => <SheetPart part={pasteKeys}>{(PasteKeys) => <PasteKeys account={id} />}</SheetPart>,
});

export const openFindKeys: OpenSheet<"find_keys"> = ({ account: id }) => ({
  subject: null,
  focus: { account: id, key: null, isKept: false },
  draw: () => <SheetPart part={findKeys}>{(FindKeys) => <FindKeys account={id} />}</SheetPart>,
});
