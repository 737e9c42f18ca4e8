/** The rotate card as a sheet, and what follows when it ends. */
import type { AccountId, KeyRow } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { useSheetControls } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { useReloadState } from "../../state/useReloadState";
import { useKeyCache } from "../../state/useKeys";
import { RotateSheet } from "./RotateSheet";
import { useLateRotation } from "./useLateRotation";

interface RotateKeyProps {
  account: AccountId;
  id: KeyRow["id"];
  row: KeyRow | null;
  isArriving: boolean;
}

export function RotateKey(props: RotateKeyProps) {
  const { account, id, row } = props;
  const { close, replace, sent, showToken, leave, signIn } = useSheetControls();
  const { openNext } = useSheets();
  const toast = useToast();
  const cache = useKeyCache();
  const reload = useReloadState();
  const tellLate = useLateRotation();
  return (
    <RotateSheet
      {...props}
      onClose={close}
      onSent={() => sent(account)}
      onRotated={(token, trouble, written) => {
        if (row !== null) {
          const { lastEight, arrivedAt: rotatedAt } = token;
          cache.update(account, { ...row, lastEight, rotatedAt });
        }
        showToken(token, trouble, { written });
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
      onSwap={() => replace({ kind: "swap", account, key: id, way: "swap" })}
      onInBrowser={() => {
        void reload().then(() => replace({ kind: "rotate", account, key: id, row }));
      }}
    />
  );
}
