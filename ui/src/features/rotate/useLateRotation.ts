/** What came of a rotation whose sheet was left while it ran. */
import { useQueryClient } from "@tanstack/react-query";
import type { AccountId, KeyRow, RotateOutcome, UiError } from "../../bindings";
import { quotedName } from "../../lib/text";
import { inOneLine, useLateOutcome } from "../../navigation/useLateOutcome";
import { useKeyCache } from "../../state/useKeys";
import { addNotice } from "../../state/useOutcomes";

type TellLate = (
  account: AccountId,
  key: KeyRow["id"],
  name: string,
  outcome: RotateOutcome | UiError,
) => void;

export function useLateRotation(): TellLate {
  const client = useQueryClient();
  const cache = useKeyCache();
  const { arrived, told, failed, ended } = useLateOutcome();
  return (account, key, name, outcome) => {
    const what = `Rotating ${quotedName(name) ?? "a key"}:`;
    if (!("kind" in outcome)) failed(`${what} ${inOneLine(outcome)}`);
    else {
      switch (outcome.kind) {
        case "rotated": {
          const row = cache.row(account, key);
          const { lastEight, arrivedAt: rotatedAt } = outcome.token;
          if (row !== null) cache.update(account, { ...row, lastEight, rotatedAt });
          arrived(outcome.token);
          if (outcome.written !== null) addNotice(client, `${what} ${outcome.written.message}`);
          if (outcome.trouble !== null) addNotice(client, inOneLine(outcome.trouble));
          break;
        }
        case "token_lost":
          told(outcome.message);
          break;
        case "unknown":
          told(`${what} ${inOneLine(outcome.error)}`);
          break;
        case "not_rotated":
          failed(`${what} ${inOneLine(outcome.error)}`);
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
  };
}
