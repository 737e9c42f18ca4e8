/** A token in custody among the sheets: what it is opened with, and what follows when it was taken care of. */
import type { Custody, TokenInCustody, UiError } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { useSheetControls } from "../../navigation/controls";
import type { OpenSheet } from "../../navigation/registry";
import { custodyKey } from "../../state/queryKeys";
import { useCustody, useSetCustody } from "../../state/useCustody";
import { settledToast, type Settling } from "./outcome";
import { RevealSheet } from "./RevealSheet";

export const openReveal: OpenSheet<"reveal"> = ({ token: id, trouble = null }, { client }) => {
  const token = client.getQueryData<Custody>(custodyKey)?.tokens.find((each) => each.id === id);
  if (token === undefined) return null;
  const { account, key } = token;
  return {
    subject: { account, key },
    focus: { account, key, isKept: false },
    draw: (isArriving) => <RevealToken opened={token} trouble={trouble} isArriving={isArriving} />,
  };
};

interface RevealTokenProps {
  /** As it was when it was opened: it may leave the list meanwhile. */
  opened: TokenInCustody;
  trouble: UiError | null;
  isArriving: boolean;
}

function RevealToken({ opened, ...rest }: RevealTokenProps) {
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
