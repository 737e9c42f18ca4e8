/**
 * Says that something modal is open, so that the keys of what lies under it do nothing. Who counts is given from above:
 * components know no actions.
 */
import { createContext, useContext, useLayoutEffect } from "react";

interface Modals {
  /** Something modal opens; it has closed when the answer is called. */
  holdModal: () => () => void;
}

export const ModalsContext = createContext<Modals>({ holdModal: () => () => undefined });

/** In what is modal, for as long as it is open. */
export function useModal(): void {
  const modals = useContext(ModalsContext);
  // Before anything is painted: a key that is pressed as soon as a sheet is gone counts.
  useLayoutEffect(() => modals.holdModal(), [modals]);
}
