/** What the cells of the table share. A context, so that opening a menu doesn't build ten thousand rows anew. */
import { createContext, useContext } from "react";
import type { KeyRow } from "../../bindings";

interface ListState {
  /** Whose menu is open. */
  menuOf: string | null;
  /** Whose delete card is open. */
  cardOf: string | null;
  /** Which row is just fading away. */
  leaving: string | null;
  setMenuOf: (id: string | null) => void;
  openCard: (row: KeyRow) => void;
}

export const ListContext = createContext<ListState | null>(null);

export function useListState(): ListState {
  const state = useContext(ListContext);
  if (state === null) throw new Error("ListContext is missing");
  return state;
}
