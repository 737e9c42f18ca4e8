/**
 * The sheets that open over the window, as everything below may ask for them. What they look like, and what happens
 * when they end, is not known here: see `SheetsProvider`.
 */
import { createContext, useContext } from "react";
import type { AccountId, CustodyId, KeyRow, NextStep } from "../bindings";

export type Sheet =
  /** A new key; prefilled when it is to be like another one. */
  | { kind: "create"; like?: KeyRow }
  | { kind: "rotate"; account: AccountId; key: KeyRow["id"] }
  | { kind: "delete"; account: AccountId; key: KeyRow["id"] }
  | { kind: "reveal"; token: CustodyId }
  /** All that is known of a key. */
  | { kind: "details"; account: AccountId; key: KeyRow["id"] }
  /** One look at several keys, and their deletion. */
  | { kind: "bulk_delete"; account: AccountId; keys: readonly KeyRow["id"][] }
  /** No sheet, but where people are led in the same way: the Accounts tab with the form for another credential. */
  | { kind: "replace_credential"; account: AccountId };

export interface Sheets {
  /** Which one is on top; none when the window is free. */
  current: Exclude<Sheet["kind"], "replace_credential"> | null;
  /** The key that it is about. */
  subject: KeyRow["id"] | null;
  open: (sheet: Sheet) => void;
  openNext: (step: NextStep) => void;
}

export const SheetsContext = createContext<Sheets>({
  current: null,
  subject: null,
  open: () => undefined,
  openNext: () => undefined,
});

export function useSheets(): Sheets {
  return useContext(SheetsContext);
}

/** What the list of keys does about a sheet that ends. */
export interface ListHandle {
  /** Puts the focus on a row, now or when it arrives. */
  focusRow: (id: KeyRow["id"] | null) => void;
  /** Lets a row fade, and answers which one is looked at next. */
  leave: (id: KeyRow["id"]) => KeyRow["id"] | null;
  /** The same for several at once. */
  leaveAll: (ids: readonly KeyRow["id"][]) => KeyRow["id"] | null;
  /** Selects exactly these. */
  select: (ids: readonly KeyRow["id"][]) => void;
}

/** What stands on the button of a next step. */
export function labelOf(step: NextStep): string {
  switch (step.kind) {
    case "rotate":
      return "Rotate again…";
    case "delete_key":
      return "Delete the key…";
    case "replace_credential":
      return "Replace credential…";
  }
}
