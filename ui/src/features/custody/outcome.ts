/** How it is told that a token was taken care of. */
import type { TokenInCustody } from "../../bindings";
import type { ToastContent } from "../../components/Toasts";
import { quotedName } from "../../lib/text";

/** `missing`: it leaves the list after the keychain had no such token. */
export type Settling = "stored" | "keep" | "missing";

export function settledToast(token: TokenInCustody, how: Settling): ToastContent {
  // Its key by name, or by its last 8 characters where it has none.
  const name = quotedName(token.name) ?? `…${token.lastEight}`;
  if (how === "missing") {
    return {
      message: `The token of ${name} is no longer in the list.`,
      detail: "If nobody has it, rotate the key.",
    };
  }
  if (how === "keep") {
    return {
      message: `The token of ${name} is kept in your keychain.`,
      detail: "Open it again from the menu of its row.",
      tone: "success",
    };
  }
  return {
    message:
      token.place === "memory"
        ? `Pulse Keys has let go of the token of ${name}.`
        : `The token of ${name} was removed from your keychain.`,
    detail: "The key keeps working with the copy that you have.",
    tone: "success",
  };
}
