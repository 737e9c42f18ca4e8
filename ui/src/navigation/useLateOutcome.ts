/**
 * How it is told what came of a creation or rotation whose sheet was left while it ran. Nothing opens by itself, and
 * nothing is told by a toast alone: a token waits in custody, and what went wrong stays among the notices until it is
 * put away.
 */
import { useQueryClient } from "@tanstack/react-query";
import type { AccountId, TokenInCustody, UiError } from "../bindings";
import { useToast } from "../components/Toasts";
import { quotedName } from "../lib/text";
import { custodyKey, journalKey } from "../state/queryKeys";
import { useSetCustody } from "../state/useCustody";
import { useKeyCache } from "../state/useKeys";
import { addNotice, askForOutcomes } from "../state/useOutcomes";
import { useSheets } from "./sheets";

interface LateOutcome {
  /** A token came, and waits. */
  arrived: (token: TokenInCustody) => void;
  /** The app tells it too, for as long as it is so. */
  told: (message: string) => void;
  /** Nobody else tells it: it becomes a notice. */
  failed: (message: string) => void;
  /** Whatever it was, it is over. */
  ended: (account: AccountId) => void;
}

/** An error in one line. */
export const inOneLine = ({ message, hint }: UiError) => `${message} ${hint}`.trim();

export function useLateOutcome(): LateOutcome {
  const client = useQueryClient();
  const toast = useToast();
  const cache = useKeyCache();
  const { add } = useSetCustody();
  const { open } = useSheets();
  return {
    arrived: (token) => {
      add(token);
      void client.invalidateQueries({ queryKey: custodyKey });
      toast({
        message: `The token of ${quotedName(token.name) ?? `…${token.lastEight}`} has arrived.`,
        tone: "success",
        action: { label: "Open", onPress: () => open({ kind: "reveal", token: token.id }) },
      });
    },
    told: (message) => {
      toast({ message });
      askForOutcomes(client);
    },
    failed: (message) => {
      toast({ message });
      addNotice(client, message);
    },
    ended: (account) => {
      cache.refresh(account);
      void client.invalidateQueries({ queryKey: journalKey });
    },
  };
}
