/** What was typed in a form that had to be left, to sign in for instance: it is there when the form is opened again. */
import type { QueryClient } from "@tanstack/react-query";
import type { AccountId } from "../../bindings";
import type { Draft } from "./draft";

/** One for the whole window, which has one client. */
const unsent = new WeakMap<QueryClient, { account: AccountId; draft: Draft }>();

export function keepDraft(client: QueryClient, account: AccountId, draft: Draft): void {
  unsent.set(client, { account, draft });
}

export function forgetDraft(client: QueryClient): void {
  unsent.delete(client);
}

/** The draft for this account, which is forgotten here, as is one for another account. */
export function takeDraft(client: QueryClient, account: AccountId): Draft | null {
  const kept = unsent.get(client);
  unsent.delete(client);
  return kept?.account === account ? kept.draft : null;
}
