/** What the cells of the table share. A context, so that opening a menu doesn't build ten thousand rows anew. */
import { createContext, useContext, type ReactNode } from "react";
import type { KeyRow, TokenInCustody } from "../../bindings";
import type { KeyIds } from "./listView";

/** What can be done with a row. */
export type RowAction =
  | "details"
  | "copy"
  | "token"
  | "duplicate"
  | "editNote"
  | "note"
  | "unlist"
  | "rotate"
  | "swap"
  | "retire"
  | "delete";

/** Made by what knows about them: the list only finds them a place. */
export type Marks = ReadonlyMap<KeyRow["id"], ReactNode>;

export const noMarks: Marks = new Map();

interface ListState {
  /** Whose menu is open. */
  menuOf: string | null;
  /** Which one the open sheet is about. */
  cardOf: string | null;
  /** Which ones are being deleted: the user has said yes. */
  deleting: KeyIds;
  /** Which rows are just fading away. */
  leaving: KeyIds;
  openMenu: (id: string) => void;
  /** Tokens in custody, by their keys. */
  tokens: ReadonlyMap<KeyRow["id"], TokenInCustody>;
  /** What stands beside a token, by its key. */
  marks: Marks;
}

export const ListContext = createContext<ListState | null>(null);

export function useListState(): ListState {
  const state = useContext(ListContext);
  if (state === null) throw new Error("ListContext is missing");
  return state;
}
