import type { AccountView } from "../bindings";

/** Which service it is, in a word. */
export function serviceOf({ kind }: AccountView): string {
  return kind === "sandbox" ? "Sandbox" : "PulseAPI";
}

/** The plan as people write it. */
export function planOf({ plan }: AccountView): string | null {
  return plan === null || plan === "" ? null : plan.charAt(0).toUpperCase() + plan.slice(1);
}
