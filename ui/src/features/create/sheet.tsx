/** The form for a new key among the sheets: what it is opened with. */
import type { OpenSheet } from "../../navigation/registry";
import { keepDraft, takeDraft } from "./unsentDraft";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const createKey = part(() => import("./CreateKey").then(({ CreateKey }) => CreateKey));

export const openCreate: OpenSheet<"create"> = ({ like }, { account, team, client, cache, showList }) => {
  if (account === null) return null;
  const unsent = takeDraft(client, account.id);
  const resumed = like === undefined ? unsent : null;
  const names = cache.rows(account.id).map(({ name }) => name);
  const likeTeam = account.teams.find(({ id }) => id === like?.team?.id)?.id;
  showList();
  return {
    subject: null,
    focus: { account: account.id, key: like?.id ?? null, isKept: false },
    draw: () => (
      <SheetPart
        part={createKey}
        onDismiss={() => {
          if (resumed !== null) keepDraft(client, account.id, resumed);
        }}
      >
        {(CreateKey) => (
          <CreateKey
            account={account}
            team={likeTeam ?? team}
            like={like ?? null}
            resumed={resumed}
            names={names}
          />
        )}
      </SheetPart>
    ),
  };
};
