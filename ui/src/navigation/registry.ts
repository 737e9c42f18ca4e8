/**
 * The registry of sheets: for each kind, how the feature that it belongs to opens it. The app puts it together;
 * navigation knows no feature.
 */
import type { QueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { AccountId, AccountView, KeyRow } from "../bindings";
import type { KeyCache } from "../state/useKeys";
import type { SheetKind, SheetRequest } from "./sheets";

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
