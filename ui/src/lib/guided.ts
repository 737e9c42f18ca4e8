/** What is done in the browser because the service has no call for it: the one place where the page says so. */
import type { AccountView, BrowserOperation } from "../bindings";

/** Whether its keys are managed on the web screen only. */
export function isGuided(account: Pick<AccountView, "keys"> | null | undefined): boolean {
  return account?.keys === "guided";
}

/** Whether this is done on the web screen: the service manages no keys, or has no call for it. */
export function isInBrowser(account: AccountView | null | undefined, operation: BrowserOperation): boolean {
  return account?.inBrowser.includes(operation) === true;
}

/** The calm line that stands with the list. */
export const guidedLine =
  "This service lists no keys to programs: the list is your own. You create, rotate and delete them in the browser, step by step.";
