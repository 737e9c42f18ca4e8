/**
 * The two sides between navigation and a feature's sheet: what the feature registers, so that its sheet opens, and what
 * the open sheet can do to the window. The app puts the registry together; navigation knows no feature.
 */
import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext, type ReactElement } from "react";
import type { AccountId, AccountView, KeyRow, TokenInCustody, UiError } from "../bindings";
import type { KeyCache } from "../state/useKeys";
import type { SheetKind, SheetRequest, TokenSoFar } from "./sheets";

/** A key of an account: another account may have the same id for something else. */
interface KeyOfAccount {
  account: AccountId;
  key: KeyRow["id"] | null;
}

/** What a sheet can be opened with. */
export interface Surroundings {
  /** The account in use; none before the first sign-in, where only tokens can be opened. */
  account: AccountView | null;
  /** The team that is shown; none for all. */
  team: string | null;
  client: QueryClient;
  cache: KeyCache;
  /** A key as this machine remembers it, where the cache doesn't have it. */
  look: (account: AccountId, key: KeyRow["id"]) => Promise<KeyRow | null>;
  showList: () => void;
}

/** A sheet that can be opened. */
export interface Opening {
  /** The key that it is about; none where it is about none, or several. */
  subject: KeyOfAccount | null;
  /** Where the focus goes when no sheet is open any more. */
  focus: KeyOfAccount & {
    isRowWanted?: boolean;
    /** Not if a sheet below has said so already. */
    isKept: boolean;
  };
  /** `isArriving`: false where it takes the place of another one. */
  draw: (isArriving: boolean) => ReactElement;
}

/** None where there is nothing to open, or not any more. */
export type OpenSheet<K extends SheetKind> = (
  request: SheetRequest<K>,
  surroundings: Surroundings,
) => Opening | null | Promise<Opening | null>;

export type SheetRegistry = { readonly [K in SheetKind]: OpenSheet<K> };

export function openingOf<K extends SheetKind>(
  registry: SheetRegistry,
  request: SheetRequest<K>,
  surroundings: Surroundings,
): ReturnType<OpenSheet<K>> {
  return registry[request.kind](request, surroundings);
}

/** What an open sheet can do to the window: end, give its place to another one, let rows of the list go. */
export interface SheetControls {
  /** The account in use. */
  account: AccountView | null;
  accounts: readonly AccountView[];
  /** Keys that are gone since the first of the open sheets was opened. */
  gone: ReadonlySet<KeyRow["id"]>;
  /** Closes the sheet on top. */
  close: () => void;
  /** Closes all of them, and nothing follows: something else comes on screen. */
  drop: () => void;
  /** Opens another one in place of the one on top. */
  replace: (request: SheetRequest) => void;
  /** Something was sent to the service: what is listed may be out of date. */
  sent: (account: AccountId) => void;
  /** A token has arrived: it is shown in place of everything that is open. */
  showToken: (token: TokenInCustody, trouble: UiError | null, sofar?: TokenSoFar) => void;
  /** Shows in the list that a key is being deleted; none when that has ended. */
  markDeleting: (account: AccountId, key: KeyRow["id"] | null) => void;
  /**
   * Keys are gone: closes the sheet, and lets their rows go, unless another sheet is still open over the list.
   * `selected`: what the list selects then.
   */
  leave: (account: AccountId, gone: readonly KeyRow["id"][], selected?: readonly KeyRow["id"][]) => void;
  /** Leads to signing in again; the list keeps `selected` marked for when it is back. */
  signIn: (account: AccountId, selected?: readonly KeyRow["id"][]) => void;
}

export const SheetControlsContext = createContext<SheetControls | null>(null);

export function useSheetControls(): SheetControls {
  const controls = useContext(SheetControlsContext);
  if (controls === null) throw new Error("SheetControlsContext is missing");
  return controls;
}
