/** The sheets about the user's own list, and about keys that are made and rotated in the browser: what they are opened with. */
import { part } from "../../lib/part";
import type { OpenSheet } from "../../navigation/registry";
import { SheetPart } from "../../navigation/SheetPart";
import type { GuidedSheetProps } from "./GuidedSheet";

const guidedSheet = part(() => import("./GuidedSheet").then(({ GuidedSheet }) => GuidedSheet));

function draw(props: GuidedSheetProps) {
  return <SheetPart part={guidedSheet}>{(GuidedSheet) => <GuidedSheet {...props} />}</SheetPart>;
}

export const openNoteKey: OpenSheet<"note_key"> = ({ account: id, row }, { account }) => {
  if (account?.id !== id) return null;
  return {
    subject: row === undefined ? null : { account: id, key: row.id },
    focus: { account: id, key: row?.id ?? null, isKept: false },
    draw: () => draw({ kind: "note", account, row: row ?? null }),
  };
};

export const openPasteKeys: OpenSheet<"paste_keys"> = ({ account }) => ({
  subject: null,
  focus: { account, key: null, isKept: false },
  draw: () => draw({ kind: "paste", account }),
});

export const openFindKeys: OpenSheet<"find_keys"> = ({ account }) => ({
  subject: null,
  focus: { account, key: null, isKept: false },
  draw: () => draw({ kind: "find", account }),
});

export const openCreateInBrowser: OpenSheet<"create"> = ({ like }, { account, team, showList }) => {
  if (account === null) return null;
  showList();
  return {
    subject: null,
    focus: { account: account.id, key: like?.id ?? null, isKept: false },
    draw: () => draw({ kind: "create", account, team, like: like ?? null }),
  };
};

export const openRotateInBrowser: OpenSheet<"rotate"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: (isArriving) => draw({ kind: "rotate", account, id: key, row: known, isArriving }),
  };
};
