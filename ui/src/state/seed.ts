/**
 * Puts what the app handed over into the query cache, so that the first screen is drawn without a question. All of it
 * counts as old: whoever shows it asks for it anew.
 */
import type { QueryClient } from "@tanstack/react-query";
import type { AppState, Custody, Handover, KeyNotes } from "../bindings";
import { nothingYet, type KeyList } from "./keyList";
import { appStateKey, custodyKey, listKey, notesKey } from "./queryKeys";

const old = { updatedAt: 1 };

export function seed(client: QueryClient, { state, keys, custody, notes }: Handover): void {
  client.setQueryData<AppState>(appStateKey, state, old);
  if (custody !== null) client.setQueryData<Custody>(custodyKey, custody, old);
  if (notes !== null) client.setQueryData<KeyNotes>(notesKey(notes.account), notes);
  if (keys === null) return;
  const list = { ...nothingYet, rows: keys.keys, fetchedAt: keys.fetchedAt, beginningOf: keys.total };
  client.setQueryData<KeyList>(listKey(keys.account), list, old);
}
