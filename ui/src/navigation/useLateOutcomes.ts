/**
 * What came of a creation or rotation whose sheet was left while it ran. Nothing opens by itself, and nothing is told
 * by a toast alone: a token waits in custody, and what went wrong stays among the notices until it is put away.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { AccountId, CreateOutcome, KeyRow, RotateOutcome, TokenInCustody, UiError } from "../bindings";
import { useToast } from "../components/Toasts";
import { arrivedToast } from "../features/custody/outcome";
import { forDisplay } from "../lib/text";
import { custodyKey, journalKey } from "../state/queryKeys";
import { useSetCustody } from "../state/useCustody";
import { useKeyCache } from "../state/useKeys";
import { addNotice, askForOutcomes } from "../state/useOutcomes";
import type { Sheet } from "./sheets";

interface LateOutcomes {
  created: (account: AccountId, name: string, outcome: CreateOutcome | UiError) => void;
  rotated: (account: AccountId, key: KeyRow["id"], name: string, outcome: RotateOutcome | UiError) => void;
}

const quoted = (name: string) => {
  const { shown } = forDisplay(name);
  return shown === "" ? "a key" : `“${shown}”`;
};
const wordsOf = ({ message, hint }: UiError) => `${message} ${hint}`.trim();

export function useLateOutcomes(open: (sheet: Sheet) => void): LateOutcomes {
  const client = useQueryClient();
  const toast = useToast();
  const cache = useKeyCache();
  const { add } = useSetCustody();
  // The toast stays while what `open` knows changes.
  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });

  const arrived = (token: TokenInCustody) => {
    add(token);
    void client.invalidateQueries({ queryKey: custodyKey });
    toast(arrivedToast(token, () => latest.current({ kind: "reveal", token: token.id })));
  };
  /** The app tells it too, for as long as it is so. */
  const told = (message: string) => {
    toast({ message });
    askForOutcomes(client);
  };
  /** Nobody else tells it. */
  const failed = (message: string) => {
    toast({ message });
    addNotice(client, message);
  };
  const ended = (account: AccountId) => {
    cache.refresh(account);
    void client.invalidateQueries({ queryKey: journalKey });
  };

  return {
    created: (account, name, outcome) => {
      const what = `Creating ${quoted(name)}:`;
      if (!("kind" in outcome)) failed(`${what} ${wordsOf(outcome)}`);
      else if (outcome.kind === "created") arrived(outcome.token);
      else if (outcome.kind === "not_created") failed(`${what} ${outcome.errors.map(wordsOf).join(" ")}`);
      else if (outcome.kind === "token_lost") told(outcome.message);
      else told(`${what} ${wordsOf(outcome.error)}`);
      ended(account);
    },
    rotated: (account, key, name, outcome) => {
      const what = `Rotating ${quoted(name)}:`;
      if (!("kind" in outcome)) failed(`${what} ${wordsOf(outcome)}`);
      else {
        switch (outcome.kind) {
          case "rotated": {
            const row = cache.row(account, key);
            const { lastEight, arrivedAt: rotatedAt } = outcome.token;
            if (row !== null) cache.update(account, { ...row, lastEight, rotatedAt });
            arrived(outcome.token);
            if (outcome.trouble !== null) addNotice(client, wordsOf(outcome.trouble));
            break;
          }
          case "token_lost":
            told(outcome.message);
            break;
          case "unknown":
            told(`${what} ${wordsOf(outcome.error)}`);
            break;
          case "not_rotated":
            failed(`${what} ${wordsOf(outcome.error)}`);
            break;
          case "gone":
            cache.remove(account, key);
            failed(outcome.message);
            break;
          case "card_changed":
            failed(outcome.message);
            break;
          case "cancelled":
            break;
        }
      }
      ended(account);
    },
  };
}
