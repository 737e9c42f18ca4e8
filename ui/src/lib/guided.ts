/** What an account can't do whose service has no endpoints for keys, in words: the one place where the page says so. */
import type { AccountView } from "../bindings";

/** Whether its keys are managed on the web screen only. */
export function isGuided(account: Pick<AccountView, "keys"> | null | undefined): boolean {
  return account?.keys === "guided";
}

/** The calm line that stands with the list. */
export const guidedLine =
  "This service lists no keys to programs, so the list here is your own. Keys are made, rotated and deleted in the browser; new tokens are pasted here.";

/** Why the app does not do it by itself; none where it does. */
export function guidedObstacle(account: Pick<AccountView, "keys"> | null | undefined): string | null {
  return isGuided(account)
    ? "This service has no endpoints for that. Do it in the browser, under Settings → API Keys."
    : null;
}
