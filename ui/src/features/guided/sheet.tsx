/** The sheets about the user's own list, and about keys that are made and rotated in the browser: what they are opened with. */
import { part } from "../../lib/part";
import type { OpenSheet } from "../../navigation/registry";
import { SheetPart } from "../../navigation/SheetPart";

const noteKey = part(() => import("./NoteKey").then(({ NoteKey }) => NoteKey));
const createInBrowser = part(() =>
  import("./CreateInBrowser").then(({ CreateInBrowser }) => CreateInBrowser),
);
const rotateInBrowser = part(() =>
  import("./RotateInBrowser").then(({ RotateInBrowser }) => RotateInBrowser),
);
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

export const openCreateInBrowser: OpenSheet<"create"> = ({ like }, { account, team, showList }) => {
  if (account === null) return null;
  showList();
  return {
    subject: null,
    focus: { account: account.id, key: like?.id ?? null, isKept: false },
    draw: () => (
      <SheetPart part={createInBrowser}>
        {(CreateInBrowser) => <CreateInBrowser account={account} team={team} like={like ?? null} />}
      </SheetPart>
    ),
  };
};

export const openRotateInBrowser: OpenSheet<"rotate"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: (isArriving) => (
      <SheetPart part={rotateInBrowser}>
        {(RotateInBrowser) => (
          <RotateInBrowser account={account} id={key} row={known} isArriving={isArriving} />
        )}
      </SheetPart>
    ),
  };
};
