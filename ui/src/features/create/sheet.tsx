/** The form for a new key among the sheets: what it is opened with, and what follows when it ends. */
import { useQueryClient } from "@tanstack/react-query";
import { MAX_NAME_CHARS, type AccountView } from "../../bindings";
import { useSheetControls } from "../../navigation/controls";
import type { OpenSheet } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { CreateSheet } from "./CreateSheet";
import { draftLike, emptyDraft, type Draft } from "./draft";
import { forgetDraft, keepDraft, takeDraft } from "./unsentDraft";
import { useLateCreation } from "./useLateCreation";

export const openCreate: OpenSheet<"create"> = ({ like }, { account, team, client, cache, showList }) => {
  if (account === null) return null;
  const unsent = takeDraft(client, account.id);
  const resumed = like === undefined ? unsent : null;
  const names = cache.rows(account.id).map(({ name }) => name);
  const likeTeam = account.teams.find(({ id }) => id === like?.team?.id)?.id;
  const first = like === undefined ? (resumed ?? emptyDraft) : draftLike(like, names, MAX_NAME_CHARS);
  showList();
  return {
    subject: null,
    focus: { account: account.id, key: like?.id ?? null, isKept: false },
    draw: () => (
      <CreateKey
        account={account}
        team={likeTeam ?? team}
        first={first}
        isResumed={resumed !== null}
        names={names}
      />
    ),
  };
};

interface CreateKeyProps {
  account: AccountView;
  team: string | null;
  first: Draft;
  isResumed: boolean;
  names: readonly string[];
}

function CreateKey(props: CreateKeyProps) {
  const { id } = props.account;
  const client = useQueryClient();
  const { gone, close, sent, showToken, signIn } = useSheetControls();
  const { openNext } = useSheets();
  const tellLate = useLateCreation();
  return (
    <CreateSheet
      {...props}
      gone={gone}
      onClose={close}
      onSent={() => sent(id)}
      onCreated={(token) => {
        forgetDraft(client);
        showToken(token, null);
      }}
      onLate={(draft, outcome) => {
        tellLate(id, draft.name, outcome);
        // Nothing was made: what was typed is there when the form is opened again.
        if (!("kind" in outcome) || outcome.kind === "not_created") keepDraft(client, id, draft);
      }}
      onNext={openNext}
      onSignIn={(draft) => {
        keepDraft(client, id, draft);
        signIn(id);
      }}
    />
  );
}
