/** Offers the action that opens the form for a new key, wherever the window is. */
import { useAction } from "../../actions/useActions";
import { useSheets } from "../../navigation/sheets";

export function CreateAction({ isSignedIn }: { isSignedIn: boolean }) {
  const { open } = useSheets();
  useAction("keys.create", isSignedIn ? () => open({ kind: "create" }) : "Sign in to an account first.");
  return null;
}
