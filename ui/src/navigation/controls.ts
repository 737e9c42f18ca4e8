/** What an open sheet can do to the window: end, give its place to another one, let rows of the list go. */
import { createContext, useContext } from "react";
import type { AccountId, AccountView, KeyRow, TokenInCustody, UiError } from "../bindings";
import type { SheetRequest } from "./sheets";

type KeyId = KeyRow["id"];

export interface SheetControls {
  /** The account in use. */
  account: AccountView | null;
  accounts: readonly AccountView[];
  /** Keys that are gone since the first of the open sheets was opened. */
  gone: ReadonlySet<KeyId>;
  /** Closes the sheet on top. */
  close: () => void;
  /** Closes all of them, and nothing follows: something else comes on screen. */
  drop: () => void;
  /** Opens another one in place of the one on top. */
  replace: (request: SheetRequest) => void;
  /** Something was sent to the service: what is listed may be out of date. */
  sent: (account: AccountId) => void;
  /** A token has arrived: it is shown in place of everything that is open. */
  showToken: (token: TokenInCustody, trouble: UiError | null) => void;
  /**
   * Keys are gone: closes the sheet, and lets their rows go, unless another sheet is still open over the list.
   * `selected`: what the list selects then.
   */
  leave: (account: AccountId, gone: readonly KeyId[], selected?: readonly KeyId[]) => void;
  /** Leads to signing in again; the list keeps `selected` marked for when it is back. */
  signIn: (account: AccountId, selected?: readonly KeyId[]) => void;
}

export const SheetControlsContext = createContext<SheetControls | null>(null);

export function useSheetControls(): SheetControls {
  const controls = useContext(SheetControlsContext);
  if (controls === null) throw new Error("SheetControlsContext is missing");
  return controls;
}
