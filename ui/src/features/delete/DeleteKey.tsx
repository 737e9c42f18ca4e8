/** The delete card as a sheet, and what follows when it ends. */
import type { AccountId, KeyRow } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { useSheetControls } from "../../navigation/controls";
import { useSetAppState } from "../../state/useAppState";
import { useKeyCache } from "../../state/useKeys";
import { DeleteSheet } from "./DeleteSheet";
import { toastOf } from "./outcome";
import type { Settled } from "./useDeletion";

interface DeleteKeyProps {
  account: AccountId;
  id: KeyRow["id"];
  row: KeyRow | null;
  isArriving: boolean;
}

export function DeleteKey(props: DeleteKeyProps) {
  const { account, id, row } = props;
  const { close, drop, replace, leave, signIn } = useSheetControls();
  const toast = useToast();
  const cache = useKeyCache();
  const setState = useSetAppState();

  const settle = (outcome: Settled) => {
    toast(toastOf(outcome));
    if (outcome.signedOut === null) {
      leave(account, [id]);
      return;
    }
    // It was the app's own key: its account is gone.
    drop();
    cache.remove(account, id);
    setState(outcome.signedOut);
  };
  return (
    <DeleteSheet
      {...props}
      onClose={close}
      onSettled={settle}
      onRotate={() => replace({ kind: "rotate", account, key: id, row })}
      onSignIn={() => signIn(account)}
    />
  );
}
