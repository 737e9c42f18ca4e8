/** The sheets of the window, as the features register them, and what opens some of them by itself. */
import type { ReactNode, RefObject } from "react";
import type { AccountView } from "../bindings";
import { LaterPart } from "../components/LaterPart";
import { openBulkDelete } from "../features/bulk/sheet";
import { CreateAction } from "../features/create/CreateAction";
import { openCreate } from "../features/create/sheet";
import { FirstLook } from "../features/custody/FirstLook";
import { openReveal } from "../features/custody/sheet";
import { openDelete } from "../features/delete/sheet";
import { KeyLinks } from "../features/details/KeyLinks";
import { openDetails } from "../features/details/sheet";
import {
  openCreateInBrowser,
  openFindKeys,
  openNoteKey,
  openPasteKeys,
  openRotateInBrowser,
} from "../features/guided/sheet";
import { openEditNote, openImportNotes } from "../features/notes/sheet";
import { openRotate } from "../features/rotate/sheet";
import { openSwap } from "../features/swap/sheet";
import { isInBrowser } from "../lib/guided";
import { part } from "../lib/part";
import type { SheetRegistry } from "../navigation/registry";
import type { ListHandle } from "../navigation/sheets";
import { SheetsProvider } from "../navigation/SheetsProvider";
import { accountOf } from "../state/useAppState";

const notesActions = part(() =>
  import("../features/notes/NotesActions").then(({ NotesActions }) => NotesActions),
);

const registry: SheetRegistry = {
  create: (request, around) =>
    isInBrowser(around.account, "create")
      ? openCreateInBrowser(request, around)
      : openCreate(request, around),
  rotate: (request, around) =>
    isInBrowser(accountOf(around.client, request.account), "rotate")
      ? openRotateInBrowser(request, around)
      : openRotate(request, around),
  delete: openDelete,
  bulk_delete: openBulkDelete,
  details: openDetails,
  swap: openSwap,
  reveal: openReveal,
  note_key: openNoteKey,
  find_keys: openFindKeys,
  paste_keys: openPasteKeys,
  edit_note: openEditNote,
  import_notes: openImportNotes,
};

interface WindowSheetsProps {
  /** The account in use; none before the first sign-in, where only tokens can be opened. */
  account: AccountView | null;
  accounts: readonly AccountView[];
  /** The team that is shown; none for all. */
  team: string | null;
  list?: RefObject<ListHandle | null>;
  onShowList?: () => void;
  onReplaceCredential?: (account: AccountView) => void;
  onSignIn?: (account: AccountView) => void;
  children: ReactNode;
}

export function WindowSheets({ children, ...window }: WindowSheetsProps) {
  const { account, accounts, onShowList } = window;
  return (
    <SheetsProvider registry={registry} {...window}>
      {children}
      <CreateAction account={account} />
      <FirstLook />
      {account !== null && (
        <LaterPart part={notesActions}>{(NotesActions) => <NotesActions account={account.id} />}</LaterPart>
      )}
      {account !== null && <KeyLinks account={account} accounts={accounts} onShowList={onShowList} />}
    </SheetsProvider>
  );
}
