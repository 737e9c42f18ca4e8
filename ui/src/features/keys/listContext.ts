/** What the cells of the table share. A context, so that opening a menu doesn't build ten thousand rows anew. */
import { createContext, useContext } from "react";
import type { KeyRow, TokenInCustody } from "../../bindings";

/** What can be done with a row, beyond looking at it. */
export type RowAction = "token" | "rotate" | "duplicate" | "delete";

interface ListState {
  /** Whose menu is open. */
  menuOf: string | null;
  /** Which one the open sheet is about. */
  cardOf: string | null;
  /** Which row is just fading away. */
  leaving: string | null;
  setMenuOf: (id: string | null) => void;
  act: (action: RowAction, row: KeyRow) => void;
  /** Tokens in custody, by their keys. */
  tokens: ReadonlyMap<KeyRow["id"], TokenInCustody>;
}

export const ListContext = createContext<ListState | null>(null);

export function useListState(): ListState {
  const state = useContext(ListContext);
  if (state === null) throw new Error("ListContext is missing");
  return state;
}
