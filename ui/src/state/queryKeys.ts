/** Under which key each answer of the app is remembered, so that what makes it stale need not know what asks for it. */

export const appStateKey = ["first_state"] as const;
/** The lists of keys of all accounts. */
export const listsKey = ["keys"] as const;
export const listKey = (account: string) => [...listsKey, account] as const;
/** Whether the service of an account can’t be reached. */
export const offlineKey = (account: string) => ["offline", account] as const;
/** Everything that is read from the journal. */
export const journalKey = ["journal"] as const;
/** What the user wrote about the keys of an account. */
export const notesKey = (account: string) => ["notes", account] as const;
export const custodyKey = ["custody"] as const;
/** What became of interrupted requests. */
export const outcomesKey = ["reconcile"] as const;
export const revocationsKey = ["revocations"] as const;
export const updatesKey = ["updates"] as const;
/** How the window is drawn. */
export const rendererKey = ["renderer"] as const;
/** The keys that are to go once they have been quiet. */
export const swapsKey = ["swaps"] as const;
