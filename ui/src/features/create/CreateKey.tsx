/** The sheet with the form for a new key, and what follows when it ends. */
import { useQueryClient } from "@tanstack/react-query";
import type { AccountView } from "../../bindings";
import { useSheetControls } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { CreateSheet } from "./CreateSheet";
import type { Draft } from "./draft";
import { forgetDraft, keepDraft } from "./unsentDraft";
import { useLateCreation } from "./useLateCreation";

interface CreateKeyProps {
  account: AccountView;
  team: string | null;
  first: Draft;
  isResumed: boolean;
  names: readonly string[];
}

export function CreateKey(props: CreateKeyProps) {
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
