import type { AccountView } from "../../bindings";

/**
 * What the form for signing in is open for: a new account, one whose credential no longer works, or another
 * credential for one that stays.
 */
export type SignIn =
  { kind: "new" } | { kind: "again"; account: AccountView } | { kind: "replace"; account: AccountView };
