/** The sheet of a token in custody, and what follows when it was taken care of. */
import type { Custody, PlacesWritten, TokenInCustody, TokenTest, UiError } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { useSheetControls } from "../../navigation/registry";
import { useCustody, useSetCustody } from "../../state/useCustody";
import { settledToast, type Settling } from "./outcome";
import { RevealSheet } from "./RevealSheet";

interface RevealTokenProps {
  /** As it was when it was opened: it may leave the list meanwhile. */
  opened: TokenInCustody;
  trouble: UiError | null;
  tested: TokenTest | null;
  written: PlacesWritten | null;
  isArriving: boolean;
}

export function RevealToken({ opened, ...rest }: RevealTokenProps) {
  const { close } = useSheetControls();
  const { tokens } = useCustody();
  const { set } = useSetCustody();
  const toast = useToast();
  const settle = (how: Settling, now: Custody) => {
    set(now);
    toast(settledToast(opened, how));
    close();
  };
  return (
    <RevealSheet
      {...rest}
      token={tokens?.find(({ id }) => id === opened.id) ?? opened}
      onClose={close}
      onSettled={settle}
    />
  );
}
