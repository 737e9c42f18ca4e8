/** What came of a creation whose sheet was left while it ran. */
import type { AccountId, CreateOutcome, UiError } from "../../bindings";
import { quotedName } from "../../lib/text";
import { inOneLine, useLateOutcome } from "../../navigation/useLateOutcome";

type TellLate = (account: AccountId, name: string, outcome: CreateOutcome | UiError) => void;

export function useLateCreation(): TellLate {
  const { arrived, told, failed, ended } = useLateOutcome();
  return (account, name, outcome) => {
    const what = `Creating ${quotedName(name) ?? "a key"}:`;
    if (!("kind" in outcome)) failed(`${what} ${inOneLine(outcome)}`);
    else if (outcome.kind === "created") arrived(outcome.token);
    else if (outcome.kind === "not_created") failed(`${what} ${outcome.errors.map(inOneLine).join(" ")}`);
    else if (outcome.kind === "token_lost") told(outcome.message);
    else told(`${what} ${inOneLine(outcome.error)}`);
    ended(account);
  };
}
