/** What of the journal is shown. The window keeps it while the tab is away, before the tab's own code is there. */

export interface JournalFilter {
  /** As it stands in the journal; all actions if null. */
  action: string | null;
  /** Part of a key's name, last 8 characters or id. */
  key: string;
}

export const noFilter: JournalFilter = { action: null, key: "" };

export function isFiltering({ action, key }: JournalFilter): boolean {
  return action !== null || key.trim() !== "";
}
