import type { AccountView } from "../../bindings";

/**
 * What the form for signing in is open for: a new account, one whose credential no longer works, or another
 * credential for one that stays. Or no form, but a look at the connection of one.
 */
export type SignIn = { kind: "new" } | { kind: "again" | "replace" | "check"; account: AccountView };
