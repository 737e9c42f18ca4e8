/** The rotate card among the sheets: what it is opened with, and what follows when it ends. */
import type { AccountId, KeyRow } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { useSheetControls } from "../../navigation/controls";
import type { OpenSheet } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { useKeyCache } from "../../state/useKeys";
import { RotateSheet } from "./RotateSheet";
import { useLateRotation } from "./useLateRotation";

export const openRotate: OpenSheet<"rotate"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: (isArriving) => <RotateKey account={account} id={key} row={known} isArriving={isArriving} />,
  };
};

interface RotateKeyProps {
  account: AccountId;
  id: KeyRow["id"];
  row: KeyRow | null;
  isArriving: boolean;
}

function RotateKey(props: RotateKeyProps) {
  const { account, id, row } = props;
  const { close, replace, sent, showToken, leave, signIn } = useSheetControls();
  const { openNext } = useSheets();
  const toast = useToast();
  const cache = useKeyCache();
  const tellLate = useLateRotation();
  return (
    <RotateSheet
      {...props}
      onClose={close}
      onSent={() => sent(account)}
      onRotated={(token, trouble) => {
        if (row !== null) {
          const { lastEight, arrivedAt: rotatedAt } = token;
          cache.update(account, { ...row, lastEight, rotatedAt });
        }
        showToken(token, trouble);
      }}
      onGone={(message) => {
        toast({ message });
        leave(account, [id]);
      }}
      onLate={(outcome) => tellLate(account, id, row?.name ?? "", outcome)}
      onNext={(step) => {
        if (step.kind === "rotate") replace({ kind: "rotate", account, key: step.key, row });
        else openNext(step);
      }}
      onSignIn={() => signIn(account)}
    />
  );
}
