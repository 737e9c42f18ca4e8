/** Switching and signing out, one at a time; failures are told as toasts. */
import { useRef, useState } from "react";
import type { AccountView } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { useSetAppState } from "../../state/useAppState";

export interface AccountCommands {
  /** The account that a command is at work on. */
  busy: string | null;
  use: (account: AccountView) => void;
  signOut: (account: AccountView) => void;
}

export function useAccountCommands(): AccountCommands {
  const host = useHost();
  const toast = useToast();
  const setState = useSetAppState();
  const isSending = useRef(false);
  const [busy, setBusy] = useState<string | null>(null);

  const run = async (account: AccountView, command: () => Promise<void>) => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(account.id);
    try {
      await command();
    } catch (thrown) {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    } finally {
      isSending.current = false;
      setBusy(null);
    }
  };

  return {
    busy,
    use: (account) =>
      void run(account, async () => setState(await host.call("switch_account", { account: account.id }))),
    signOut: (account) =>
      void run(account, async () => {
        const outcome = await host.call("sign_out", { account: account.id });
        if (outcome.kind === "cancelled") return;
        setState(outcome.state);
        toast({ message: `Signed out of ${account.label}.` });
      }),
  };
}
