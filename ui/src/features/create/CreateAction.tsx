/** Offers the action that opens the form for a new key, wherever the window is. */
import { useAction } from "../../actions/useActions";
import type { AccountView } from "../../bindings";
import { useSheets } from "../../navigation/sheets";

export function CreateAction({ account }: { account: AccountView | null }) {
  const { open } = useSheets();
  useAction(
    "keys.create",
    account === null ? "Sign in to an account first." : () => open({ kind: "create" }),
  );
  return null;
}
