/** Whose details are open. A context, so that opening them doesn't build every row anew. */
import { createContext, useContext } from "react";

interface DetailsState {
  openOf: string | null;
  setOpenOf: (id: string) => void;
}

export const DetailsContext = createContext<DetailsState | null>(null);

export function useDetails(): DetailsState {
  const state = useContext(DetailsContext);
  if (state === null) throw new Error("DetailsContext is missing");
  return state;
}
