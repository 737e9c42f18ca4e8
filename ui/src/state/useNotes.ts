/** What the user wrote about the keys of an account, by key. Every change comes back as a whole. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { AccountId, KeyNote, KeyNotes, KeyRow } from "../bindings";
import { useHost } from "../host/host";
import { notesKey } from "./queryKeys";

type NotesByKey = ReadonlyMap<KeyRow["id"], KeyNote>;

const none: NotesByKey = new Map();

function byKey({ notes }: KeyNotes): NotesByKey {
  return new Map(notes.map((note) => [note.key, note]));
}

/** Empty until they are known. */
export function useNotes(account: AccountId): NotesByKey {
  const host = useHost();
  const { data } = useQuery({
    queryKey: notesKey(account),
    queryFn: () => host.call("key_notes", { account }),
    select: byKey,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data ?? none;
}

/** Takes over what a command answered with. */
export function useTakeNotes(): (notes: KeyNotes) => void {
  const client = useQueryClient();
  return useCallback((notes) => void client.setQueryData<KeyNotes>(notesKey(notes.account), notes), [client]);
}
