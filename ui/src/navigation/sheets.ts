/**
 * The sheets that open over the window, as everything may ask for them. What they look like, and what happens when they
 * end, is known to the feature that registers each: see `registry`.
 */
import { createContext, useContext } from "react";
import type {
  AccountId,
  CustodyId,
  KeyRow,
  NextStep,
  PlacesWritten,
  SwapWay,
  TokenTest,
  UiError,
} from "../bindings";

interface OfKey {
  account: AccountId;
  key: KeyRow["id"];
  /** As far as the caller knows it; looked up otherwise. */
  row?: KeyRow | null;
}

interface Requests {
  /** A new key; prefilled when it is to be like another one. */
  create: { like?: KeyRow };
  rotate: OfKey;
  delete: OfKey;
  /** A key that another one is to take the place of, or that is to go without: how to begin, or how far it is. */
  swap: OfKey & { way: SwapWay };
  /** What went wrong beside, and what a test found, when the token has just arrived. */
  reveal: { token: CustodyId; trouble?: UiError | null } & TokenSoFar;
  /** All that is known of a key. `isRowWanted`: its row has the focus afterwards, wherever that was before. */
  details: OfKey & { isRowWanted?: boolean };
  /** A key of the user's own list: another one, or `row` described anew. */
  note_key: { account: AccountId; row?: KeyRow };
  /** Keys of a table that is pasted, into the user's own list. */
  paste_keys: { account: AccountId };
  /** What the user wrote about a key. */
  edit_note: OfKey;
  /** Notes of a table, shown before any of them is written. */
  import_notes: { account: AccountId };
  find_keys: { account: AccountId };
  /** One look at several keys, and their deletion. */
  bulk_delete: { account: AccountId; keys: readonly KeyRow["id"][] };
}

export type SheetKind = keyof Requests;
export type SheetRequest<K extends SheetKind = SheetKind> = { [P in K]: { kind: P } & Requests[P] }[K];

export type Destination =
  | SheetRequest
  /** No sheet, but where people are led in the same way: the Accounts tab with the form for another credential. */
  | { kind: "replace_credential"; account: AccountId };

export interface Sheets {
  /** Which one is on top; none when the window is free. */
  current: SheetKind | null;
  /** The key that it is about. */
  subject: KeyRow["id"] | null;
  /** Stays the same, and may be called late: it goes by what is known then. */
  open: (destination: Destination) => void;
  openNext: (step: NextStep) => void;
  /** Whether a next step leads anywhere: on the first screen, where no account is in use, none does. */
  canOpenNext: boolean;
}

export const SheetsContext = createContext<Sheets>({
  current: null,
  subject: null,
  open: () => undefined,
  openNext: () => undefined,
  canOpenNext: false,
});

export function useSheets(): Sheets {
  return useContext(SheetsContext);
}

/** What has been done with a token before it is shown. */
export interface TokenSoFar {
  /** What came of trying it. */
  tested?: TokenTest | null;
  /** The files that it was put into. */
  written?: PlacesWritten | null;
}

/** What the list of keys does about a sheet that ends. */
export interface ListHandle {
  /** Puts the focus on a row, now or when it arrives. */
  focusRow: (id: KeyRow["id"] | null) => void;
  /** Shows that these are being deleted; none for none. */
  markDeleting: (ids: readonly KeyRow["id"][]) => void;
  /** Lets rows fade, those that are being deleted go at once, and answers which one is looked at next. */
  leave: (ids: readonly KeyRow["id"][]) => KeyRow["id"] | null;
  /** Selects exactly these. */
  select: (ids: readonly KeyRow["id"][]) => void;
}

/** What stands on the button of a next step. */
export function labelOf(step: NextStep): string {
  switch (step.kind) {
    case "rotate":
      return "Rotate again…";
    case "details":
      return "Show the key";
    case "delete_key":
      return "Delete the key…";
    case "replace_credential":
      return "Replace credential…";
  }
}
