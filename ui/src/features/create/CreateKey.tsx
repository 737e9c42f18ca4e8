/** The sheet with the form for a new key, and what follows when it ends. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { MAX_NAME_CHARS, type AccountView, type KeyRow } from "../../bindings";
import { useSheetControls } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { useReloadState } from "../../state/useReloadState";
import { CreateSheet } from "./CreateSheet";
import { draftLike, emptyDraft, type Draft } from "./draft";
import { forgetDraft, keepDraft } from "./unsentDraft";
import { useLateCreation } from "./useLateCreation";

interface CreateKeyProps {
  account: AccountView;
  team: string | null;
  /** The key that the new one is to be like. */
  like: KeyRow | null;
  /** What was typed when the form had to be left. */
  resumed: Draft | null;
  names: readonly string[];
}

export function CreateKey({ like, resumed, ...props }: CreateKeyProps) {
  const { account, names } = props;
  const { id } = account;
  const [first] = useState(() =>
    like === null ? (resumed ?? emptyDraft) : draftLike(like, names, MAX_NAME_CHARS),
  );
  const client = useQueryClient();
  const { gone, close, replace, sent, showToken, signIn } = useSheetControls();
  const reload = useReloadState();
  const { openNext } = useSheets();
  const tellLate = useLateCreation();
  return (
    <CreateSheet
      {...props}
      first={first}
      isResumed={resumed !== null}
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
      onInBrowser={() => {
        void reload().then(() => replace({ kind: "create" }));
      }}
      onNext={openNext}
      onSignIn={(draft) => {
        keepDraft(client, id, draft);
        signIn(id);
      }}
    />
  );
}
