/** An account whose service has no endpoints for keys: the one place where the page says so. */
import type { AccountView } from "../bindings";

/** Whether its keys are managed on the web screen only. */
export function isGuided(account: Pick<AccountView, "keys"> | null | undefined): boolean {
  return account?.keys === "guided";
}

/** The calm line that stands with the list. */
export const guidedLine =
  "This service lists no keys to programs, so the list here is your own. Keys are made, rotated and deleted in the browser: Pulse Keys leads through it, takes the new tokens and checks the old ones.";
