/** The web screen with the keys, in the browser: for the sidebar, and as an action wherever else it is chosen. */
import { useAction } from "../../actions/useActions";
import { actionOf } from "../../actions/table";
import type { AccountView } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";

/** Opens it; null where the account has none. */
export function useDashboard({ id, kind, keys }: AccountView): (() => void) | null {
  const host = useHost();
  const toast = useToast();
  const open = () =>
    void host.call("open_dashboard", { account: id }).catch((thrown: unknown) => {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    });
  // A sandbox that lists its keys itself needs none.
  const offered = kind === "pulseapi" || keys === "guided" ? open : null;
  useAction("help.dashboard", offered ?? actionOf("help.dashboard").missing);
  return offered;
}
